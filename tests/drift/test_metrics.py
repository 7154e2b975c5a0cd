import numpy as np
import ot
import pytest
import scipy.stats
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import rbf_kernel

import latentot as lot
from latentot.drift.metric import Measurement, stream

METRICS = lot.drifts()


@pytest.fixture(name="samples")
def two_samples():
    rng = np.random.default_rng(0)
    return rng.standard_normal((600, 5)) * 0.8 + 0.1, rng.standard_normal((900, 5))


@pytest.mark.parametrize("name", METRICS)
def test_lower_is_closer(name):
    prior = lot.Normal(6)
    judge = lot.drift(name).against(prior.sample(5_000, rng=0), rng=1)
    values = [judge(prior.sample(2_000, rng=2) * scale).value for scale in (1, 0.8, 0.5, 0.2)]
    assert values == sorted(values)


@pytest.mark.parametrize("name", METRICS)
def test_pure_functions_of_sample_reference_and_seed(name, samples):
    z, reference = samples
    before = z.copy(), reference.copy()
    value = lot.drift(name)(z, reference, rng=3)
    assert isinstance(value, float)
    assert value == lot.drift(name)(z, reference, rng=np.random.default_rng(3))
    assert value == lot.drift(name).against(reference, rng=3)(z).value
    np.testing.assert_array_equal(z, before[0])
    np.testing.assert_array_equal(reference, before[1])
    shaped = lot.drift(name)(z.reshape(600, 5, 1), reference.reshape(900, 1, 5), rng=3)
    assert shaped == value


@pytest.mark.parametrize("name", METRICS)
def test_facts_are_carried_as_data(name):
    metric = lot.drift(name)
    assert metric.name == name
    assert all((metric.title, metric.formula, metric.unit, metric.cost, metric.citation))


@pytest.mark.parametrize("shapes", [(600, 900), (900, 600), (500, 5_000), (700, 700)])
def test_sliced_wasserstein_is_that_of_pot_on_the_same_directions(shapes):
    n, m = shapes
    rng = np.random.default_rng(n)
    z, reference = rng.standard_normal((n, 5)) * 0.8 + 0.1, rng.standard_normal((m, 5))
    directions = stream(7).standard_normal((256, 5))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    expected = ot.sliced_wasserstein_distance(z, reference, projections=directions.T, p=2)
    assert lot.drift("sliced-wasserstein")(z, reference, rng=7) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("d", [2, 16, 128])
@pytest.mark.parametrize("t", [0.1, 0.25, 0.5])
def test_sliced_wasserstein_is_the_closed_form_whatever_the_dimension(d, t):
    prior = lot.Normal(d)
    y = lot.interpolation("linear", prior)(prior.sample(20_000, rng=0), prior.sample(20_000, rng=1), t)
    value = lot.drift("sliced-wasserstein")(y, prior.sample(200_000, rng=2), rng=3)
    expected = 1 - np.sqrt(t**2 + (1 - t) ** 2)
    # The sd of a sample's standard deviation is 1 / sqrt(2 n) = 0.005, shared by all directions at worst: four of them.
    assert value == pytest.approx(expected, abs=0.02 * 0.3 + 0.014 * (d == 2))


def test_norm_wasserstein_is_that_of_scipy(samples):
    z, reference = samples
    expected = scipy.stats.wasserstein_distance(np.linalg.norm(z, axis=1), np.linalg.norm(reference, axis=1))
    assert lot.drift("norm-wasserstein")(z, reference, rng=0) == pytest.approx(expected, rel=1e-12)


def test_norm_wasserstein_of_the_soap_bubble_is_the_closed_form():
    prior = lot.Normal(64)
    y = (prior.sample(20_000, rng=0) + prior.sample(20_000, rng=1)) / 2
    expected = (1 - np.sqrt(0.5)) * scipy.stats.chi(64).mean()
    assert lot.drift("norm-wasserstein")(y, prior.sample(200_000, rng=2), rng=0) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("ties", [False, True])
def test_marginal_ks_is_the_largest_of_scipy(samples, ties):
    z, reference = (sample.round(1) if ties else sample for sample in samples)
    expected = max(scipy.stats.ks_2samp(z[:, j], reference[:, j]).statistic for j in range(5))
    assert lot.drift("marginal-ks")(z, reference, rng=0) == pytest.approx(expected, abs=1e-12)


def test_mmd_is_that_of_scikit_learns_kernel(samples):
    z, reference = samples
    distances = cdist(reference, reference, "sqeuclidean")
    gamma = 1 / (2 * np.median(distances[np.triu_indices(900, 1)]))
    zz, zr, rr = rbf_kernel(z, z, gamma), rbf_kernel(z, reference, gamma), rbf_kernel(reference, reference, gamma)
    unbiased = (zz.sum() - 600) / (600 * 599) - 2 * zr.mean() + (rr.sum() - 900) / (900 * 899)
    biased = zz.mean() - 2 * zr.mean() + rr.mean()
    found = lot.drift("mmd").against(reference, rng=0)(z)
    assert found == Measurement(pytest.approx(unbiased, abs=1e-6), pytest.approx(biased, abs=1e-6), 600)


def test_mmd_is_unbiased_where_nothing_drifts():
    prior = lot.Normal(4)
    judge = [lot.drift("mmd").against(prior.sample(100, rng=seed), rng=0) for seed in range(200)]
    values = np.array([j(prior.sample(100, rng=1_000 + seed)).value for seed, j in enumerate(judge)])
    # Two-sided at four standard errors: false alarm 6e-5.
    assert abs(values.mean()) < 4 * values.std() / np.sqrt(len(values))


def test_emd_is_the_optimal_assignment(samples):
    z, reference = samples
    found = lot.drift("emd").against(reference, rng=0)(z)
    assert found.n_used == 300
    rng = stream(0).integers(2**63)
    x = z[np.random.default_rng(rng).permutation(600)]
    y = reference[np.random.default_rng(rng).permutation(900)]

    def assignment(a, b):
        cost = cdist(a, b, "sqeuclidean")
        return cost[linear_sum_assignment(cost)].mean()

    raw = assignment(x[:300], y[:300])
    debiased = raw - assignment(x[:300], x[300:]) / 2 - assignment(y[:300], y[300:600]) / 2
    assert found.raw == pytest.approx(raw, rel=1e-9)
    assert found.value == pytest.approx(debiased, rel=1e-7)


def test_emd_is_debiased_where_the_raw_value_has_the_wrong_sign():
    prior = lot.Normal(64)
    judge = lot.drift("emd").against(prior.sample(4_000, rng=0), rng=1)
    null = judge(prior.sample(2_000, rng=2))
    y = judge((prior.sample(2_000, rng=3) + prior.sample(2_000, rng=4)) / 2)
    assert y.raw == pytest.approx(61.9, abs=1)
    assert null.raw == pytest.approx(79.8, abs=1)
    assert y.value > 1 > abs(null.value)


@pytest.mark.parametrize(("name", "n_used"), [("mmd", 2_000), ("emd", 1_000), ("sliced-wasserstein", 5_000)])
def test_quadratic_metrics_subsample_and_say_so(name, n_used):
    z = lot.Normal(2).sample(5_000, rng=0)
    assert lot.drift(name).against(z, rng=0)(z + 1).n_used == n_used


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda z: z[:1], "needs at least"),
        (lambda z: np.where(np.arange(len(z))[:, None] == 3, np.nan, z), "must be finite: 5 values"),
        (lambda z: z[:, :4], "4 coordinates and the reference 5"),
        (lambda z: z[:, 0], "floating-point numbers of shape"),
        (lambda z: z.astype(int), "floating-point numbers of shape"),
    ],
)
def test_bad_input_is_one_clear_line(name, spoil, message, samples):
    z, reference = samples
    with pytest.raises(lot.InputError, match=message) as caught:
        lot.drift(name)(spoil(z), reference, rng=0)
    assert "\n" not in str(caught.value)


def test_unknown_metric_names_the_nearest():
    with pytest.raises(lot.InputError, match="did you mean 'marginal-ks'"):
        lot.drift("marginal_ks")
