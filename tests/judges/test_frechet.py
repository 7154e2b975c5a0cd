"""The Fréchet distance of features, held to its formula by other means."""

import numpy as np
import pytest
import scipy.linalg

import latentot as lot


def by_sqrtm(x, r):
    """As FID programs compute it: a root of a product that is not symmetric."""
    root = scipy.linalg.sqrtm(np.cov(x.T) @ np.cov(r.T))
    return np.square(x.mean(0) - r.mean(0)).sum() + np.trace(np.cov(x.T) + np.cov(r.T) - 2 * np.real(root))


def correlated(n, d, seed):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)) @ rng.standard_normal((d, d)) + rng.standard_normal(d)


@pytest.mark.parametrize(("n", "m", "d"), [(100, 300, 8), (500, 500, 64)])
def test_the_raw_value_is_the_published_formula(n, m, d):
    x, r = correlated(n, d, 0), correlated(m, d, 1)
    assert lot.judge("frechet")(x, r, rng=0).raw == pytest.approx(by_sqrtm(x, r), rel=1e-8)
    assert lot.judge("frechet", parts=1)(x, r, rng=0).raw == pytest.approx(by_sqrtm(x, r), rel=1e-8)


@pytest.mark.parametrize("n", [2, 3, 5, 9, 30])
@pytest.mark.parametrize("m", [2, 4, 40])
def test_finite_for_fewer_points_than_features(n, m):
    x, r = correlated(n, 50, 0), correlated(m, 50, 1)
    found = lot.judge("frechet")(x, r, rng=0)
    assert np.isfinite([found.value, found.raw]).all()
    # The trace of the root is the nuclear norm of the product of both centred samples.
    x0, r0 = (z - z.mean(axis=0) for z in (x, r))
    nuclear = np.linalg.norm(r0 @ x0.T, "nuc") / np.sqrt((n - 1) * (m - 1))
    expected = np.square(x.mean(0) - r.mean(0)).sum() + np.trace(np.cov(x.T) + np.cov(r.T)) - 2 * nuclear
    assert found.raw == pytest.approx(expected, rel=1e-6)


def test_debiased_where_nothing_differs_and_right_where_something_does():
    d, n, m, runs = 16, 200, 1_000, 60
    rng = np.random.default_rng(0)
    same, other = [], []
    for _ in range(runs):
        judging = lot.judge("frechet").against(rng.standard_normal((m, d)), rng=rng)
        same.append(judging(rng.standard_normal((n, d))))
        other.append(judging(0.5 * rng.standard_normal((n, d)) + 0.1))
    values, raw = (
        np.array([[getattr(one, kind) for one in each] for each in (same, other)]) for kind in ("value", "raw")
    )
    # Expected: 0, and 16 (1 - 0.5)^2 + 16 * 0.01. Four standard errors: false alarm 6e-5 each.
    for found, expected in zip(values, (0, 4.16), strict=True):
        assert abs(found.mean() - expected) < 4 * found.std(ddof=1) / runs**0.5 + 0.01
    assert raw[0].mean() > 0.3


def test_a_sample_beside_itself_and_constant_features():
    x = correlated(60, 8, 0)
    assert lot.judge("frechet")(x, x, rng=0).raw == pytest.approx(0, abs=1e-6 * np.trace(np.cov(x.T)))
    constant = np.ones((30, 8))
    found = lot.judge("frechet")(constant, constant + 1, rng=0)
    assert (found.value, found.raw) == (8, 8)


def test_single_precision_is_no_less_exact():
    x, r = correlated(300, 32, 0).astype(np.float32) + 1_000, correlated(300, 32, 1).astype(np.float32) + 1_000
    expected = by_sqrtm(x.astype(np.float64), r.astype(np.float64))
    assert lot.judge("frechet")(x, r, rng=0).raw == pytest.approx(expected, rel=1e-6)


def test_agrees_with_the_drift_metric():
    x, r = correlated(400, 6, 0), correlated(900, 6, 1)
    ours = lot.judge("frechet")(x, r, rng=0)
    metric = lot.drift("frechet").against(r, rng=0)(x)
    assert ours.raw == pytest.approx(metric.raw, rel=1e-6)
    assert ours.value == pytest.approx(metric.value, rel=0.05)
