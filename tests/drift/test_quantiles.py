import numpy as np
import pytest
import scipy.stats

from latentot.drift.marginal import _largest_ks, _sorted_columns
from latentot.drift.quantiles import QuantileBlocks, QuantileIntegral

SIZES = [(1, 1), (1, 7), (7, 1), (2, 3), (64, 65), (500, 5_000), (5_000, 500), (997, 1_000), (1_000, 1_000)]


@pytest.mark.parametrize(("n", "m"), SIZES)
@pytest.mark.parametrize("decimals", [15, 1, 0])
def test_w1_is_that_of_scipy(n, m, decimals):
    rng = np.random.default_rng(n + 10_000 * m)
    z, reference = (rng.standard_normal(n) * 0.7 + 0.1).round(decimals), rng.standard_normal(m).round(decimals)
    expected = scipy.stats.wasserstein_distance(z, reference)
    known = QuantileIntegral(np.sort(reference))
    assert known.w1(np.sort(z)) == pytest.approx(expected, rel=1e-12, abs=1e-13)
    assert known.w1(np.sort(z + 1e6)) == pytest.approx(scipy.stats.wasserstein_distance(z + 1e6, reference), rel=1e-12)


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_w2_is_that_of_the_optimal_plan(n, m):
    rng = np.random.default_rng(n + 10_000 * m)
    z, reference = np.sort(rng.standard_normal(n) * 0.7), np.sort(rng.standard_normal(m))
    at = np.unique(np.r_[np.arange(n + 1) / n, np.arange(m + 1) / m])
    middle = (at[1:] + at[:-1]) / 2
    gaps = z[(middle * n).astype(int)] - reference[(middle * m).astype(int)]
    expected = (np.square(gaps) * np.diff(at)).sum()
    assert QuantileBlocks(reference[None]).squared_w2(z[None])[0] == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("decimals", [15, 1, 0])
def test_the_largest_ks_distance_is_exact_for_any_sizes_and_ties(decimals):
    rng = np.random.default_rng(decimals)
    for _ in range(200):
        n, m, d = rng.integers(2, 400, 3) % [399, 399, 4] + [1, 1, 1]
        z = rng.standard_normal((n, d)).round(decimals)
        reference = (rng.standard_normal((m, d)) * rng.uniform(0.5, 2) + rng.integers(0, 2)).round(decimals)
        expected = max(scipy.stats.ks_2samp(z[:, j], reference[:, j], method="asymp").statistic for j in range(d))
        assert _largest_ks(_sorted_columns(z), _sorted_columns(reference)) == pytest.approx(expected, abs=1e-12)
