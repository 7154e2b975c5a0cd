"""The square of a covariance without bias, against its definition: a mean over all points that differ."""

import itertools

import numpy as np
import pytest

from latentot.numerics.moments import Moments, squared_covariance


@pytest.mark.parametrize("d", [1, 3])
def test_the_estimate_of_the_squared_covariance_is_a_mean_over_four_points_that_differ(d: int) -> None:
    z = np.random.default_rng(d).standard_normal((7, d)) ** 3
    four = itertools.permutations(range(len(z)), 4)
    expected = np.mean([float((z[i] - z[j]) @ (z[k] - z[m])) ** 2 / 4 for i, j, k, m in four])
    own, n = Moments.of(z), len(z)
    fourth = n * (np.square(z - own.mean).sum(axis=1) ** 2).sum() / (n - 1)
    assert squared_covariance(n, own.covariance, fourth) == pytest.approx(expected)
