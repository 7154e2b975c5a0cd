"""Distributions of SciPy's newer kind are laws as frozen ones are."""

from typing import Any

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.priors.scipy_law import ScipyLaw

if not hasattr(scipy.stats, "make_distribution"):
    pytest.skip("SciPy 1.15 and newer have distributions of this kind", allow_module_level=True)

X = np.array([-3.0, -0.5, 0.0, 0.25, 2.0, 9.0])
Q = np.array([1e-9, 0.01, 0.5, 0.75, 0.999])


@pytest.mark.parametrize(
    ("variable", "frozen"),
    [
        (lambda: scipy.stats.Normal(mu=1.0, sigma=2.0), scipy.stats.norm(1, 2)),
        (lambda: 2 * scipy.stats.Normal() + 1, scipy.stats.norm(1, 2)),
        (lambda: scipy.stats.Uniform(a=-1.0, b=3.0), scipy.stats.uniform(-1, 4)),
        (lambda: abs(scipy.stats.Normal()), scipy.stats.halfnorm()),
        (scipy.stats.make_distribution(scipy.stats.gumbel_r), scipy.stats.gumbel_r()),
        (lambda: scipy.stats.make_distribution(scipy.stats.gamma)(a=3.0), scipy.stats.gamma(3)),
    ],
    ids=["normal", "scaled", "uniform", "folded", "gumbel", "gamma"],
)
def test_is_the_law_of_the_frozen_one(variable: Any, frozen: Any) -> None:
    law, known = ScipyLaw(variable()), ScipyLaw(frozen)
    for name in ("cdf", "sf", "log_cdf", "log_sf", "log_pdf", "quantile", "isf"):
        at = Q if name in ("quantile", "isf") else X
        np.testing.assert_allclose(getattr(law, name)(at), getattr(known, name)(at), 1e-7, 1e-12, err_msg=name)
    assert (law.moments, law.support) == (known.moments, known.support)
    np.testing.assert_allclose(law.quartiles, known.quartiles, rtol=1e-9)


def test_a_mixture_is_kept_by_what_says_so() -> None:
    """Half way each coordinate is of the mixture: four Kolmogorov-Smirnov tests a path, a false alarm in 1e-5 each."""
    parts = [scipy.stats.Normal(mu=-2.0), scipy.stats.Normal(mu=2.0, sigma=0.5)]
    mixture = scipy.stats.Mixture(parts, weights=[0.3, 0.7])
    prior = lot.ProductPrior(mixture, 4)
    assert repr(prior) == "ProductPrior(4, law=scipy.stats.Mixture)"
    z0, z1 = (prior.sample(1000, rng=seed) for seed in (0, 1))
    for name, kept in (("linear", False), ("cauchy", True), ("matched", True)):
        z = lot.interpolation(name, prior)(z0, z1, 0.5)
        least = min(scipy.stats.kstest(column, mixture.cdf).pvalue for column in z.T)
        assert (least > 1e-5) == kept, name


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        (lambda: scipy.stats.Normal(mu=np.zeros(4)), "parameters that are arrays, of shape .4,.: give a list of laws"),
        pytest.param(
            lambda: scipy.stats.make_distribution(scipy.stats.poisson)(mu=3.0),
            "is discrete: give a continuous",
            marks=pytest.mark.skipif(not hasattr(scipy.stats, "Binomial"), reason="SciPy 1.16 and newer"),
        ),
        (lambda: scipy.stats.Normal, "the marginal Normal is a class"),
    ],
    ids=["arrays", "discrete", "class"],
)
def test_what_is_no_law_of_one_number_is_one_line(variable: Any, message: str) -> None:
    with pytest.raises(lot.InputError, match=message):
        lot.ProductPrior(variable(), 4)
