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


def test_heavy_tails_are_those_of_the_multivariate_cauchy_law():
    prior = lot.MultivariateT(5, df=1)
    r = prior.radius.quantile(np.linspace(0.001, 0.999, 200))
    log_cdf, _ = norm_of_sum(prior.radius, 5, (0.7, 0.3)).log_tails(r)
    np.testing.assert_allclose(np.exp(log_cdf), prior.radius.cdf(r), atol=5e-3)


def test_one_coordinate_is_refused_in_one_line():
    prior = lot.GammaNorm(1)
    z = prior.sample(3, rng=0)
    with pytest.raises(lot.InputError, match="use a product prior"):
        lot.interpolation("matched", prior)(z, z, 0.3)
