import sys

import numpy as np
import pytest
from ot.da import EMDTransport
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.transport import Exact
from latentot.transport.exact import _barycentres


def matched(fitted, source):
    """Rows of the source that were matched: those the map carries to a target it was given."""
    return fitted.map.points, fitted(fitted.map.points)


def test_it_is_the_optimal_matching_on_the_points_fitted():
    rng = np.random.default_rng(0)
    source, target = rng.standard_normal((2, 250, 4))
    fitted = Exact().fit(source, target, rng=1)
    x, carried = matched(fitted, source)
    assert len(x) == fitted.report.n_fitted == 200
    y = target[cdist(carried, target).argmin(axis=1)]
    np.testing.assert_allclose(carried, y, atol=1e-9)
    assert len(np.unique(y, axis=0)) == 200
    cost = cdist(x, y, "sqeuclidean")
    rows, columns = linear_sum_assignment(cost)
    assert np.square(carried - x).sum() == pytest.approx(cost[rows, columns].sum())
    theirs = EMDTransport().fit(Xs=x, Xt=y).transform(Xs=x)
    np.testing.assert_allclose(carried, theirs, atol=1e-9)


def test_samples_of_different_sizes_go_to_barycentres():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((200, 4)), rng.standard_normal((250, 4))
    np.testing.assert_allclose(_barycentres(x, y), EMDTransport().fit(Xs=x, Xt=y).transform(Xs=x), atol=1e-9)
    fitted = Exact().fit(x, y, rng=1)
    carried = fitted(fitted.map.points)
    assert carried.mean(axis=0) == pytest.approx(y.mean(axis=0), abs=0.1)
    assert cdist(carried, y).min() > 0, "no point goes to one point alone"


def test_in_sample_drift_is_nothing_and_held_out_drift_is_not():
    source, target = np.random.default_rng(0).standard_normal((2, 2_000, 8))
    report = Exact(max_points=200).fit(source, target, rng=1).report
    # 200 points are fitted, 400 are held out: in sample all that were fitted are judged.
    assert report.in_sample.drift < 1e-6
    assert report.in_sample.n == report.n_fitted == 200
    assert report.held_out.drift > report.chance > 0.05


def test_new_points_follow_trend_and_residual_better_than_their_nearest_neighbour():
    prior = lot.Normal(64)
    source = (prior.sample(1_000, rng=0) + prior.sample(1_000, rng=1)) / 2
    target, unseen = prior.sample(1_000, rng=2), (prior.sample(4_000, rng=3) + prior.sample(4_000, rng=4)) / 2
    fitted = Exact().fit(source, target, rng=5)
    x, carried = matched(fitted, source)
    nearest = unseen + (carried - x)[cdist(unseen, x).argmin(axis=1)]
    judge = lot.drift("sliced-wasserstein").against(prior.sample(4_000, rng=6), rng=7)
    assert judge(fitted(unseen)).value < 0.8 * judge(nearest).value


def test_a_matching_that_stops_early_is_an_error(monkeypatch):
    monkeypatch.setattr(sys.modules["latentot.transport.exact"], "PIVOTS", 10)
    source, target = np.random.default_rng(0).standard_normal((2, 300, 4))
    with (
        pytest.warns(UserWarning, match="numItermax"),
        pytest.raises(lot.InputError, match="241 points was not solved"),
    ):
        Exact().fit(source, target[:-1], rng=0)
