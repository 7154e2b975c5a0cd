"""mmd, mmd-multi and energy: sums over all pairs."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import rbf_kernel

import latentot as lot
from latentot.metrics import Measurement
from latentot.numerics.pairs import squared_distances, total


@pytest.fixture(name="samples")
def two_samples():
    rng = np.random.default_rng(0)
    return rng.standard_normal((600, 5)) * 0.8 + 0.1, rng.standard_normal((900, 5))


@pytest.mark.parametrize("n", [1, 255, 256, 257, 700])
def test_sums_over_pairs_are_those_of_scipy(n):
    rng = np.random.default_rng(n)
    x, y = rng.standard_normal((n, 3)).astype(np.float32), rng.standard_normal((300, 3)).astype(np.float32)
    np.testing.assert_allclose(squared_distances(x, y), cdist(x, y, "sqeuclidean"), atol=1e-5)
    assert total(lambda squares: float(squares.sum()), x, y) == pytest.approx(
        cdist(x, y, "sqeuclidean").sum(), rel=1e-5
    )
    assert total(lambda squares: float(np.sqrt(squares).sum()), x, x) == pytest.approx(
        cdist(x, x).sum(), rel=1e-5, abs=0
    )


def test_mmd_multi_is_the_sum_of_scikit_learns_kernels(samples):
    z, reference = samples
    median = np.median(cdist(reference, reference)[np.triu_indices(900, 1)])
    unbiased = biased = 0.0
    for width in (0.25, 0.5, 1, 2, 4):
        gamma = 1 / (2 * (width * median) ** 2)
        zz, zr, rr = rbf_kernel(z, z, gamma), rbf_kernel(z, reference, gamma), rbf_kernel(reference, reference, gamma)
        unbiased += (zz.sum() - 600) / (600 * 599) - 2 * zr.mean() + (rr.sum() - 900) / (900 * 899)
        biased += zz.mean() - 2 * zr.mean() + rr.mean()
    found = lot.drift("mmd-multi").against(reference, rng=0)(z)
    assert found == Measurement(pytest.approx(unbiased, abs=1e-6), pytest.approx(biased, abs=1e-6), 600)


def test_mmd_multi_sees_a_drift_whose_scale_is_far_below_the_median_distance():
    # Two clusters 40 apart, each of which shrinks by a tenth: the median distance is that of the clusters.
    def clusters(seed, scale):
        rng = np.random.default_rng(seed)
        return rng.choice([-20.0, 20.0], (1_000, 1)) * [1, 0] + scale * rng.standard_normal((1_000, 2))

    scores = {}
    for name in ("mmd", "mmd-multi"):
        judge = lot.drift(name).against(clusters(0, 1.0), rng=1)
        null = [judge(clusters(seed, 1.0)).value for seed in range(10, 30)]
        drifted = [judge(clusters(seed, 0.7)).value for seed in range(30, 50)]
        scores[name] = (np.mean(drifted) - np.mean(null)) / np.std(null)
    assert scores["mmd-multi"] > 2 * scores["mmd"]


def test_energy_is_the_direct_formula(samples):
    z, reference = samples
    zz, zr, rr = cdist(z, z).sum(), cdist(z, reference).mean(), cdist(reference, reference).sum()
    unbiased = 2 * zr - zz / (600 * 599) - rr / (900 * 899)
    biased = 2 * zr - zz / 600**2 - rr / 900**2
    found = lot.drift("energy").against(reference, rng=0)(z)
    assert found == Measurement(pytest.approx(unbiased, abs=1e-6), pytest.approx(biased, abs=1e-6), 600)


def test_energy_in_one_dimension_is_twice_cramers_distance():
    # 2 integral (F - G)^2 dx: of N(0, 1) and N(1, 1) by quadrature.
    x = np.linspace(-9, 10, 20_001)
    from scipy.stats import norm

    expected = 2 * np.trapezoid((norm.cdf(x) - norm.cdf(x - 1)) ** 2, x)
    rng = np.random.default_rng(0)
    values = [
        lot.drift("energy")(rng.standard_normal((2_000, 1)) + 1, rng.standard_normal((2_000, 1)), rng=0)
        for _ in range(20)
    ]
    # Four standard errors, two-sided: false alarm 6e-5.
    assert np.mean(values) == pytest.approx(expected, abs=4 * np.std(values) / np.sqrt(20))


@pytest.mark.parametrize("name", ["mmd-multi", "energy"])
def test_unbiased_where_nothing_drifts(name):
    prior = lot.Normal(4)
    values = np.array(
        [lot.drift(name)(prior.sample(100, rng=2 * i), prior.sample(100, rng=2 * i + 1), rng=0) for i in range(300)]
    )
    # Two-sided at four standard errors: false alarm 6e-5. The raw value is ten and more of them away.
    assert abs(values.mean()) < 4 * values.std() / np.sqrt(len(values))


@pytest.mark.parametrize("name", ["mmd", "mmd-multi", "energy", "sinkhorn"])
def test_a_common_shift_changes_nothing(name, samples):
    z, reference = samples
    # In float32, |x - y|^2 would be off by 1,000^2 * 6e-8 = 6 % of 1.
    shifted = lot.drift(name)(z + 1_000.0, reference + 1_000.0, rng=0)
    assert shifted == pytest.approx(lot.drift(name)(z, reference, rng=0), abs=2e-6)


@pytest.mark.parametrize("name", ["mmd", "mmd-multi"])
@pytest.mark.parametrize("reference", [np.ones((50, 2)), np.repeat([[1.0, 2.0], [3.1, 0.7]], [20, 80], axis=0)])
def test_a_reference_of_copies_has_no_width(name, reference):
    with pytest.raises(lot.InputError, match="the median of their squared distances is 0"):
        lot.drift(name)(np.random.default_rng(0).standard_normal((50, 2)), reference, rng=0)
