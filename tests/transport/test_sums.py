import sys

import numpy as np
import pytest
from scipy import stats

import latentot as lot
from latentot.transport.sums import coordinate_map, radial_map

N = 400_000
D = 4
PRODUCTS = {
    "normal": lot.Normal(D),
    "shifted": lot.Normal(D, mean=np.arange(D), scale=np.geomspace(0.1, 100, D)),
    "uniform": lot.Uniform(D, low=2, high=3),
    "laplace": lot.Laplace(D),
    "student": lot.StudentT(D, df=3),
    "cauchy": lot.Cauchy(D),
    "gumbel": lot.ProductPrior(stats.gumbel_r(), D),
    "beta": lot.ProductPrior(stats.beta(2, 5), D),
    "mixed": lot.ProductPrior([stats.norm(3), stats.expon(scale=2), stats.beta(0.5, 0.5), stats.norm(-1, 5)]),
    "shapes": lot.ProductPrior(stats.gamma([1, 2, 3, 4]), D),
}
ROUND = {
    "sphere": lot.Sphere(D, radius=3),
    "t": lot.MultivariateT(D, df=3),
    "gamma-norm": lot.GammaNorm(D),
    "normal": lot.Normal(D),
    "few": lot.GammaNorm(2),
}
EACH_PRODUCT = pytest.mark.parametrize("prior", PRODUCTS.values(), ids=PRODUCTS)
WEIGHTS = [(0.5, 0.5), (0.9, 0.1), (1.0, 1.0, -1.0)]


def sums(prior, weights, n, rng):
    return sum(weight * prior.sample(n, rng=rng) for weight in weights)


@EACH_PRODUCT
@pytest.mark.parametrize("weights", WEIGHTS)
def test_coordinates_follow_the_law_of_the_prior(prior, weights):
    carry = coordinate_map(prior.marginal, prior.dim, weights, N, np.random.default_rng(0))
    n = 20_000
    carried = carry(sums(prior, weights, n, np.random.default_rng(1)))
    assert not prior.outside(carried).any()
    for j in range(D):
        # The map adds 1.4e-3, and 20,000 draws of the law exceed 0.0146 with probability 2 exp(-2 n 0.0146^2) = 4e-4.
        shares = prior.marginal.cdf(carried)[:, j]
        assert stats.kstest(shares, "uniform").statistic < 0.016


@pytest.mark.parametrize("prior", ROUND.values(), ids=ROUND)
@pytest.mark.parametrize("weights", WEIGHTS)
def test_norms_follow_the_law_of_the_prior_and_directions_stay(prior, weights):
    carry = radial_map(prior.radius, prior.dim, weights, N, np.random.default_rng(0))
    y = sums(prior, weights, 20_000, np.random.default_rng(1))
    carried = carry(y)
    assert not prior.outside(carried).any()
    norm = np.linalg.norm(carried, axis=1)
    np.testing.assert_allclose(carried / norm[:, None], y / np.linalg.norm(y, axis=1)[:, None], atol=1e-9)
    if prior.name != "sphere":
        assert stats.kstest(prior.radius.cdf(norm), "uniform").statistic < 0.016


@EACH_PRODUCT
def test_it_is_monotone_also_far_beyond_its_knots(prior):
    carry = coordinate_map(prior.marginal, prior.dim, (0.5, 0.5), 10_000, np.random.default_rng(0))
    a, b = 100 * prior.sample(20_000, rng=1), prior.sample(20_000, rng=2)
    assert ((carry(a) - carry(b)) * (a - b)).sum(axis=1).min() >= 0


def test_it_finds_the_closed_form():
    prior = lot.Normal(D, mean=2.0, scale=3.0)
    carry = coordinate_map(prior.marginal, D, (0.5, 0.5), N, np.random.default_rng(0))
    y = sums(prior, (0.5, 0.5), 1_000, np.random.default_rng(1))
    # A quantile of 400,000 draws has a standard error of about 0.002 scales in the middle, 0.01 at three deviations.
    np.testing.assert_allclose(carry(y), 2 + (y - 2) * 2**0.5, atol=0.15)
    assert np.abs(carry(y) - 2 - (y - 2) * 2**0.5).mean() < 0.02


def test_it_moves_and_scales_with_the_prior():
    z = np.random.default_rng(0).standard_normal((50, D))
    plain, moved = (
        coordinate_map(prior.marginal, D, (0.5, 0.5), 10_000, np.random.default_rng(1))
        for prior in (lot.ProductPrior(stats.laplace(), D), lot.ProductPrior(stats.laplace(5, 4), D))
    )
    np.testing.assert_allclose(moved(4 * z + 5), 4 * plain(z) + 5, rtol=1e-9)


def test_coordinates_of_one_law_share_a_map():
    carry = coordinate_map(PRODUCTS["mixed"].marginal, D, (0.5, 0.5), 10_000, np.random.default_rng(0))
    assert len({id(part.carry) for part in carry.parts}) == 3
    assert sum(len(part.columns) for part in carry.parts) == D


def test_sums_of_chunks_are_as_good_as_one(monkeypatch):
    monkeypatch.setattr(sys.modules["latentot.transport.sums"], "CHUNK", 20_000)
    prior = lot.Normal(1)
    carry = coordinate_map(prior.marginal, 1, (0.5, 0.5), N, np.random.default_rng(0))
    y = np.linspace(-2, 2, 41)[:, None]
    np.testing.assert_allclose(carry(y), y * 2**0.5, atol=0.02)
