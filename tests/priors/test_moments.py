"""Which moments a prior has: E|z|^k is finite for every k below `moments`."""

import math

import pytest
import scipy.stats

import latentot as lot


@pytest.mark.parametrize(
    ("prior", "moments"),
    [
        (lot.Normal(3), math.inf),
        (lot.Uniform(3), math.inf),
        (lot.Sphere(3), math.inf),
        (lot.Cauchy(3), 1),
        (lot.StudentT(3, df=2.5), 2.5),
        (lot.MultivariateT(3, df=4), 4),
        (lot.ProductPrior(scipy.stats.gumbel_r(), 3), math.inf),
        (lot.ProductPrior(scipy.stats.pareto(1.5), 3), 2),
        (lot.ProductPrior(scipy.stats.halfcauchy(), 3), 1),
        (lot.ProductPrior(scipy.stats.levy(), 3), 1),
    ],
    ids=repr,
)
def test_moments(prior, moments):
    assert prior.moments == moments
