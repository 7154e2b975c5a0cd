import numpy as np
import pytest

from latentot.transport.calibration import calibrated
from latentot.transport.gaussian import AffineMap


def test_few_points_give_a_map_with_less_noise_than_moments_do():
    rng = np.random.default_rng(0)
    mixing = np.diag(np.geomspace(0.1, 10, 32))
    source, target = rng.standard_normal((50_000, 32)), rng.standard_normal((50_000, 32)) @ mixing
    unseen = rng.standard_normal((400, 32))
    # Nothing that is linear in the points: only shrinking helps.
    carried = 0.9 * rng.standard_normal((400, 32)) @ mixing
    fitted = AffineMap.between(carried, target, ridge=1e-9), calibrated(unseen, carried, source, target)
    errors = [np.linalg.norm(one.matrix - np.eye(32) / 0.9) for one in fitted]
    assert errors[1] < 0.5 * errors[0]


def test_what_is_linear_is_known_from_all_points():
    rng = np.random.default_rng(0)
    mixing = np.array([[1.0, 0.5], [0.5, 2.0]])
    source, target = rng.standard_normal((100_000, 2)), rng.standard_normal((100_000, 2))
    unseen = rng.standard_normal((200, 2))
    last = calibrated(unseen, unseen @ mixing, source, target)
    plain = AffineMap.between(unseen @ mixing, target, ridge=1e-9)
    errors = [np.abs(one(source @ mixing).mean(axis=0) - target.mean(axis=0)).max() for one in (plain, last)]
    assert errors[0] > 0.05, "a mean of 200 points"
    assert errors[1] < 1e-9
    np.testing.assert_allclose(np.cov(last(source @ mixing).T), np.cov(target.T), atol=1e-3)


def test_many_points_give_the_optimal_affine_map():
    rng = np.random.default_rng(0)
    mixing = np.array([[1.0, 0.8], [0.8, 2.0]])
    carried, target = rng.standard_normal((100_000, 2)) + 5, rng.standard_normal((100_000, 2)) @ mixing
    plain = AffineMap.between(carried, target, ridge=1e-9)
    np.testing.assert_allclose(calibrated(carried, carried, carried, target).matrix, plain.matrix, atol=0.01)


@pytest.mark.parametrize("n", [2, 5, 40])
def test_flat_and_few_points_stay_finite(n):
    target = np.zeros((50, 3))
    target[:, 0] = np.arange(50)
    fitted = calibrated(target[:n], target[:n], target, target)
    assert np.isfinite(fitted(target)).all()
