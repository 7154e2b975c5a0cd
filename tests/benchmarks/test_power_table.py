"""A small version of benchmarks/validity/power_table.py, and whether its laws and its fast ways are right."""

import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics import roc_auc_score

import latentot as lot
from latentot.metrics.c2st import _kernel, _normal_scores
from latentot.metrics.spectral import SpectralMMD
from latentot.numerics.lengths import lengths
from latentot.numerics.points import location


@pytest.fixture(name="table")
def power_table_script(script):
    return script("power_table")


@pytest.fixture(name="samples")
def two_samples():
    rng = np.random.default_rng(0)
    return rng.standard_normal((60, 2)) * 0.8, rng.standard_normal((60, 2))


@pytest.mark.parametrize("name", ["energy", "mmd-fuse", "knn-edges"])
def test_the_fast_way_has_the_value_of_the_metric_for_each_labelling(table, samples, name):
    signs = table.permuted(60, 5, 1, np.random.default_rng(1))
    found, expected = table.FAST[name](*samples, signs), table.by_metric(name, *samples, signs)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_the_spectral_discrepancy_for_each_labelling_is_that_of_the_metric(table):
    rng = np.random.default_rng(0)
    samples = rng.standard_normal((60, 2)) * 0.8, rng.standard_normal((60, 2))
    signs = table.permuted(60, 5, 5, np.random.default_rng(1))
    # The first points of either sample are its landmarks.
    order = np.argsort(np.arange(120) % 60 % 5 > 0, kind="stable")
    both = np.concatenate(samples)[order]
    for labels, value in zip(signs[order].T, table.by_spectral(*samples, signs), strict=True):
        z, reference = both[labels > 0], both[labels < 0]
        judge = SpectralMMD(landmarks=24)._prepare(reference, np.random.default_rng(0), ())
        assert judge(z).value == pytest.approx(value, rel=1e-4)


def test_the_classifier_in_closed_form_is_that_of_scikit_learn(table, samples):
    signs = table.permuted(60, 3, 5, np.random.default_rng(1))
    both = np.concatenate(samples)
    kernel = _kernel(_normal_scores(both), _normal_scores(lengths(both - location(both))[:, None])).astype(np.float64)
    folds, expected = np.arange(120) % 60 % 5, []
    for labels in signs.T:
        areas = []
        for fold in range(5):
            out = folds == fold
            ridge = KernelRidge(alpha=25, kernel="precomputed").fit(kernel[~out][:, ~out], labels[~out])
            areas.append(roc_auc_score(labels[out], ridge.predict(kernel[out][:, ~out])))
        expected.append(np.mean(areas) - 0.5)
    # Of two predictions that are nearly equal rounding may swap the order: one pair in 144 of a fold.
    np.testing.assert_allclose(table.by_c2st(*samples, signs), expected, atol=0.003)


def test_labels_are_permuted_within_folds_and_stay_balanced(table):
    signs = table.permuted(50, 40, 5, np.random.default_rng(0))
    folds = np.arange(100) % 50 % 5
    np.testing.assert_array_equal(signs[:, 0], np.repeat([1, -1], 50))
    for fold in range(5):
        np.testing.assert_array_equal(signs[folds == fold].sum(axis=0), 0)
    assert len({tuple(column) for column in signs.T}) == 41


def test_the_laws_are_those_of_the_paper(table):
    rng = np.random.default_rng(0)
    z = table.modes(40_000, rng, sd=1.6)
    wide = (z > 0).all(axis=1)
    # The sd of a standard deviation of 10,000 is sd / 141: four of them. The share of a mode has sd 0.0022.
    assert z[wide].std(axis=0) == pytest.approx([1.6, 1.6], abs=0.05)
    assert z[(z < 0).all(axis=1)].std(axis=0) == pytest.approx([1.0, 1.0], abs=0.03)
    assert wide.mean() == pytest.approx(0.25, abs=0.009)
    x = table.perturbed(40_000, rng, d=1, scale=0.3)[:, 0]
    # exp(1) G is 1 at the middle of a bump: the density there is 1.3 in the first eighth's middle and 0.7 in the next.
    grid = np.linspace(0, 1, 2_001)
    density = 1 + 0.3 * np.e * (table._bump(2 * grid - 1) + table._bump(2 * grid - 2))
    assert (density.max(), density.min()) == (pytest.approx(1.3), pytest.approx(0.7))
    counts = np.histogram(x, bins=20, range=(0, 1))[0] / 40_000
    expected = np.trapezoid(density[:-1].reshape(20, 100), dx=1 / 2_000) + density[99:2_000:100] / 2_000
    # The share of a bin has sd 0.0012: five of them.
    assert counts == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize("name", ["energy", "mmd-fuse", "mmd-spectral", "c2st", "knn-edges"])
def test_the_level_is_kept_where_nothing_drifts(table, monkeypatch, name):
    monkeypatch.setattr(table, "N", 30)
    nothing = table.Case("nothing", lot.Normal(2), lambda n, rng: rng.standard_normal((n, 2)), 0.05)
    rejected, times, _ = table.two_samples(nothing, name, range(200), 19)
    # 10 expected; more than 24 with a chance of 3e-5.
    assert times == 200
    assert 1 <= rejected <= 24


def test_a_small_table_is_printed(table, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(table, "N", 40)
    known = ["energy", "ksd", "log-density", "marginal-ks-one-sample"]
    asked = ["uniform-1d", "--repetitions", "3", "--permutations", "19", "--store", str(tmp_path / "found.jsonl")]
    table.main([*asked, "--tests", "energy", "mmd-fuse", "c2st", "knn-kl", "--known", *known])
    text = capsys.readouterr().out
    assert all(name in text for name in ("energy", "mmd-fuse", "c2st", "knn-kl", "marginal-ks-one-sample"))
    assert [line.count("+-") for line in text.splitlines() if "energy" in line] == [2]
    # Neither sees anything under a uniform prior: it has no score that Stein's identity takes, and one density.
    assert "ksd" not in text
    assert "log-density" not in text
    with pytest.raises(SystemExit):
        table.main(["unknown"])
