"""knn-edges: against counts by brute force, what chance gives, and what it is for."""

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.metrics.edges import Edges, counts, nearest


def within(points, inside, k):
    """Pairs within a sample of a point and one of its k nearest, counted one by one."""
    apart = cdist(points, points)
    np.fill_diagonal(apart, np.inf)
    return sum(inside[j] for i in np.flatnonzero(inside) for j in apart[i].argsort()[:k])


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("size", [2, 4, 5])
def test_what_chance_gives_is_the_mean_and_the_spread_over_all_samples(k, size):
    points = np.random.default_rng(0).standard_normal((9, 2))
    counted = [within(points, np.isin(range(9), chosen), k) for chosen in combinations(range(9), size)]
    assert Edges.of(nearest(points, [k])).chance(size) == pytest.approx((np.mean(counted), np.std(counted)))


@pytest.mark.parametrize(("n", "m", "d"), [(40, 40, 2), (30, 70, 5), (60, 25, 1)])
def test_the_value_is_the_greatest_over_samples_and_numbers(n, m, d):
    rng = np.random.default_rng(n)
    z, reference = rng.standard_normal((n, d)) * 0.7, rng.standard_normal((m, d))
    both, inside = np.concatenate([z, reference]), np.arange(n + m) < n
    scores = []
    for k in ((n + m) // part for part in (64, 32, 16, 8)):
        edges = Edges.of(nearest(both, [max(k, 1)]))
        for own in (inside, ~inside):
            mean, sd = edges.chance(int(own.sum()))
            scores.append((within(both, own, max(k, 1)) - mean) / sd)
    expected = max(scores) * (1 / n + 1 / m)
    assert lot.drift("knn-edges")(z, reference, rng=0) == pytest.approx(expected, rel=1e-9)


def test_the_first_neighbours_are_the_nearest_however_many_there_are():
    points = np.random.default_rng(0).standard_normal((1_100, 2))
    near, expected = nearest(points, [3, 10]), cdist(points, points).argsort(axis=1)[:, 1:11]
    for k in (3, 10):
        np.testing.assert_array_equal(np.sort(near[:, :k]), np.sort(expected[:, :k]))


@pytest.mark.parametrize("scale", [0.75, 1.4])
def test_a_mode_of_another_width_is_seen_whichever_sample_is_wider(scale):
    def clusters(seed, sd):
        rng = np.random.default_rng(seed)
        chosen = rng.integers(0, 2, (300, 1))
        return 40 * chosen * [1, 0] + np.where(chosen, sd, 1) * rng.standard_normal((300, 2))

    found = {}
    for name in ("knn-edges", "mmd-multi"):
        judge = lot.drift(name).against(clusters(0, 1.0), rng=1)
        null = [judge(clusters(seed, 1.0)).value for seed in range(10, 20)]
        drifted = [judge(clusters(seed, scale)).value for seed in range(30, 40)]
        found[name] = (np.mean(drifted) - np.mean(null)) / np.std(null)
    assert found["knn-edges"] > 3 > found["mmd-multi"]


def test_points_that_coincide_are_of_no_sample_more_than_of_the_other():
    """Values on a grid, and of points that are all alike."""
    metric, rng = lot.drift("knn-edges", scales=1), np.random.default_rng(0)
    values = [metric(*rng.integers(0, 3, (2, 40, 2)).astype(float), rng=0) * 20 for _ in range(200)]
    # The greater of two standardised counts that are nearly independent has mean 0.56 and sd 0.83.
    assert np.mean(values) == pytest.approx(0.56, abs=0.3)
    assert abs(metric(np.ones((20, 2)), np.ones((30, 2)), rng=0)) * 12 < 4


def test_numbers_of_neighbours_that_are_the_same_are_counted_once():
    assert counts(64, 8, 8) == [1, 2, 4, 8]
    assert counts(3, 4, 8) == [1]


@pytest.mark.parametrize(("n", "m"), [(2, 2), (2, 3), (3, 50)])
def test_few_points_are_measured(n, m):
    prior = lot.Normal(2)
    assert np.isfinite(lot.drift("knn-edges")(prior.sample(n, rng=0), prior.sample(m, rng=1), rng=0))


@pytest.mark.parametrize("options", [{"scales": 0}, {"part": 1}, {"max_points": 1}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(lot.InputError, match="of knn-edges is a"):
        lot.drift("knn-edges", **options)
