"""Membership: nearness and range, each where the other sees nothing."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.errors import InputError


def judged(data, real):
    return lot.judge("membership")(data, real, rng=0)


def test_the_value_by_hand():
    rng = np.random.default_rng(0)
    real, data = rng.standard_normal((150, 5)), 1.3 * rng.standard_normal((100, 5))
    own = cdist(real, real)
    reach = np.sort(own, axis=1)[:, 5]
    reach = np.minimum(reach, np.median(reach))
    np.fill_diagonal(own, np.inf)
    near, near_real = (cdist(data, real) <= reach).any(axis=1), (own <= reach).any(axis=1)
    inside = ((data >= real.min(axis=0)) & (data <= real.max(axis=0))).all(axis=1)
    rest = [np.delete(real, i, axis=0) for i in range(150)]
    inside_real = [((r >= z.min(axis=0)) & (r <= z.max(axis=0))).all() for r, z in zip(real, rest, strict=True)]
    found = judged(data, real)
    np.testing.assert_array_equal(found.per_point, near & inside)
    assert found.raw == (near & inside).mean()
    assert found.value == pytest.approx((near & inside).mean() / (near_real & np.array(inside_real)).mean())


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
