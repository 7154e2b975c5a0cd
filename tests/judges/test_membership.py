"""Membership: nearness and range, each where the other sees nothing."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.errors import InputError


def judged(data, real):
    return lot.judge("membership")(data, real, rng=0)


def in_range(z, others):
    """Each feature no farther out than the outermost of others, and their three outermost less the fourth."""
    top, bottom = np.sort(others, axis=0)[::-1], np.sort(others, axis=0)
    high, low = (e[0] + e[:3].mean(axis=0) - e[3] for e in (top, bottom))
    return ((z >= low) & (z <= high)).all(axis=-1)


def test_the_value_by_hand():
    rng = np.random.default_rng(0)
    real, data = rng.standard_normal((150, 5)), 1.3 * rng.standard_normal((100, 5)) + 0.3
    own, to = cdist(real, real), cdist(data, real)
    full = np.sort(own, axis=1)[:, 5]
    cut = np.minimum(full, np.median(full))
    np.fill_diagonal(own, np.inf)
    near, near_real = (to <= cut).any(axis=1), (own <= cut).any(axis=1)
    inside = in_range(data, real)
    passing = near_real & [in_range(r, np.delete(real, i, axis=0)) for i, r in enumerate(real)]
    weights = (to <= full).sum(axis=0) / 5
    share = min(1, near.mean() / near_real.mean())
    expected = share * (weights @ passing) / weights.sum() + (1 - share) * passing.mean()
    found = judged(data, real)
    np.testing.assert_array_equal(found.per_point, near & inside)
    assert found.raw == (near & inside).mean()
    assert found.value == pytest.approx((near & inside).mean() / expected)


def test_a_mode_at_the_edge_is_as_good_as_all():
    # Of ten modes in 64 dimensions, the outermost, which has a tenth of the real data: they pass less often.
    values = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        modes = np.repeat(np.linspace(0, 10, 10), 100)[:, None]
        real, data = modes + rng.standard_normal((1_000, 64)), rng.standard_normal((400, 64))
        found = judged(data, real)
        assert found.raw < 0.9
        values.append(found.value)
    # Of one sample it is right to 0.13 or so, and 1 at most: four standard errors of eight below 0.95.
    assert np.mean(values) > 0.85


@pytest.mark.parametrize("rounds", ["real", "data", "both"])
def test_rounded_numbers_are_members(rounds):
    rng = np.random.default_rng(0)
    real, data = rng.standard_normal((2, 1_000, 1))
    real, data = (np.round(z) if rounds in (name, "both") else z for name, z in (("real", real), ("data", data)))
    assert judged(data, real).value > 0.9
    assert judged(data + 9, real).value == 0


@pytest.mark.parametrize("d", [1, 8, 64, 400])
def test_real_data_are_members_and_those_apart_in_one_of_many_features_are_not(d):
    rng = np.random.default_rng(0)
    real, data = rng.standard_normal((1_000, d)), rng.standard_normal((1_000, d))
    # The share of 1,000 is right to 0.016 / 0.75, that of real data as well: four of both.
    assert judged(data, real).value > 0.88
    data[:, 0] += 8
    assert judged(data, real).value < 0.01


def test_cubes_with_a_fifth_in_common():
    rng = np.random.default_rng(0)
    for d in (1, 8, 64):
        real, data = rng.random((2_000, d)), rng.random((2_000, d)) + 1 - 0.2 ** (1 / d)
        assert judged(data, real).value == pytest.approx(0.2, abs=0.05)


def test_units_of_features_hardly_matter():
    rng = np.random.default_rng(0)
    real, data = rng.standard_normal((500, 2)), rng.standard_normal((500, 2)) + np.array([6, 0])
    for scale in (1e-3, 1, 1e3):
        assert judged(data * [1, scale], real * [1, scale]).value < 0.01


def test_more_features_than_data_leave_enough_real_data_to_divide_by():
    rng = np.random.default_rng(0)
    real, data = rng.standard_normal((100, 2_000)), rng.standard_normal((100, 2_000))
    assert 0.4 < judged(data, real).value <= 1
    assert judged(data + 3, real).value == 0


@pytest.mark.parametrize("x", [np.random.default_rng(0).standard_normal((200, 4)), np.ones((200, 4))])
def test_identical_samples_score_one(x):
    assert judged(x, x).value == pytest.approx(1)


def test_what_is_refused():
    with pytest.raises(InputError, match="k = 1 or more, got 0"):
        lot.judge("membership", k=0)
    with pytest.raises(InputError, match="have no 5 neighbours"):
        judged(np.ones((4, 2)), np.ones((4, 2)))
