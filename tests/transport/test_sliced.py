import numpy as np
import pytest

import latentot as lot
from latentot.transport import Auto, Gaussian, Sliced
from latentot.transport.gaussian import AffineMap
from latentot.transport.judging import Split
from latentot.transport.monotone import Monotone
from latentot.transport.sliced import Round


def two_modes(n, rng):
    z = 0.3 * rng.standard_normal((n, 4))
    z[:, :2] += 2 * rng.choice([-1.0, 1.0], (n, 1))
    return z


@pytest.fixture(name="laws")
def normal_and_two_modes():
    rng = np.random.default_rng(0)
    return rng.standard_normal((4_000, 4)), two_modes(4_000, rng)


def test_a_round_along_the_axes_is_the_marginal_map():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((500, 3)), rng.gamma(2.0, size=(500, 3))
    projections = tuple(Monotone.between(a, b, knots=500) for a, b in zip(x.T, y.T, strict=True))
    np.testing.assert_allclose(np.sort(Round(np.eye(3), projections, 1.0)(x), axis=0), np.sort(y, axis=0), atol=1e-12)
    halfway = Round(np.eye(3), projections, 0.5)(x)
    np.testing.assert_allclose(halfway, (x + Round(np.eye(3), projections, 1.0)(x)) / 2, atol=1e-12)


def test_rounds_reach_what_the_gaussian_start_cannot(laws):
    rng = np.random.default_rng(7)
    unseen = rng.standard_normal((4_000, 4))
    judge = lot.drift("sliced-wasserstein").against(two_modes(4_000, rng), rng=1)
    chance = np.mean([judge(two_modes(4_000, rng)).value for _ in range(10)])
    # One leg gives 0.67 times chance, five give 0.65.
    gaussian, sliced = (kind.fit(*laws, rng=3) for kind in (Gaussian(), Sliced(legs=1)))
    # A start that is never improved on gives 5 times chance here; chance itself has a standard deviation of a fifth.
    assert judge(gaussian(unseen)).value > 4 * chance
    assert judge(sliced(unseen)).value < 2 * chance


def test_it_stops_at_the_gaussian_start_where_nothing_is_left():
    prior = lot.Normal(16)
    midpoints = (prior.sample(5_000, rng=0) + prior.sample(5_000, rng=1)) / 2
    fitted = Sliced().fit(midpoints, prior.sample(5_000, rng=2), rng=0)
    # The start leaves 0.5 of chance and is enough below 0.7.
    assert not fitted.map.legs


def test_it_keeps_no_points_and_no_rounds_is_the_gaussian_map(laws):
    split = Split.of(*laws, np.random.default_rng(0))
    fitted = Sliced(legs=0)._fit(split, np.random.default_rng(0))
    np.testing.assert_array_equal(fitted(laws[0]), AffineMap.between(*split.fitting(None), ridge=1e-9)(laws[0]))
    legs = Sliced(legs=1, rounds=5)._fit(split, np.random.default_rng(0)).map.legs
    rounds = [each for leg in legs for chain in leg.chains for each in chain]
    assert 5 <= len(rounds) <= 10
    assert all(len(projection.source) <= 32 for each in rounds for projection in each.projections)


@pytest.mark.parametrize("transport", [Sliced(legs=1, rounds=5), Auto(candidates=(Sliced(legs=1, rounds=5),))])
def test_the_last_map_fits_mean_and_covariance_to_all_points_and_is_not_judged(laws, transport):
    fitted = transport.fit(*laws, rng=0)
    carried = fitted(laws[0])
    np.testing.assert_allclose(carried.mean(axis=0), laws[1].mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(np.cov(carried.T), np.cov(laws[1].T), atol=1e-6)
    without = fitted.map(laws[0])
    assert 1e-4 < np.abs(without.mean(axis=0) - laws[1].mean(axis=0)).max() < 0.1
    split = Split.of(*laws, np.random.default_rng(0))
    learned = Sliced(legs=1, rounds=5)._fit(split, np.random.default_rng(0))
    assert split.judged(learned.map, learned.report.n_fitted).report == learned.report


@pytest.mark.parametrize(
    ("settings", "message"), [({"step": 0.0}, "step"), ({"rounds": 0}, "rounds"), ({"knots": 1}, "knots")]
)
def test_settings_out_of_range_are_one_clear_line(settings, message):
    with pytest.raises(lot.InputError, match=message):
        Sliced(**settings)
