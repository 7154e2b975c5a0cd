import numpy as np
import pytest
from ot.da import LinearTransport
from scipy import stats

from latentot.transport import Gaussian, Marginal, Radial
from latentot.transport.grid import Gridded
from latentot.transport.judging import Split
from latentot.transport.monotone import Monotone


@pytest.fixture(name="laws")
def two_normal_laws():
    rng = np.random.default_rng(0)
    source, target = rng.standard_normal((2, 20_000, 3))
    return source @ np.diag([1.0, 2.0, 0.5]) + 1, target @ np.array([[1, 0.5, 0], [0.5, 2, 0], [0, 0, 1]]) - 2


def test_gaussian_is_the_linear_transport_of_pot(laws):
    split = Split.of(*laws, np.random.default_rng(0))
    x, y = split.fitting(None)
    theirs = LinearTransport(reg=1e-9).fit(Xs=x, Xt=y).transform(Xs=laws[0])
    np.testing.assert_allclose(Gaussian()._fit(split, np.random.default_rng(0))(laws[0]), theirs, atol=1e-5)


def test_gaussian_finds_the_closed_form(laws):
    matrix = Gaussian().fit(*laws, rng=0).map.matrix
    s0, s1 = np.diag([1.0, 4.0, 0.25]), np.array([[1.25, 1.5, 0], [1.5, 4.25, 0], [0, 0, 1]])
    np.testing.assert_allclose(matrix @ s0 @ matrix, s1, atol=0.15)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-9)
    assert np.linalg.eigvalsh(matrix).min() > 0


def test_gaussian_carries_moments_of_unseen_points(laws):
    fitted = Gaussian().fit(*laws, rng=0)
    fresh = np.random.default_rng(9).standard_normal((20_000, 3)) @ np.diag([1.0, 2.0, 0.5]) + 1
    np.testing.assert_allclose(fitted(fresh).mean(axis=0), laws[1].mean(axis=0), atol=0.08)
    np.testing.assert_allclose(np.cov(fitted(fresh).T), np.cov(laws[1].T), atol=0.25)


def test_marginal_finds_the_quantile_map_of_each_coordinate():
    rng = np.random.default_rng(0)
    source = rng.standard_normal((40_000, 2))
    target = np.stack([rng.exponential(size=40_000), rng.uniform(-1, 1, 40_000)], axis=1)
    fitted = Marginal().fit(source, target, rng=1)
    q = np.linspace(0.02, 0.98, 49)
    known = np.stack([stats.expon.ppf(q), 2 * q - 1], axis=1)
    np.testing.assert_allclose(fitted(np.stack([stats.norm.ppf(q)] * 2, axis=1)), known, atol=0.12)


def test_of_many_points_marginal_is_the_map_of_their_knots_on_a_grid():
    rng = np.random.default_rng(0)
    n = 20_000
    source, target = rng.standard_normal((n, 2)), rng.exponential(size=(n, 2))
    split = Split.of(source, target, np.random.default_rng(1))
    x, y = split.fitting(None)
    carry = Marginal()._fit(split, rng).map
    assert [type(own) for own in carry.coordinates] == [Gridded, Gridded]
    z = rng.standard_normal((20_000, 2))
    exact = np.stack([Monotone.between(x[:, j], y[:, j], knots=4_096)(z[:, j]) for j in range(2)], axis=1)
    # 18,000 points tell probabilities to 0.0065 (mean KS distance), and a knot may move by a tenth of that.
    assert np.abs(stats.expon.cdf(carry(z)) - stats.expon.cdf(exact)).max() < 0.0013
    np.testing.assert_array_equal(carry(z[:7]), carry(z)[:7])


def test_radial_keeps_directions_and_finds_the_law_of_the_norm():
    rng = np.random.default_rng(0)
    source, target = rng.standard_normal((2, 20_000, 8))
    fitted = Radial().fit(source, 3 * target, rng=1)
    carried = fitted(source)
    norm = np.linalg.norm(carried, axis=1)
    np.testing.assert_allclose(carried / norm[:, None], source / np.linalg.norm(source, axis=1)[:, None], atol=1e-12)
    # KS against the law itself: 0.02 is passed by chance with probability exp(-2 * 20,000 * 0.02^2 / 2) = 3e-4.
    assert stats.kstest(norm / 3, stats.chi(8).cdf).statistic < 0.02
    np.testing.assert_array_equal(fitted(np.zeros((1, 8))), 0)
    assert np.linalg.norm(fitted(np.full((1, 8), 100.0))) == pytest.approx(3 * 100 * 8**0.5, rel=0.1)
