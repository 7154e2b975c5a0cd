import functools
import itertools
import pickle
import tracemalloc

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.metrics import Measurement, OnePass, OneSample, TwoSample
from latentot.metrics.streaming.covariance import CovarianceSketch
from latentot.metrics.streaming.norm import norm_ranks, norms
from latentot.metrics.streaming.ranks import RankGrid


class Facts(TwoSample, OnePass):
    """A metric of a reference implementation, and a sketch that is held to it."""

    title = formula = unit = citation = cost = error = "-"
    min_points = 2

    def __init__(self, name, judging, sketching, min_points=2):
        for key, value in {"name": name, "judging": judging, "sketching": sketching, "min_points": min_points}.items():
            object.__setattr__(self, key, value)

    def sketch(self, reference, rng):
        return self.sketching(reference)

    def _prepare(self, reference, rng, sizes):
        return self.judging(reference)


def norm_ks(reference):
    def judge(z):
        value = scipy.stats.ks_2samp(np.linalg.norm(z, axis=1), np.linalg.norm(reference, axis=1)).statistic
        return Measurement(value, value, len(z))

    return judge


def covariance(reference):
    def estimate(z):
        n, s = len(z), np.cov(z.T)
        q = (np.linalg.norm(z - z.mean(axis=0), axis=1) ** 4).sum() / (n - 1)
        return (n - 1) / (n * (n - 2) * (n - 3)) * ((n - 1) * (n - 2) * (s**2).sum() + np.trace(s) ** 2 - n * q)

    def judge(z):
        ours, theirs = np.cov(z.T), np.cov(reference.T)
        size = estimate(reference)
        value = (estimate(z) - 2 * (ours * theirs).sum() + size) / size
        return Measurement(value, ((ours - theirs) ** 2).sum() / (theirs**2).sum(), len(z))

    return judge


ABLE = {name: lot.drift(name) for name in lot.drifts() if isinstance(lot.drift(name), OnePass)}
METRICS = {name: metric for name, metric in ABLE.items() if isinstance(metric, TwoSample)} | {
    "norm-ks": Facts("norm-ks", norm_ks, norm_ranks),
    "covariance": Facts("covariance", covariance, CovarianceSketch.start, min_points=4),
}

LAWS = {
    "narrower": lambda rng, n: rng.standard_normal((n, 5)) * 0.9,
    "no drift": lambda rng, n: rng.standard_normal((n, 5)),
    "uniform": lambda rng, n: rng.uniform(-1, 1, (n, 5)),
    "shifted": lambda rng, n: rng.standard_normal((n, 5)) + 0.5,
    # Eighths: their squares and sums are exact, so that norms tie whatever order they are summed in.
    "ties": lambda rng, n: (rng.standard_normal((n, 5)) * 8).round() / 8,
    "beyond": lambda rng, n: rng.standard_normal((n, 5)) * 3 - 1000,
    "heavy tails": lambda rng, n: rng.standard_t(1.5, (n, 5)),
    "one coordinate constant": lambda rng, n: rng.standard_normal((n, 5)) * [1, 1, 1, 1, 0],
    "all alike": lambda _, n: np.full((n, 5), 0.3),
}


def state_of(metric, reference, *batches, rng=1):
    state = METRICS[metric].partial(reference, rng=rng)
    for batch in batches:
        state.update(batch)
    return state


@pytest.fixture(name="reference")
def reference_points():
    return lot.Normal(5).sample(4_500, rng=0)


def within_stated_error(metric, z, reference):
    """How far the value in one pass is from that in memory, and the error stated."""
    state = state_of(metric, reference, *np.array_split(z, 3))
    found, error = state.measure(), state.error
    expected = METRICS[metric].against(reference, rng=1)(z)
    # Projections are single precision, 1e-7 of their size.
    rounding = 1e-6 * max(1e-3, abs(expected.value))
    assert abs(found.value - expected.value) <= error + rounding
    assert found.raw == pytest.approx(expected.raw, abs=error + rounding)
    assert found.n_used == expected.n_used == len(z)
    return abs(found.value - expected.value), error


def test_those_that_stream():
    assert METRICS.keys() >= {"sliced-wasserstein", "norm-wasserstein", "marginal-ks"}


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("law", LAWS)
def test_the_stated_error_holds(metric, law, reference):
    within_stated_error(metric, LAWS[law](np.random.default_rng(2), 3_000), reference)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("law", ["ties", "heavy tails", "beyond", "one coordinate constant"])
def test_the_stated_error_holds_for_references_of_other_laws(metric, law):
    reference = LAWS[law](np.random.default_rng(3), 5_000)
    for other in ("narrower", law):
        within_stated_error(metric, LAWS[other](np.random.default_rng(2), 2_000), reference)


@pytest.mark.parametrize("metric", METRICS)
def test_the_stated_error_holds_at_100_000_points(metric, reference):
    apart, error = within_stated_error(metric, LAWS["narrower"](np.random.default_rng(2), 100_000), reference)
    if metric.endswith("wasserstein"):
        # Points lie on both sides of the middle of their bin.
        assert apart < 0.05 * error


@pytest.mark.parametrize("law", LAWS)
def test_the_stated_error_is_small_whatever_the_law(law, reference):
    z = LAWS[law](np.random.default_rng(2), 6_000)
    away = z - reference.mean(axis=0)
    spread = reference.std(axis=0)
    error = {metric: state_of(metric, reference, z).error for metric in METRICS}
    # Over 256 directions the mean of <a, v>^2 is |a|^2 / d within a tenth.
    rms = np.sqrt(1.1 * np.square(away).sum(axis=1).mean() / 5)
    assert 0 < error["sliced-wasserstein"] <= 2.0**-12 * (np.sqrt(np.square(spread).mean()) + rms)
    known = norms(reference)
    assert 0 < error["norm-wasserstein"] <= 2.0**-17 * (known.std() + np.abs(norms(z) - known.mean()).mean())
    assert error["marginal-ks"] <= 1 / 4095
    assert error["norm-ks"] <= 1 / 4095
    assert error["covariance"] == 0


@pytest.mark.parametrize("metric", ["marginal-ks", "norm-ks"])
def test_ks_is_exact_against_few_points_or_ties(metric, reference):
    z = LAWS["shifted"](np.random.default_rng(2), 5_000)
    for known in (reference[:4_096], reference[:700]):
        exact = METRICS[metric].against(known, rng=1)(z)
        state = state_of(metric, known, z)
        assert state.error == 0
        assert state.measure() == pytest.approx(exact, abs=1e-12)
    if metric == "marginal-ks":
        tied = LAWS["ties"](np.random.default_rng(3), 9_000)
        exact = METRICS[metric].against(tied, rng=1)(z)
        state = state_of(metric, tied, z)
        assert state.error == 0
        assert state.measure() == pytest.approx(exact, abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_merged_in_any_order(metric, reference):
    rng = np.random.default_rng(4)
    parts = [LAWS[law](rng, 500) for law in ("narrower", "heavy tails", "shifted", "uniform")]
    states = [state_of(metric, reference, part) for part in parts]
    values = []
    for order in itertools.islice(itertools.permutations(states), 0, 24, 9):
        values.append(functools.reduce(lambda a, b: a.merge(b), order).measure())
        values.append(order[0].merge(order[1]).merge(order[2].merge(order[3])).measure())
    values += [state_of(metric, reference, *parts).measure(), state_of(metric, reference, np.vstack(parts)).measure()]
    values.append(state_of(metric, reference, *np.array_split(np.vstack(parts), 23)).measure())
    for found in values:
        np.testing.assert_allclose(found, values[0], rtol=1e-6)
    assert values[0].n_used == 2_000
    assert [state.n for state in states] == [500] * 4
    assert states[0].measure() == state_of(metric, reference, parts[0]).measure()


@pytest.mark.parametrize("metric", METRICS)
def test_states_travel(metric, reference):
    z = LAWS["narrower"](np.random.default_rng(2), 4_000)
    here, there = state_of(metric, reference, z[:1_000]), state_of(metric, reference, z[1_000:])
    arrived = pickle.loads(pickle.dumps(there))  # noqa: S301
    assert arrived.merge(here).measure() == there.merge(here).measure()


@pytest.mark.parametrize("metric", METRICS)
def test_the_state_does_not_grow_with_the_points(metric, reference):
    rng = np.random.default_rng(5)
    # The ends of the range come first: bins widen for numbers farther out.
    state = state_of(metric, reference, rng.uniform(-2, 2, (4_000, 5)), np.array([[0.0] * 5, [2.0] * 5]))
    size = len(pickle.dumps(state))
    for _ in range(5):
        state.update(rng.uniform(-2, 2, (20_000, 5)))
    assert abs(len(pickle.dumps(state)) - size) < 100


@pytest.mark.parametrize("metric", METRICS)
def test_a_large_batch_takes_no_more_memory_than_a_small_one(metric, reference):
    z = np.random.default_rng(6).uniform(-2, 2, (200_000, 5)).astype(np.float32)
    state = state_of(metric, reference, z[:1_000])
    tracemalloc.start()
    state.update(z)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # All projections would take 200 MB.
    assert peak < 80e6


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda z: np.where(np.arange(len(z))[:, None] == len(z) - 1, np.nan, z),
            "finite: 5 values of a batch are NaN",
        ),
        (lambda z: np.where(np.arange(len(z))[:, None] == 2, -np.inf, z), "finite: 5 values of a batch are NaN"),
        (lambda z: z[:, :4], "4 coordinates and the reference 5"),
        (lambda z: z[:0, :4], "4 coordinates and the reference 5"),
        (lambda z: z[:, 0], "floating-point numbers of shape"),
        (lambda z: z.astype(int), "floating-point numbers of shape"),
    ],
    ids=["nan in the last row", "infinite", "too few coordinates", "none, of too few", "one-dimensional", "integers"],
)
def test_a_refused_batch_leaves_the_state(metric, spoil, message, reference):
    z = LAWS["narrower"](np.random.default_rng(2), 66_000)
    state = state_of(metric, reference, z[:100])
    before = state.measure()
    with pytest.raises(lot.InputError, match=message) as caught:
        state.update(spoil(z))
    assert "\n" not in str(caught.value)
    assert state.n == 100
    assert state.measure() == before


@pytest.mark.parametrize("metric", ["sliced-wasserstein", "norm-wasserstein", "covariance"])
def test_points_too_far_away_are_refused(metric, reference):
    state = state_of(metric, reference)
    with pytest.raises(lot.InputError, match="coordinate of 1e\\+80 is too far from the reference"):
        state.update(np.full((3, 5), 1e80))


@pytest.mark.parametrize("metric", METRICS)
def test_no_points_are_nothing(metric, reference):
    z = LAWS["narrower"](np.random.default_rng(2), 1_000)
    state = state_of(metric, reference, z[:0], z, z[:0])
    assert state.measure() == state_of(metric, reference, z).measure()
    assert state.merge(state_of(metric, reference)).measure() == state.measure()
    with pytest.raises(lot.InputError, match=f"{metric} needs at least {METRICS[metric].min_points} points, got 0"):
        state_of(metric, reference).measure()
    with pytest.raises(lot.InputError, match="points, got 0"):
        assert state_of(metric, reference).error


@pytest.mark.parametrize("metric", METRICS)
def test_states_of_other_references_or_seeds_or_metrics_do_not_merge(metric, reference):
    state = state_of(metric, reference)
    assert state.merge(state_of(metric, reference.copy(order="F"), rng=np.random.default_rng(1))).n == 0
    nearly = reference.copy()
    nearly[-1, -1] = np.nextafter(nearly[-1, -1], 9)
    for other in (state_of(metric, nearly), state_of(metric, reference[1:]), state_of(metric, reference, rng=2)):
        with pytest.raises(lot.InputError, match="different references or seeds"):
            state.merge(other)
    other = state_of("marginal-ks" if metric != "marginal-ks" else "covariance", reference)
    with pytest.raises(lot.InputError, match="does not merge with one of"):
        state.merge(other)


@pytest.mark.parametrize("metric", METRICS)
def test_points_may_have_any_shape_and_precision(metric, reference):
    z = LAWS["narrower"](np.random.default_rng(2), 500)
    state = state_of(metric, reference.reshape(-1, 5, 1), z[:250].reshape(250, 1, 5), z[250:].astype(np.float32))
    expected = state_of(metric, reference, z).measure()
    assert state.measure().value == pytest.approx(expected.value, rel=1e-4)


def test_metrics_that_need_all_points_name_those_that_do_not(reference):
    able = "mmd needs all points at once: in one pass over batches there are sliced-wasserstein, norm-wasserstein"
    with pytest.raises(lot.InputError, match=able):
        lot.drift("mmd").partial(reference, rng=0)


@pytest.mark.parametrize("metric", METRICS)
def test_a_bad_reference_is_refused_as_in_memory(metric, reference):
    with pytest.raises(lot.InputError, match="give draws of the prior"):
        METRICS[metric].partial(lot.Normal(5), rng=0)
    with pytest.raises(lot.InputError, match="reference points must be finite: 1 values"):
        METRICS[metric].partial(np.where(reference == reference[3, 2], np.nan, reference), rng=0)


def test_a_reference_without_spread():
    z, alike = LAWS["narrower"](np.random.default_rng(2), 500), np.full((100, 5), 2.0)
    for metric in METRICS.keys() - {"covariance"}:
        within_stated_error(metric, z, alike)
        within_stated_error(metric, z, np.zeros((100, 5)))
    with pytest.raises(lot.InputError, match="needs reference points that vary"):
        METRICS["covariance"].partial(alike, rng=0)


def test_one_sample_metrics_stream_too():
    class NormKS(OneSample, OnePass):
        name = "norm-ks-one-sample"
        title = formula = unit = citation = cost = error = "-"
        min_points, needs = 2, "radius"

        def sketch(self, reference, rng):
            return RankGrid.of_law(reference.radius, 1, norms)

        def _prepare(self, prior, rng):
            def judge(z):
                value = scipy.stats.kstest(np.linalg.norm(z, axis=1), "chi", (prior.dim,)).statistic
                return Measurement(value, value, len(z))

            return judge

    metric = NormKS()
    z = LAWS["narrower"](np.random.default_rng(2), 9_000)
    first, second = metric.partial(lot.Normal(5), rng=0), metric.partial(lot.Normal((1, 5)), rng=0)
    with pytest.raises(lot.InputError, match="different references or seeds"):
        first.merge(second)
    second = metric.partial(lot.Normal(5), rng=0)
    first.update(z[:5_000])
    second.update(z[5_000:])
    whole, expected = first.merge(second), metric(z, lot.Normal(5), rng=0)
    assert 0 <= expected - whole.measure().value <= whole.error <= 1 / 4095
    with pytest.raises(lot.InputError, match="give the prior"):
        metric.partial(z, rng=0)
