import functools
import math

import numpy as np
import pytest

import latentot as lot
from latentot.paths import Spherical
from latentot.paths.laws import DISTRIBUTION


def at_angle(angle, norm0=1.0, norm1=1.0):
    return np.array([[norm0, 0.0, 0.0]]), norm1 * np.array([[math.cos(angle), math.sin(angle), 0.0]])


@pytest.mark.parametrize("angle", [1e-300, 1e-160, 1e-12, 1e-8, 1e-4, 0.1, math.pi / 2, 3.0, math.pi - 1e-6])
@pytest.mark.parametrize("t", [0.1, 0.5, 0.9])
def test_on_the_circle_the_angle_is_shared_in_proportion(angle, t):
    point = Spherical(lot.Normal(3))(*at_angle(angle), t)[0]
    np.testing.assert_allclose(np.linalg.norm(point), 1, rtol=1e-9)
    np.testing.assert_allclose(math.atan2(point[1], point[0]), t * angle, rtol=1e-8)


def test_unequal_norms_follow_the_formula():
    rng = np.random.default_rng(0)
    z0, z1 = rng.standard_normal((2, 100, 8)) * rng.uniform(0.1, 5, (2, 100, 1))
    norms = np.linalg.norm(z0, axis=1) * np.linalg.norm(z1, axis=1)
    angle = np.arccos((z0 * z1).sum(axis=1) / norms)[:, None]
    expected = (np.sin(0.7 * angle) * z0 + np.sin(0.3 * angle) * z1) / np.sin(angle)
    np.testing.assert_allclose(Spherical(lot.Normal(8))(z0, z1, 0.3), expected, rtol=1e-12)


def test_each_pair_has_its_own_angle():
    pairs = [at_angle(angle) for angle in (0.1, 1.0, 3.0)]
    z0, z1 = (np.concatenate(z) for z in zip(*pairs, strict=True))
    path = Spherical(lot.Normal(3))
    np.testing.assert_array_equal(path(z0, z1, 0.3), np.concatenate([path(*pair, 0.3) for pair in pairs]))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_antipodal_pairs_turn_and_never_pass_through_the_origin(dtype):
    z0 = np.random.default_rng(0).standard_normal((50, 16)).astype(dtype)
    for t in (0.25, 0.5):
        points = Spherical(lot.Normal(16))(z0, -z0, t)
        np.testing.assert_allclose(np.linalg.norm(points, axis=1), np.linalg.norm(z0, axis=1), rtol=1e-5)
    cosine = (points * z0).sum(axis=1) / (z0**2).sum(axis=1)
    np.testing.assert_allclose(cosine, 0, atol=1e-5)


def test_collinear_and_zero_rows_are_on_the_straight_line():
    z0 = np.array([[1.0, 2.0], [0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])
    z1 = np.array([[2.0, 4.0], [1.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(Spherical(lot.Normal(2))(z0, z1, 0.25), 0.75 * z0 + 0.25 * z1, rtol=1e-15)


def test_odd_rows_change_nothing_for_their_neighbours():
    z0 = np.random.default_rng(1).standard_normal((5, 4))
    z1 = np.random.default_rng(2).standard_normal((5, 4))
    z1[1], z1[2], z0[3] = -z0[1], 2 * z0[2], 0
    path = Spherical(lot.Normal(4))
    alone = np.stack([path(a, b, 0.4) for a, b in zip(z0, z1, strict=True)])
    np.testing.assert_array_equal(path(z0, z1, 0.4), alone)


def test_half_precision_does_not_overflow():
    z0, z1 = lot.Normal((4, 128, 128)).sample(4, rng=0).astype(np.float16).reshape(2, 2, 4, 128, 128)
    assert np.isfinite(Spherical(lot.Normal((4, 128, 128)))(z0, z1, 0.5)).all()


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_norms_neither_overflow_nor_vanish(scale):
    z0, z1 = at_angle(1.0)
    path = Spherical(lot.Normal(3))
    np.testing.assert_allclose(path(scale * z0, scale * z1, 0.3), scale * path(z0, z1, 0.3), rtol=1e-14)


def test_spread_of_norms_shrinks_on_the_normal_prior():
    prior = lot.Normal(10)
    points = Spherical(prior)(prior.sample(100_000, rng=0), prior.sample(100_000, rng=1), 0.5)
    # 0.503 for the prior's 0.698; the sd of this estimate is 0.001.
    assert np.linalg.norm(points, axis=1).std() == pytest.approx(0.503, abs=0.005)


@pytest.mark.parametrize("family", [lot.Normal, lot.GammaNorm, functools.partial(lot.MultivariateT, df=3)])
def test_of_one_coordinate_no_law_is_claimed_for_directions(family):
    """Half of the pairs have opposite signs, and half way these are all 0."""
    for dim in (1, 2):
        prior = family(dim)
        path = lot.interpolation("spherical-cauchy", prior)
        points = path(prior.sample(1000, rng=0), prior.sample(1000, rng=1), 0.5)
        at_zero = float((np.linalg.norm(points, axis=1) < 1e-9 * np.linalg.norm(points)).mean())
        assert (DISTRIBUTION in path.claims(), at_zero > 0.4) == ((True, False) if dim == 2 else (False, True))
