import mpmath
import numpy as np
import pytest
import scipy.special
import scipy.stats

import latentot as lot
from latentot.paths.weighted_sum import weighted_sum_law
from latentot.priors.scipy_law import ScipyLaw

T = [0.01, 0.1, 0.25, 0.5]


def relative_error(found, expected):
    """Of the smaller tail, from differences of logarithms."""
    return np.abs(np.expm1(found - expected)).max()


@pytest.mark.parametrize("t", T)
def test_normal_sums_are_the_closed_form_in_both_tails(t):
    y = np.linspace(-14, 14, 201) * np.sqrt(t**2 + (1 - t) ** 2)
    log_cdf, log_sf = weighted_sum_law(lot.Normal(1).marginal, (1 - t, t)).log_tails(y)
    expected = scipy.special.log_ndtr(-np.abs(y) / np.hypot(t, 1 - t))
    assert relative_error(np.minimum(log_cdf, log_sf), expected) < 1e-6


@pytest.mark.parametrize("t", T)
def test_laplace_sums_are_the_closed_form_in_both_tails(t):
    """With a = 1 - t > b = t, 1 - F(y) = (a^2 exp(-y / a) - b^2 exp(-y / b)) / (2 (a^2 - b^2)) for y > 0."""
    a, b = 1 - t, t
    y = np.linspace(0.01, 60, 301)
    with mpmath.workdps(40):

        def tail(v):
            v = mpmath.mpf(float(v))
            if a == b:
                return mpmath.log((mpmath.mpf(1) / 2 + v / (4 * a)) * mpmath.exp(-v / a))
            top = mpmath.mpf(a) ** 2 * mpmath.exp(-v / a) - mpmath.mpf(b) ** 2 * mpmath.exp(-v / b)
            return mpmath.log(top / (2 * (mpmath.mpf(a) ** 2 - mpmath.mpf(b) ** 2)))

        expected = np.array([float(tail(v)) for v in y])
    law = weighted_sum_law(ScipyLaw(scipy.stats.laplace()), (a, b))
    assert relative_error(law.log_tails(y)[1], expected) < 1e-6
    assert relative_error(law.log_tails(-y)[0], expected) < 1e-6


def test_cauchy_sums_are_cauchy():
    y = np.concatenate([-np.logspace(-2, 12, 60), np.logspace(-2, 12, 60)])
    log_cdf, log_sf = weighted_sum_law(lot.Cauchy(1).marginal, (0.5, -0.25)).log_tails(0.75 * y)
    expected = np.log(lot.Cauchy(1).marginal.sf(np.abs(y)))
    assert relative_error(np.minimum(log_cdf, log_sf), expected) < 1e-6


@pytest.mark.parametrize("weights", [(1.0, 1.0, 1.0), (0.2, -0.3, 0.5), (1.0, 0.0, -2.0)])
def test_more_terms_and_any_sign(weights):
    y = np.linspace(-8, 8, 41) * np.linalg.norm(weights)
    log_cdf, log_sf = weighted_sum_law(lot.Normal(1).marginal, weights).log_tails(y)
    expected = scipy.special.log_ndtr(-np.abs(y) / np.linalg.norm(weights))
    assert relative_error(np.minimum(log_cdf, log_sf), expected) < 1e-6


def test_numbers_far_outside_are_at_an_end():
    log_cdf, log_sf = weighted_sum_law(lot.Normal(1).marginal, (0.5, 0.5)).log_tails(np.array([-1e9, 1e9]))
    assert np.isfinite(log_cdf).all()
    assert log_cdf[0] < -600 > log_sf[1]


def test_matched_on_a_uniform_prior_is_the_law_of_the_sum():
    prior = lot.Uniform(1)
    for t in T:
        y = np.linspace(-0.999, 0.999, 101)[:, None]
        z0 = z1 = y
        m = min(t, 1 - t)
        # The trapezoid's distribution function of (1 - t) U0 + t U1 on [-1, 1], from geometry.
        left = (1 + y) ** 2 / (8 * m * (1 - m))
        cdf = np.where(y < -(1 - 2 * m), left, np.where(y <= 1 - 2 * m, 0.5 + y / (2 * (1 - m)), np.nan))
        cdf = np.where(np.isnan(cdf), 1 - (1 - y) ** 2 / (8 * m * (1 - m)), cdf)
        np.testing.assert_allclose(lot.interpolation("matched", prior)(z0, z1, t), 2 * cdf - 1, atol=1e-12)


def test_a_difference_of_gumbel_numbers_is_logistic():
    """The law is not symmetric, so that a weight of -1 is not one of 1."""
    y = np.linspace(-25, 25, 101)
    log_cdf, log_sf = weighted_sum_law(ScipyLaw(scipy.stats.gumbel_r()), (1.0, -1.0)).log_tails(y)
    expected = scipy.stats.logistic.logsf(np.abs(y))
    assert relative_error(np.minimum(log_cdf, log_sf), expected) < 1e-6
