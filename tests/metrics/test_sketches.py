import functools
import itertools

import numpy as np
import ot
import pytest
import scipy.stats

import latentot as lot
from latentot.metrics.streaming.bins import Bins
from latentot.metrics.streaming.ranks import RankGrid
from latentot.metrics.streaming.scatter import Scatter
from latentot.numerics.quantiles import squared_w2_of_counts


@pytest.mark.parametrize("bits", [4, 11, 16])
def test_every_number_lies_in_its_bin(bits):
    rng = np.random.default_rng(bits)
    x = rng.choice([-1, 1], 4_000) * 10.0 ** rng.uniform(-12, 11, 4_000)
    for number in (*x[:10], 0.0, -0.0, 1.0, 3.0, -7.0):
        bins = Bins.none(np.array([2.0]), 0.5, bits)
        bins.add(np.array([[number]]))
        (((middle,), (count,)),) = bins.filled()
        half = bins.halves[np.flatnonzero(bins.counts[0])[0]]
        assert count == 1
        away = 0.5 + abs(number - 2)
        # Single precision: 2^-24 of 1 + |p|, twice.
        assert abs(middle - number) <= half + 2.0**-23 * away
        assert half <= 2.0 ** -(bits + 1) * away * (1 + 1e-6)
    all_of_them = Bins.none(np.array([2.0]), 0.5, bits)
    all_of_them.add(x[None])
    ((middles, counts),) = all_of_them.filled()
    assert (np.diff(middles) > 0).all()
    assert counts.sum() == 4_000
    widest = 2.0**-bits * (0.5 + np.abs(np.sort(x) - 2))
    assert (np.abs(np.repeat(middles, counts) - np.sort(x)) <= widest).all()


@pytest.mark.parametrize("m", [7, 40, 300])
def test_transport_of_counts_is_that_of_pot(m):
    rng = np.random.default_rng(m)
    values, counts, sample = np.sort(rng.standard_normal(12)), rng.integers(1, 9, 12), np.sort(rng.standard_normal(m))
    expected = ot.wasserstein_1d(values, sample, counts / counts.sum(), np.full(m, 1 / m), p=2)
    assert squared_w2_of_counts(values, counts, sample) == pytest.approx(float(expected), rel=1e-12)


def test_ks_to_a_law_is_that_of_scipy():
    z = np.random.default_rng(0).standard_normal((30_000, 1)) * 0.97
    expected = scipy.stats.kstest(z[:, 0], "norm").statistic
    grid = RankGrid.of_law(lot.Normal(1).marginal, 1)
    grid.add(z)
    assert 0 <= expected - grid.measure(len(z)).value <= grid.error(len(z)) <= 1 / 4095
    far = RankGrid.of_law(lot.Normal(1).marginal, 1)
    far.add(np.full((3, 1), 40.0))
    # No place lies above the last: 1/8192 of the law.
    assert far.measure(3).value + far.error(3) == pytest.approx(1)


def test_moments_are_those_of_all_points_though_the_mean_is_far():
    rng = np.random.default_rng(0)
    z = rng.gamma(2, size=(3_000, 4)) + 1e6 * np.arange(4)
    found = functools.reduce(Scatter.merged, map(Scatter.of, np.split(z, [1, 20, 1_500])), Scatter.none(4))
    np.testing.assert_allclose(found.covariance, np.cov(z.T), atol=1e-8)
    y = z - z.mean(axis=0)
    squares = np.square(y).sum(axis=1)
    np.testing.assert_allclose(found.third, squares @ y, rtol=1e-7)
    assert found.fourth == pytest.approx(squares @ squares, rel=1e-9)


def test_the_squared_covariance_is_the_u_statistic():
    z = np.random.default_rng(0).laplace(size=(8, 3)) + 5
    expected = np.mean([((z[i] - z[j]) @ (z[k] - z[h])) ** 2 / 4 for i, j, k, h in itertools.permutations(range(8), 4)])
    assert Scatter.of(z[:3]).merged(Scatter.of(z[3:])).squared_covariance == pytest.approx(expected, rel=1e-9)
