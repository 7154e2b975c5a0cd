"""Clipped density and coverage: their formulas, their calibration, and what outliers do to them."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.errors import InputError
from latentot.judges.clipped import clipped_coverage_by_chance

NAMES = ("clipped-density", "clipped-coverage")


def test_raw_values_are_those_of_the_formulas():
    rng = np.random.default_rng(0)
    real, data = rng.standard_normal((200, 6)), 1.2 * rng.standard_normal((150, 6))
    across, own = cdist(data, real), cdist(real, real)
    reach = np.sort(own, axis=1)[:, 5]
    np.fill_diagonal(own, np.inf)
    clipped = np.minimum(reach, np.median(reach))
    each = np.minimum((across <= clipped).sum(axis=1) / 5, 1)
    usual = np.minimum((own <= clipped).sum(axis=1) / 5, 1).mean()
    density, coverage = (lot.judge(name)(data, real, rng=0) for name in NAMES)
    np.testing.assert_allclose(density.per_point, each)
    assert density.value == pytest.approx(each.mean() / usual)
    shares = np.minimum((across <= reach).sum(axis=0) / 5, 1)
    np.testing.assert_allclose(coverage.per_point, shares)
    assert clipped_coverage_by_chance(round(150 * coverage.value), 200) == pytest.approx(shares.mean(), abs=0.004)


@pytest.mark.parametrize("law", ["normal", "cauchy"])
@pytest.mark.parametrize(("n", "m", "good"), [(300, 300, 300), (300, 300, 150), (200, 400, 120)])
def test_clipped_coverage_by_chance_is_the_same_whatever_the_law(law, n, m, good):
    rng, runs = np.random.default_rng(0), 40
    draw = rng.standard_normal if law == "normal" else rng.standard_cauchy
    found = []
    for _ in range(runs):
        data = draw((n, 3))
        data[good:] = 1e6
        found.append(lot.judge("clipped-coverage")(data, draw((m, 3)), rng=0))
    raw = np.array([one.raw for one in found])
    # Four standard errors: false alarm 6e-5. Values are shares of the n data.
    assert abs(raw.mean() - clipped_coverage_by_chance(good, m)) < 4 * raw.std(ddof=1) / runs**0.5
    assert np.mean([one.value for one in found]) == pytest.approx(good / n, abs=0.05)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 1.0])
def test_values_are_shares_of_good_data(share):
    rng = np.random.default_rng(0)
    real, data = rng.standard_normal((1_000, 4)), rng.standard_normal((1_000, 4))
    data[round(1_000 * share) :] += 100
    for name in NAMES:
        assert lot.judge(name)(data, real, rng=0).value == pytest.approx(share, abs=0.05)


def test_a_real_outlier_welcomes_nobody():
    rng = np.random.default_rng(0)
    real, far = rng.standard_normal((300, 4)), rng.standard_normal((300, 4)) + 5
    with_outlier = np.concatenate([real, np.full((1, 4), 8.0)])
    assert lot.judge("precision")(far, with_outlier, rng=0).value > 0.5
    assert lot.judge("clipped-density")(far, with_outlier, rng=0).value < 0.02


@pytest.mark.parametrize("x", [np.random.default_rng(0).standard_normal((200, 4)), np.ones((200, 4))])
def test_identical_samples_score_one(x):
    for name in NAMES:
        assert lot.judge(name)(x, x, rng=0).value == pytest.approx(1)


def test_no_ball():
    with pytest.raises(InputError, match="k = 1 or more, got 0"):
        lot.judge("clipped-density", k=0)
