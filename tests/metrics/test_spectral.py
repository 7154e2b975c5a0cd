"""mmd-spectral: against the formula written out, what chance gives, and what it is for."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.metrics.spectral import SpectralMMD, covariance, gaussian, spaced, whitening


def plain(z, reference, landmarks, width, ridge):
    """The formula for one width, by the eigenvectors of whole matrices: features K(x, l) K(l, l)^(-1/2)."""
    values, vectors = np.linalg.eigh(np.exp(-cdist(landmarks, landmarks, "sqeuclidean") / (2 * width**2)))
    root = (vectors / np.sqrt(values + 1e-6)) @ vectors.T
    own, wanted = (np.exp(-cdist(x, landmarks, "sqeuclidean") / (2 * width**2)) @ root for x in (z, reference))
    apart = own.mean(axis=0) - wanted.mean(axis=0)
    spread = (np.cov(own.T, bias=True) + np.cov(wanted.T, bias=True)) / 2 + np.outer(apart, apart) / 4
    shrunk = spread @ np.linalg.inv(spread + ridge * np.eye(len(spread)))
    square = apart @ np.linalg.solve(spread + ridge * np.eye(len(spread)), apart)
    least = 1 / len(z) + 1 / len(reference)
    return (square - least * np.trace(shrunk)) / np.sqrt(2 * np.trace(shrunk @ shrunk))


@pytest.mark.parametrize(("n", "m", "d"), [(60, 60, 2), (50, 300, 4), (200, 40, 1)])
def test_the_value_is_the_formula(n, m, d):
    rng = np.random.default_rng(n)
    z, reference = rng.standard_normal((n, d)) * 0.8, rng.standard_normal((m, d))
    found = SpectralMMD(landmarks=40, ridge=1e-3)._prepare(reference, rng, ())(z)
    landmarks = np.concatenate([z[:20], reference[:20]])
    widths = list(spaced(cdist(landmarks, landmarks, "sqeuclidean"), 4))
    assert found.value == pytest.approx(max(plain(z, reference, landmarks, w, 1e-3) for w in widths), rel=1e-3)


def test_widths_are_inside_the_distances_and_evenly_spaced():
    rng = np.random.default_rng(0)
    apart = cdist(x := rng.standard_normal((100, 2)), x)
    widths = np.array(list(spaced(apart**2, 3)))
    near, far = np.quantile(apart[np.triu_indices(100, 1)], [0.005, 0.95])
    shares = np.log(widths / near) / np.log(far / near)
    np.testing.assert_allclose(shares, [0.375, 0.5625, 0.75])


def test_what_chance_gives_has_the_mean_and_the_spread_that_are_said():
    """Of one width, with features known from a large reference: mean 0, sd 1/n + 1/m; 400 values, bounds of 4 sd."""
    rng = np.random.default_rng(1)
    landmarks, n = rng.standard_normal((50, 2)), 200
    features = gaussian(cdist(rng.standard_normal((20_000, 2)), landmarks, "sqeuclidean"), 0.7)
    kernel = gaussian(cdist(landmarks, landmarks, "sqeuclidean"), 0.7)
    whitener, chance, sd = whitening(covariance(features, features), kernel, 1e-3)
    means = [features[rng.integers(20_000, size=n)].mean(axis=0) - features.mean(axis=0) for _ in range(400)]
    values = (np.square(np.array(means) @ whitener.T).sum(axis=1) - chance / n) / sd * n
    assert abs(values.mean()) < 4 / 20
    # Sums of squares: a variance errs by more than that of normal numbers.
    assert 0.75 < values.std() < 1.25


def test_moving_both_samples_and_turning_them_changes_nothing():
    z, reference = lot.Normal(3).sample(400, rng=0) * 0.9, lot.Normal(3).sample(400, rng=1)
    metric, turn = lot.drift("mmd-spectral"), np.linalg.qr(np.random.default_rng(2).standard_normal((3, 3)))[0]
    value = metric(z, reference, rng=0)
    assert metric(z @ turn * 7 + 1e3, reference @ turn * 7 + 1e3, rng=0) == pytest.approx(value, rel=1e-4)


def test_sees_what_is_far_finer_than_the_median_distance():
    # Two clusters 40 apart, each of which shrinks by a tenth: the median distance is that of the clusters.
    def clusters(seed, scale):
        rng = np.random.default_rng(seed)
        return rng.choice([-20.0, 20.0], (300, 1)) * [1, 0] + scale * rng.standard_normal((300, 2))

    scores = {}
    for name in ("mmd-fuse", "mmd-spectral"):
        judge = lot.drift(name).against(clusters(0, 1.0), rng=1)
        null = [judge(clusters(seed, 1.0)).value for seed in range(10, 20)]
        drifted = [judge(clusters(seed, 0.7)).value for seed in range(30, 40)]
        scores[name] = (np.mean(drifted) - np.mean(null)) / np.std(null)
    assert scores["mmd-spectral"] > 1.5 * scores["mmd-fuse"] > 1.5


def test_points_that_all_coincide_do_not_drift():
    assert lot.drift("mmd-spectral")(np.ones((20, 2)), np.ones((30, 2)), rng=0) == 0


def test_more_points_than_are_used_are_left_out_of_either_sample():
    z = lot.Normal(2).sample(500, rng=0)
    assert lot.drift("mmd-spectral", max_points=100).against(z + 1, rng=0)(z).n_used == 100


@pytest.mark.parametrize("options", [{"widths": 0}, {"ridge": 0}, {"landmarks": 3}, {"max_points": 1}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(lot.InputError, match="of mmd-spectral is a"):
        lot.drift("mmd-spectral", **options)
