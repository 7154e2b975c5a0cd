import numpy as np
import pytest
import scipy.stats

import latentot as lot


def test_it_is_the_textbook_formula_where_that_is_exact():
    prior = lot.Normal(3)
    z0, z1 = np.random.default_rng(0).uniform(-3, 3, (2, 50, 3))
    carried = 0.7 * scipy.stats.cauchy.ppf(scipy.stats.norm.cdf(z0))
    carried += 0.3 * scipy.stats.cauchy.ppf(scipy.stats.norm.cdf(z1))
    expected = scipy.stats.norm.ppf(scipy.stats.cauchy.cdf(carried))
    np.testing.assert_allclose(lot.interpolation("cauchy", prior)(z0, z1, 0.3), expected, atol=1e-10)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_far_tails_stay_finite_and_in_order(dtype):
    prior = lot.Normal(1)
    z0 = np.linspace(-37, 37, 2_001, dtype=dtype)[:, None]
    points = lot.interpolation("cauchy", prior)(z0, np.full_like(z0, 8.5), 0.5)
    assert np.isfinite(points).all()
    # In order up to the last digits.
    assert (np.diff(points[:, 0]) > -1e-14).all()


def test_single_precision_is_the_double_one_rounded():
    prior = lot.Normal(8)
    z0, z1 = prior.sample(2_000, rng=0).astype(np.float32), prior.sample(2_000, rng=1).astype(np.float32)
    path = lot.interpolation("cauchy", prior)
    expected = path(z0.astype(np.float64), z1.astype(np.float64), 0.3).astype(np.float32)
    np.testing.assert_array_equal(path(z0, z1, 0.3), expected)


def test_on_a_cauchy_prior_it_is_the_straight_line():
    prior = lot.Cauchy(4)
    z0, z1 = prior.sample(100, rng=0), prior.sample(100, rng=1)
    expected = lot.interpolation("linear", prior)(z0, z1, 0.3)
    # Near zero the two far endpoints cancel: the error is that of the larger of them.
    size = np.abs(z0) + np.abs(z1)
    assert (np.abs(lot.interpolation("cauchy", prior)(z0, z1, 0.3) - expected) <= 1e-14 * size).all()


def test_a_point_between_two_points_of_a_path_is_on_the_path():
    prior = lot.Normal(4)
    z0, z1 = prior.sample(100, rng=0), prior.sample(100, rng=1)
    path = lot.interpolation("cauchy", prior)
    between = path(path(z0, z1, 0.2), path(z0, z1, 0.6), 0.5)
    np.testing.assert_allclose(between, path(z0, z1, 0.4), rtol=1e-9, atol=1e-9)
