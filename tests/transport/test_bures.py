import numpy as np
import ot
import pytest
import torch

import latentot as lot
from latentot.transport import normal_path, posterior_path


def w2(first, last):
    return ot.gaussian.bures_wasserstein_distance(first[0], last[0], first[1], last[1])


def a_law(seed, d=4):
    rng = np.random.default_rng(seed)
    factor = rng.standard_normal((d, d))
    return rng.standard_normal(d), factor @ factor.T + 0.1 * np.eye(d)


@pytest.mark.parametrize("t", [0.0, 0.2, 0.5, 1.0])
def test_it_is_the_geodesic(t):
    first, last = a_law(0), a_law(1)
    whole, at = w2(first, last), normal_path(first, last, t)
    assert w2(first, at) == pytest.approx(t * whole, abs=1e-5)
    assert w2(at, last) == pytest.approx((1 - t) * whole, abs=1e-5)
    back = normal_path(last, first, 1 - t)
    for one, other in zip(at, back, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-8)


def test_midpoints_are_the_barycentres_of_pot():
    first, last = a_law(0), a_law(1)
    means, covariances = (np.stack(part) for part in zip(first, last, strict=True))
    theirs = ot.gaussian.bures_wasserstein_barycenter(means, covariances)
    for one, other in zip(normal_path(first, last, 0.5), theirs, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_several_positions_come_at_once():
    means, covariances = normal_path(a_law(0), a_law(1), [0, 0.5, 1])
    assert means.shape == (3, 4)
    np.testing.assert_allclose(covariances[2], a_law(1)[1], atol=1e-6)


def test_posteriors_are_the_diagonal_case_and_rotations_carry_the_path():
    mean, scale = np.random.default_rng(0).standard_normal((2, 2, 3))
    scale = np.abs(scale)
    found = posterior_path((mean[:1], scale[:1]), (mean[1:], scale[1:]), 0.3)
    first, last = ((m, np.diag(s**2)) for m, s in zip(mean, scale, strict=True))
    full = normal_path(first, last, 0.3)
    np.testing.assert_allclose(found[0][0], full[0])
    np.testing.assert_allclose(np.diag(found[1][0] ** 2), full[1], atol=1e-6)
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0]
    turned = normal_path(*((turn @ m, turn @ s @ turn.T) for m, s in (first, last)), 0.3)
    np.testing.assert_allclose(turned[1], turn @ full[1] @ turn.T, atol=1e-6)


def test_encoders_posteriors_and_tensors_go_in():
    ends = [lot.Posterior(np.full((2, 3), m), np.full((2, 3), s)) for m, s in ((0.0, 1.0), (1.0, 2.0))]
    np.testing.assert_allclose(posterior_path(*ends, 0.5)[1], 1.5)
    tensors = [tuple(torch.tensor(part, requires_grad=True) for part in end) for end in ends]
    mean, scale = posterior_path(*tensors, 0.25)
    (mean + scale).sum().backward()
    assert torch.isfinite(tensors[0][0].grad).all()


def test_bad_input_is_one_clear_line():
    z = np.zeros((2, 3))
    normal, cauchy = lot.Posterior(z, z + 1), lot.Posterior(z, z + 1, law="cauchy")
    for call, message in [
        (lambda: posterior_path(normal, cauchy, 0.5), "known for normal laws, got 'cauchy'"),
        (lambda: posterior_path(normal, (z[:1], z[:1]), 0.5), "of one shape"),
        (lambda: posterior_path(normal, normal, 2), r"lies in \[0, 1\]"),
        (lambda: normal_path(a_law(0), a_law(0, 3), 0.5), "covariances of shape"),
    ]:
        with pytest.raises(lot.InputError, match=message):
            call()
