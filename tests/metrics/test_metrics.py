import numpy as np
import ot
import pytest
import scipy.integrate
import scipy.stats
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import rbf_kernel

import latentot as lot
from latentot.metrics import OneSample
from latentot.metrics.metric import Measurement, stream

METRICS = lot.drifts()
ONE_SAMPLE = [name for name in METRICS if isinstance(lot.drift(name), OneSample)]


def known(name, reference):
    """What a metric holds points against: N(0, I) itself for a one-sample metric, else draws of it."""
    return lot.Normal(reference.shape[1:]) if name in ONE_SAMPLE else reference


@pytest.fixture(name="samples")
def two_samples():
    rng = np.random.default_rng(0)
    return rng.standard_normal((600, 5)) * 0.8 + 0.1, rng.standard_normal((900, 5))


@pytest.mark.parametrize("name", METRICS)
def test_lower_is_closer(name):
    prior = lot.Normal(6)
    judge = lot.drift(name).against(known(name, prior.sample(1_000, rng=0)), rng=1)
    values = [judge(prior.sample(500, rng=2) * scale).value for scale in (1, 0.8, 0.5, 0.2)]
    assert values == sorted(values)


@pytest.mark.parametrize("name", METRICS)
def test_pure_functions_of_sample_reference_and_seed(name, samples):
    z, reference = samples
    before = z.copy(), reference.copy()
    value = lot.drift(name)(z, known(name, reference), rng=3)
    assert isinstance(value, float)
    assert value == lot.drift(name)(z, known(name, reference), rng=np.random.default_rng(3))
    assert value == lot.drift(name).against(known(name, reference), rng=3)(z).value
    np.testing.assert_array_equal(z, before[0])
    np.testing.assert_array_equal(reference, before[1])
    shaped = lot.drift(name)(z.reshape(600, 5, 1), known(name, reference.reshape(900, 1, 5)), rng=3)
    assert shaped == value


@pytest.mark.parametrize("name", METRICS)
def test_sizes_that_are_known_change_nothing(name, samples):
    z, reference = samples
    judge, prepared = (
        lot.drift(name).against(known(name, reference), rng=3, sizes=sizes) for sizes in ([], [len(z), len(z) // 2])
    )
    for points in (z, z[: len(z) // 2]):
        assert prepared(points) == judge(points)


def test_a_judge_says_for_which_sizes_it_was_prepared(samples):
    z, reference = samples
    judge = lot.drift("sliced-wasserstein").against(reference, rng=3, sizes=[600, 75])
    with pytest.raises(lot.InputError, match=r"samples of 600 or 75 points, got 300: prepare one without sizes"):
        judge(z[:300])


@pytest.mark.parametrize("name", METRICS)
def test_a_judge_does_not_remember_what_it_judged(name, samples):
    z, reference = samples
    judge = lot.drift(name).against(known(name, reference), rng=3)
    first = judge(z)
    judge(z[:300] * 2)
    assert judge(z) == first


@pytest.mark.parametrize("name", METRICS)
def test_single_precision_is_measured_as_well(name, samples):
    z, reference = samples
    single = lot.drift(name)(z.astype(np.float32), known(name, reference.astype(np.float32)), rng=3)
    assert single == pytest.approx(lot.drift(name)(z, known(name, reference), rng=3), rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(
    "sample",
    [
        lambda z: z[:, :1],
        lambda z: z.round(1),
        lambda z: np.concatenate([z[:300], z[:300]]),
        lambda z: z * [1, 1, 1, 1, 0],
        lambda z: z + np.array([0, 0, 0, 0, 30]),
        np.zeros_like,
    ],
    ids=["one coordinate", "ties", "every point twice", "a constant coordinate", "far away", "all alike"],
)
def test_awkward_samples_are_measured_unless_the_value_is_infinite(name, sample, samples):
    z, reference = sample(samples[0]), samples[1][:, : sample(samples[0]).shape[1]]
    judge = lot.drift(name).against(known(name, reference), rng=3)
    if name == "gaussian-kl" and (np.ptp(z, axis=0) == 0).any():
        with pytest.raises(lot.InputError, match=r"is infinite: .* constant"):
            judge(z)
    elif name == "knn-kl" and not z.any():
        with pytest.raises(lot.InputError, match="600 points coincide"):
            judge(z)
    else:
        assert np.isfinite(judge(z)).all()


@pytest.mark.parametrize("name", [name for name in METRICS if name not in {*ONE_SAMPLE, "c2st"}])
def test_a_sample_held_against_itself_is_no_farther_than_any_other(name, samples):
    _, reference = samples
    judge = lot.drift(name).against(reference, rng=3)
    assert judge(reference).value < judge(lot.Normal(5).sample(900, rng=9)).value + 1e-6


def test_a_classifier_sees_no_difference_of_a_sample_from_itself(samples):
    """By chance it can see less than none, so that another sample may read below 0."""
    _, reference = samples
    assert abs(lot.drift("c2st")(reference, reference, rng=3)) < 1e-9


@pytest.mark.parametrize("name", METRICS)
def test_what_it_is_held_against_is_of_the_right_kind(name, samples):
    z, reference = samples
    wrong = reference if name in ONE_SAMPLE else lot.Normal(5)
    with pytest.raises(lot.InputError, match=r"give (the prior|draws of the prior)"):
        lot.drift(name)(z, wrong, rng=0)


@pytest.mark.parametrize("name", METRICS)
def test_facts_are_carried_as_data(name):
    metric = lot.drift(name)
    assert metric.name == name
    assert all((metric.title, metric.formula, metric.unit, metric.cost, metric.error, metric.citation))


@pytest.mark.parametrize("shapes", [(600, 900), (900, 600), (500, 5_000), (700, 700)])
def test_sliced_wasserstein_is_that_of_pot_on_the_same_directions(shapes):
    n, m = shapes
    rng = np.random.default_rng(n)
    z, reference = rng.standard_normal((n, 5)) * 0.8 + 0.1, rng.standard_normal((m, 5))
    directions = stream(7).standard_normal((256, 5))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    expected = ot.sliced_wasserstein_distance(z, reference, projections=directions.T, p=2)
    assert lot.drift("sliced-wasserstein")(z, reference, rng=7) == pytest.approx(expected, rel=1e-5)
    expected = ot.sliced_wasserstein_distance(z, reference, projections=directions.T, p=1)
    assert lot.drift("sliced-wasserstein-1")(z, reference, rng=7) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("d", [2, 128])
def test_sliced_wasserstein_is_the_closed_form_whatever_the_dimension(d):
    prior = lot.Normal(d)
    judge = lot.drift("sliced-wasserstein").against(prior.sample(100_000, rng=2), rng=3, sizes=[20_000])
    z0, z1 = prior.sample(20_000, rng=0), prior.sample(20_000, rng=1)
    for t in (0.1, 0.25, 0.5):
        value = judge(lot.interpolation("linear", prior)(z0, z1, t)).value
        expected = 1 - np.sqrt(t**2 + (1 - t) ** 2)
        # The sd of a sample's standard deviation is 1 / sqrt(2 n) = 0.005, shared by all directions at worst: four.
        assert value == pytest.approx(expected, abs=0.02 * 0.3 + 0.014 * (d == 2)), t


def test_sliced_wasserstein_1_is_the_closed_form():
    prior = lot.Normal(16)
    y = prior.sample(10_000, rng=0) * np.sqrt(0.5)
    value = lot.drift("sliced-wasserstein-1")(y, prior.sample(50_000, rng=2), rng=3)
    # Scales of 16 directions at right angles have sd 0.007 / 4 on the mean: four of them, halved by s.
    assert value == pytest.approx((1 - np.sqrt(0.5)) * np.sqrt(2 / np.pi), abs=0.005)


def test_norm_wasserstein_is_that_of_scipy(samples):
    z, reference = samples
    expected = scipy.stats.wasserstein_distance(np.linalg.norm(z, axis=1), np.linalg.norm(reference, axis=1))
    assert lot.drift("norm-wasserstein")(z, reference, rng=0) == pytest.approx(expected, rel=1e-12)


def test_norm_wasserstein_of_the_soap_bubble_is_the_closed_form():
    prior = lot.Normal(64)
    y = (prior.sample(20_000, rng=0) + prior.sample(20_000, rng=1)) / 2
    expected = (1 - np.sqrt(0.5)) * scipy.stats.chi(64).mean()
    assert lot.drift("norm-wasserstein")(y, prior.sample(200_000, rng=2), rng=0) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("name", ["norm-wasserstein", "norm-ks"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_rounding_of_norms_that_are_all_equal_is_no_drift(name, dtype):
    prior = lot.Sphere(8)
    z0, z1 = (prior.sample(500, rng=seed).astype(dtype) for seed in (0, 1))
    reference = prior.sample(5_000, rng=2)
    judge = lot.drift(name).against(reference, rng=3)
    for path in ("spherical", "normalized", "matched"):
        z = lot.interpolation(path, prior)(z0, z1, 0.3)
        assert judge(z).value == 0
        state = lot.drift(name).partial(reference, rng=3)
        state.update(z)
        assert state.measure().value <= state.error
    assert judge(lot.interpolation("linear", prior)(z0, z1, 0.3)).value > 0.1


def test_norm_ks_is_that_of_scipy(samples):
    z, reference = samples
    expected = scipy.stats.ks_2samp(np.linalg.norm(z, axis=1), np.linalg.norm(reference, axis=1)).statistic
    assert lot.drift("norm-ks")(z, reference, rng=0) == pytest.approx(expected, abs=1e-12)


def test_marginal_wasserstein_is_the_mean_of_scipy(samples):
    z, reference = samples
    expected = np.mean([scipy.stats.wasserstein_distance(z[:, j], reference[:, j]) for j in range(5)])
    assert lot.drift("marginal-wasserstein")(z, reference, rng=0) == pytest.approx(expected, rel=1e-12)


def test_marginal_metrics_of_a_change_of_scale_are_their_closed_forms():
    prior = lot.Normal(8)
    y, reference = prior.sample(20_000, rng=0) * np.sqrt(0.5), prior.sample(200_000, rng=1)
    expected = (1 - np.sqrt(0.5)) * np.sqrt(2 / np.pi)
    # Each of 8 scales has sd 0.005 / sqrt(2): four of their mean's are 0.005.
    assert lot.drift("marginal-wasserstein")(y, reference, rng=0) == pytest.approx(expected, abs=0.005)
    law = scipy.stats.norm

    def weighted(x, share):
        pooled = share * law.cdf(x * np.sqrt(2)) + (1 - share) * law.cdf(x)
        density = share * law.pdf(x * np.sqrt(2)) * np.sqrt(2) + (1 - share) * law.pdf(x)
        return (law.cdf(x * np.sqrt(2)) - law.cdf(x)) ** 2 / (pooled * (1 - pooled)) * density

    for name, against, share in [("", reference, 1 / 11), ("-one-sample", prior, 0)]:
        expected = scipy.integrate.quad(weighted, -8, 8, args=(share,))[0]
        found = lot.drift(f"marginal-anderson-darling{name}")(y, against, rng=0)
        # A relative error of 0.005 / sqrt(2 * 8) in the scale counts about five times: four sd are 0.03.
        assert found == pytest.approx(expected, rel=0.03)


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
        lot.drift(name)(spoil(z), known(name, reference), rng=0)
    assert "\n" not in str(caught.value)


def test_unknown_metric_names_the_nearest():
    with pytest.raises(lot.InputError, match="did you mean 'marginal-ks'"):
        lot.drift("marginal-kss")
