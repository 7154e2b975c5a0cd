import numpy as np
import pytest

from latentot.transport.calibration import calibrated
from latentot.transport.gaussian import AffineMap


def test_few_points_give_a_map_with_less_noise_than_moments_do():
    rng = np.random.default_rng(0)
    mixing = np.diag(np.geomspace(0.1, 10, 32))
    target = rng.standard_normal((50_000, 32)) @ mixing
    carried = 0.9 * rng.standard_normal((400, 32)) @ mixing
    plain, shrunk = (
        one.matrix for one in (AffineMap.between(carried, target, ridge=1e-9), calibrated(carried, target))
    )
    errors = [np.linalg.norm(matrix - np.eye(32) / 0.9) for matrix in (plain, shrunk)]
    assert errors[1] < 0.2 * errors[0]


def test_many_points_give_the_optimal_affine_map():
    rng = np.random.default_rng(0)
    mixing = np.array([[1.0, 0.8], [0.8, 2.0]])
    carried, target = rng.standard_normal((100_000, 2)) + 5, rng.standard_normal((100_000, 2)) @ mixing
    np.testing.assert_allclose(
        calibrated(carried, target).matrix, AffineMap.between(carried, target, ridge=1e-9).matrix, atol=0.01
    )


@pytest.mark.parametrize("n", [2, 5])
def test_flat_and_few_points_stay_finite(n):
    target = np.zeros((50, 3))
    target[:, 0] = np.arange(50)
    fitted = calibrated(target[:n], target)
    assert np.isfinite(fitted(target)).all()
