"""mmd-fuse: against the formula written out, and what it is for."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist, squareform

import latentot as lot
from latentot.metrics import Measurement
from latentot.metrics.fuse import _discrepancies, gaussian, soft_maximum, spaced


def plain(z, reference, widths, sharpness):
    """The formula, with whole matrices."""
    n, m, both = len(z), len(reference), np.concatenate([z, reference])
    least, ratios = min(n, m), []
    off = ~np.eye(n + m, dtype=bool)
    for by in ("cityblock", "euclidean"):
        apart = cdist(both, both, by)
        ordered = np.sort(squareform(apart, checks=False))
        low, high = ordered[int(0.05 * len(ordered))] / 2, ordered[int(0.95 * len(ordered))] * 2
        for width in np.linspace(low, high, widths):
            k = np.exp(-np.sqrt(2) * apart / width) if by == "cityblock" else np.exp(-((apart / width) ** 2) / 2)
            within = (k[:n, :n].sum() - n) / (n * (n - 1)) + (k[n:, n:].sum() - m) / (m * (m - 1))
            normaliser = (k[off] ** 2).sum() / (least * (least - 1))
            ratios.append((within - 2 * k[:n, n:].mean()) / np.sqrt(normaliser))
    times = sharpness * np.sqrt(least * (least - 1))
    return np.log(np.mean(np.exp(times * np.array(ratios)))) / times


@pytest.mark.parametrize(("n", "m", "d"), [(300, 300, 2), (100, 700, 5), (600, 90, 1), (257, 256, 3)])
@pytest.mark.parametrize("options", [{}, {"widths": 3, "sharpness": 20.0}])
def test_the_value_is_the_formula(n, m, d, options):
    rng = np.random.default_rng(n)
    z, reference = rng.standard_normal((n, d)) * 0.8 + 0.1, rng.standard_normal((m, d))
    found = lot.drift("mmd-fuse", **options).against(reference, rng=0)(z)
    expected = plain(z, reference, options.get("widths", 10), options.get("sharpness", 10.0))
    assert found == Measurement(pytest.approx(expected, rel=1e-4), pytest.approx(expected, rel=1e-4), n)


def test_swapping_the_samples_changes_nothing_and_a_common_shift_neither():
    z, reference = lot.Normal(3).sample(400, rng=0) * 0.9, lot.Normal(3).sample(400, rng=1)
    metric = lot.drift("mmd-fuse")
    value = metric(z, reference, rng=0)
    assert metric(reference, z, rng=0) == pytest.approx(value, rel=1e-5)
    assert metric(z + 1e3, reference + 1e3, rng=0) == pytest.approx(value, rel=1e-5)


def test_of_one_kernel_it_is_mmd_but_for_the_normaliser_and_orders_samples_as_mmd_does():
    prior = lot.Normal(4)
    reference, fused, plain_mmd = prior.sample(400, rng=0), [], []
    median = np.median(cdist(reference, reference)[np.triu_indices(400, 1)])
    for scale in (1, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5):
        z = prior.sample(400, rng=7) * scale
        both = np.concatenate([z, reference])
        apart = cdist(both, both)
        (width,) = spaced(squareform(apart, checks=False).astype(np.float32), 1)
        (found,) = _discrepancies(z, reference, "euclidean", gaussian, 1)
        squares = np.exp(-((apart / width) ** 2)).sum() - 800
        expected = lot.drift("mmd", width=width / median)(z, reference, rng=0)
        assert found * np.sqrt(squares / (400 * 399)) == pytest.approx(expected, rel=1e-3, abs=1e-7)
        fused.append(soft_maximum(np.array([found]), 400))
        plain_mmd.append(lot.drift("mmd", width=0.25).against(reference, rng=0)(z).value)
    assert np.argsort(fused).tolist() == np.argsort(plain_mmd).tolist() == list(range(7))


def test_sees_what_is_far_finer_than_the_median_distance():
    # Two clusters 40 apart, each of which shrinks by a tenth: the median distance is that of the clusters.
    def clusters(seed, scale):
        rng = np.random.default_rng(seed)
        return rng.choice([-20.0, 20.0], (500, 1)) * [1, 0] + scale * rng.standard_normal((500, 2))

    scores = {}
    for name in ("mmd", "mmd-fuse"):
        judge = lot.drift(name).against(clusters(0, 1.0), rng=1)
        null = [judge(clusters(seed, 1.0)).value for seed in range(10, 25)]
        drifted = [judge(clusters(seed, 0.7)).value for seed in range(30, 45)]
        scores[name] = (np.mean(drifted) - np.mean(null)) / np.std(null)
    assert scores["mmd-fuse"] > 2 * scores["mmd"]


def test_points_that_all_coincide_do_not_drift():
    assert lot.drift("mmd-fuse")(np.ones((20, 2)), np.ones((30, 2)), rng=0) == 0


def test_more_points_than_are_used_are_left_out_of_either_sample():
    z = lot.Normal(2).sample(500, rng=0)
    judge = lot.drift("mmd-fuse", max_points=100).against(z + 1, rng=0)
    assert judge(z).n_used == 100


@pytest.mark.parametrize("options", [{"widths": 0}, {"sharpness": 0}, {"sharpness": -1.0}, {"max_points": 1}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(lot.InputError, match="of mmd-fuse is a"):
        lot.drift("mmd-fuse", **options)
