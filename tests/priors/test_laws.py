import math

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.priors.law import ScipyLaw, carry
from latentot.priors.normal import ChiLaw

LAWS = {
    "normal": (lot.Normal(1).marginal, scipy.stats.norm()),
    "uniform": (lot.Uniform(1, low=-2, high=3).marginal, scipy.stats.uniform(-2, 5)),
    "cauchy": (lot.Cauchy(1).marginal, scipy.stats.cauchy()),
    "chi": (ChiLaw(64), scipy.stats.chi(64)),
    "gumbel": (ScipyLaw(scipy.stats.gumbel_r()), scipy.stats.gumbel_r()),
}
PROBABILITIES = np.array([1e-12, 1e-3, 0.2, 0.4, 0.5, 0.6, 0.9])


@pytest.fixture(params=LAWS, name="pair")
def law_and_scipy(request):
    return LAWS[request.param]


def test_charts_are_those_of_scipy(pair):
    law, known = pair
    x = known.ppf(PROBABILITIES)
    np.testing.assert_allclose(law.cdf(x), known.cdf(x), rtol=1e-10)
    np.testing.assert_allclose(law.sf(x), known.sf(x), rtol=1e-10)
    np.testing.assert_allclose(law.mid(x), known.cdf(x) - 0.5, atol=1e-14)
    np.testing.assert_allclose(law.log_pdf(x), known.logpdf(x), rtol=1e-9)


def test_inverse_charts_invert(pair):
    law, known = pair
    np.testing.assert_allclose(law.quantile(PROBABILITIES), known.ppf(PROBABILITIES), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(law.isf(PROBABILITIES), known.isf(PROBABILITIES), rtol=1e-9, atol=1e-12)
    middle = np.array([-0.2, -0.1, 0.0, 0.05])
    np.testing.assert_allclose(law.mid(law.mid_inverse(middle)), middle, atol=1e-14)
    assert law.support == pytest.approx(known.support())


def test_samples_follow_the_law(pair):
    law, known = pair
    sample = law.sample((20_000,), rng=np.random.default_rng(1))
    # One test of level 1e-6 for each of five laws, at a fixed seed.
    assert scipy.stats.kstest(sample, known.cdf).pvalue > 1e-6


@pytest.mark.parametrize("sign", [-1, 1])
def test_normal_to_cauchy_and_back_is_the_identity_in_both_tails_and_at_the_median(sign):
    z = sign * np.concatenate([np.logspace(-300, 0, 2_000), np.linspace(1e-3, 37, 50_000)])
    normal, cauchy = lot.Normal(1).marginal, lot.Cauchy(1).marginal
    g = carry(z, normal, cauchy)
    assert np.isfinite(g).all()
    np.testing.assert_allclose(carry(g, cauchy, normal), z, rtol=1e-15)


def test_carry_is_increasing_and_beyond_the_last_tail_still_finite():
    z = np.linspace(-45, 45, 100_001)
    g = carry(z, lot.Normal(1).marginal, lot.Cauchy(1).marginal)
    assert np.isfinite(g).all()
    assert (np.diff(g) >= 0).all()


def test_carry_to_the_cauchy_law_is_the_textbook_formula_where_that_is_exact():
    z = np.linspace(-3, 3, 101)
    expected = scipy.stats.cauchy.ppf(scipy.stats.norm.cdf(z))
    np.testing.assert_allclose(carry(z, lot.Normal(1).marginal, lot.Cauchy(1).marginal), expected, atol=1e-12)


def test_a_marginal_that_is_no_distribution_is_refused():
    with pytest.raises(lot.InputError, match=r"give a frozen continuous distribution"):
        lot.ProductPrior(scipy.stats.poisson(3), 4)
    with pytest.raises(lot.InputError, match="has no cdf"):
        lot.ProductPrior(math.sin, 4)
