import numpy as np
import ot
import pytest
import scipy.stats

from latentot.metrics.cdf_distance import largest_kolmogorov_smirnov
from latentot.numerics.quantiles import QuantileBlocks

SHAPES = [(1, 1), (2, 5), (7, 7), (10, 100), (100, 10), (97, 101), (60, 1_000), (1_000, 60), (300, 299)]


def pairs(n, m, ties):
    rng = np.random.default_rng(100 * n + m)
    z, reference = rng.standard_normal((5, n)) * [[1], [0.5], [2], [1], [0]] + [[0], [0], [0], [0.2], [0]], None
    reference = rng.standard_normal((5, m))
    z, reference = (x.round(1) if ties else x for x in (z, reference))
    return np.sort(z, axis=1), np.sort(reference, axis=1)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("ties", [False, True])
def test_w1_is_that_of_scipy_for_any_n_and_m(shape, ties):
    z, reference = pairs(*shape, ties)
    expected = [scipy.stats.wasserstein_distance(a, b) for a, b in zip(z, reference, strict=True)]
    np.testing.assert_allclose(QuantileBlocks(reference).w1(z), expected, rtol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_squared_w2_is_that_of_pot_for_any_n_and_m(shape):
    z, reference = pairs(*shape, ties=False)
    expected = [ot.emd2_1d(a, b) for a, b in zip(z, reference, strict=True)]
    np.testing.assert_allclose(QuantileBlocks(reference).squared_w2(z), expected, rtol=1e-9, atol=1e-12)


def test_a_sample_is_at_no_distance_from_itself_nor_from_its_copies():
    sample = np.sort(np.random.default_rng(0).standard_normal((3, 50)))
    blocks = QuantileBlocks(np.repeat(sample, 4, axis=1))
    assert blocks.w1(sample).max() < 1e-14
    assert blocks.squared_w2(sample).max() < 1e-14


@pytest.mark.parametrize("decimals", [15, 1, 0])
def test_the_largest_ks_distance_is_exact_for_any_sizes_and_ties(decimals):
    rng = np.random.default_rng(decimals)
    for _ in range(60):
        n, m, d = rng.integers(1, [3_000, 400, 5])
        z = rng.standard_normal((n, d)).round(decimals)
        reference = (rng.standard_normal((m, d)) * rng.uniform(0.5, 2) + rng.integers(0, 2)).round(decimals)
        expected = max(scipy.stats.ks_2samp(z[:, j], reference[:, j], method="asymp").statistic for j in range(d))
        found = largest_kolmogorov_smirnov(np.sort(z.T, axis=1), np.sort(reference.T, axis=1))
        assert found == pytest.approx(expected, abs=1e-12)
