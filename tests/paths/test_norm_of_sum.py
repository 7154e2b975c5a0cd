import functools

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.paths.norm_of_sum import norm_of_sum


@pytest.mark.parametrize("d", [2, 6, 64])
@pytest.mark.parametrize("weights", [(1.0,), (0.75, 0.25), (0.5, -0.5), (0.2, 0.3, 0.5)])
def test_sums_of_normal_vectors_have_the_norm_of_one(d, weights):
    known = scipy.stats.chi(d, scale=np.linalg.norm(weights))
    r = known.ppf(np.linspace(0.001, 0.999, 200))
    log_cdf, log_sf = norm_of_sum(lot.Normal(d).radius, d, weights).log_tails(r)
    np.testing.assert_allclose(np.exp(log_cdf), known.cdf(r), atol=3e-4 if d == 2 else 5e-5)
    np.testing.assert_allclose(np.exp(log_sf), known.sf(r), atol=3e-4 if d == 2 else 5e-5)
    far = known.isf(np.array([1e-4]))
    np.testing.assert_allclose(
        norm_of_sum(lot.Normal(d).radius, d, weights).log_tails(far)[1], np.log(1e-4), atol=0.005
    )


@pytest.mark.parametrize("weights", [(0.7, 0.3), (0.5, -0.5), (0.999, 0.001), (1 - 1e-6, 1e-6)])
def test_heavy_tails_are_those_of_the_multivariate_cauchy_law(weights):
    prior = lot.MultivariateT(5, df=1)
    r = prior.radius.quantile(np.linspace(0.001, 0.999, 200))
    log_cdf, _ = norm_of_sum(prior.radius, 5, weights).log_tails(r)
    np.testing.assert_allclose(np.exp(log_cdf), prior.radius.cdf(r), atol=2e-4)


# All t where tails are heaviest and where norms are the least; of the others the least t and the middle.
EXTREME = [lot.MultivariateT(2, df=0.5), lot.GammaNorm(2)]
OTHERS = [*(lot.MultivariateT(d, df=df) for d, df in ((2, 1), (2, 3), (16, 0.5), (16, 1), (16, 3))), lot.GammaNorm(16)]
WEIGHED = [
    *((prior, t) for prior in EXTREME for t in (1e-6, 1e-4, 0.01, 0.1, 0.5)),
    *((prior, t) for prior in OTHERS for t in (1e-6, 0.5)),
]
CRITICAL = scipy.stats.kstwo.isf(1e-4 / len(WEIGHED), 200_000)
"""0.0057: one of the samples below is farther from its own law by chance with a probability of 1e-4."""


@functools.lru_cache(maxsize=1)
def products(prior):
    """|z0|^2, |z1|^2 and <z0, z1> of 200,000 pairs, from which the norm of any sum follows."""
    rng = np.random.default_rng(5)
    z0, z1 = (prior.sample(200_000, rng=rng) for _ in range(2))
    return np.square(z0).sum(axis=1), np.square(z1).sum(axis=1), (z0 * z1).sum(axis=1)


@pytest.mark.parametrize(("prior", "t"), WEIGHED, ids=str)
def test_samples_follow_it_however_little_one_end_weighs(prior, t):
    first, second, both = products(prior)
    norms = np.sqrt(np.maximum((1 - t) ** 2 * first + 2 * t * (1 - t) * both + t**2 * second, 0))
    law = norm_of_sum(prior.radius, prior.dim, (1 - t, t))
    found = scipy.stats.ks_1samp(norms, lambda r: np.exp(law.log_tails(r)[0]), method="asymp")
    assert found.statistic < CRITICAL


@pytest.mark.parametrize("prior", [lot.MultivariateT(3, df=0.5), lot.GammaNorm(3)], ids=repr)
def test_near_its_ends_the_path_is_near_them(prior):
    z0, z1 = prior.sample(5_000, rng=0), prior.sample(5_000, rng=1)
    middle = (np.linalg.norm(z0, axis=1) > 0.01) & (np.linalg.norm(z1, axis=1) < 100)
    moved = np.linalg.norm(lot.interpolation("matched", prior)(z0, z1, 1e-6) - z0, axis=1) / np.linalg.norm(z0, axis=1)
    # At heavy tails the other end is greater than this one by 1e6 once in a thousand pairs, which moves all a little.
    assert np.median(moved[middle]) < 0.01


def test_one_coordinate_is_refused_in_one_line():
    prior = lot.GammaNorm(1)
    z = prior.sample(3, rng=0)
    with pytest.raises(lot.InputError, match="use a product prior"):
        lot.interpolation("matched", prior)(z, z, 0.3)
