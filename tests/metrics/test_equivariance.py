"""How every metric answers to z -> a z + b, in memory and in one pass: as it says, at any scale and offset."""

import functools

import numpy as np
import ot
import pytest
import scipy.stats
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import rbf_kernel

import latentot as lot
from latentot.metrics import Metric, OnePass, OneSample
from latentot.metrics.metric import stream

METRICS = [lot.drift(name) for name in lot.drifts()]
TWO_SAMPLE = [metric for metric in METRICS if not isinstance(metric, OneSample)]
FRAMED = [metric for metric in METRICS if metric.precision is not None]
D = 3

EXACT, OFFSETS = (2.0**-100, 2.0**-27, 1.0, 2.0**27, 2.0**100), (0.0, 1e3, 1e6, 1e9)
CASES = [
    *(("float64", a, b) for a in EXACT for b in OFFSETS),
    *(("float64", a, 0.0) for a in (1e-30, 1e-8, 3.0, 1e8, 1e30)),
    *(("float32", a, b) for a, b in [(2.0**-100, 1e3), (2.0**-27, 0.0), (1.0, 1e6), (2.0**100, 1e3)]),
]
"""Precision, scale a and offset in spreads. Points are whole multiples of 2^-14, of 2^-4 in single precision, so that
a (z + offset) is exact where a is a power of two: what is measured is then the same to the last bit."""


def points(dtype="float64"):
    """Two samples that differ in place, width and size."""
    rng, grid = np.random.default_rng(0), 2.0**4 if dtype == "float32" else 2.0**14
    draws = rng.standard_normal((60, D)) * 0.75 + 0.25, rng.standard_normal((80, D))
    return tuple(np.round(draw * grid) / grid for draw in draws)


def measured(metric: Metric, dtype: str, scale: float, offset: float):
    z, reference = ((scale * (some + offset)).astype(dtype) for some in points(dtype))
    against = lot.Normal(D, scale * offset, scale) if isinstance(metric, OneSample) else reference
    return metric.against(against, rng=1)(z)


@functools.cache
def expected(name: str, dtype: str, offset: float):
    return measured(lot.drift(name), dtype, 1.0, offset)


@pytest.mark.parametrize("metric", METRICS, ids=lot.drifts())
def test_values_answer_to_scale_and_offset_as_the_metric_says(metric):
    for dtype, scale, offset in CASES:
        if isinstance(metric, OneSample) and metric.origin and offset:
            with pytest.raises(lot.InputError, match=f"{metric.name} needs a prior with a radius"):
                measured(metric, dtype, scale, offset)
            continue
        found = measured(metric, dtype, scale, offset)
        wanted = expected(metric.name, dtype, offset if metric.origin else 0.0)
        # A prior's own quantiles are numbers near the offset, rounded there.
        rounding = 1e-9 + (np.finfo(np.float64).eps * offset if isinstance(metric, OneSample) else 0)
        for value, want in zip(found[:2], wanted[:2], strict=True):
            assert value == pytest.approx(want * scale**metric.degree, rel=rounding, abs=0), (dtype, scale, offset)
        assert found.n_used == wanted.n_used


@pytest.mark.parametrize("metric", METRICS, ids=lot.drifts())
@pytest.mark.parametrize("scale", [1e-75, 1e75, 2.0**-1015, 1e306])
def test_values_at_the_ends_of_the_range_are_right_or_refused(metric, scale):
    wanted = expected(metric.name, "float64", 0.0).value
    if metric.degree == 2 and not 1e-100 < scale < 1e100:
        with pytest.raises(lot.InputError, match=f"^{metric.name}, in squared latent units, leaves the range"):
            measured(metric, "float64", scale, 0.0)
    else:
        found = measured(metric, "float64", scale, 0.0).value
        for _ in range(metric.degree):
            found /= scale
        assert found == pytest.approx(wanted, rel=1e-9)


def of_norms(z, reference):
    return scipy.stats.wasserstein_distance(np.linalg.norm(z, axis=1), np.linalg.norm(reference, axis=1))


def of_projections(z, reference, p):
    directions = stream(1).standard_normal((256, D))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return ot.sliced_wasserstein_distance(z, reference, projections=directions.T, p=p)


def of_distances(z, reference):
    n, m = len(z), len(reference)
    return (
        2 * cdist(z, reference).mean()
        - cdist(z, z).sum() / (n * (n - 1))
        - cdist(reference, reference).sum() / (m * (m - 1))
    )


def of_neighbours(z, reference):
    n = len(z)
    chosen = reference[np.random.default_rng(stream(1).integers(2**63)).permutation(len(reference))[: n - 1]]
    own, other = np.sort(cdist(z, z), axis=1)[:, 5], np.sort(cdist(z, chosen), axis=1)[:, 4]
    return D * np.log(other / own).mean()


INDEPENDENT = {
    "sliced-wasserstein": lambda z, r: of_projections(z, r, 2),
    "sliced-wasserstein-1": lambda z, r: of_projections(z, r, 1),
    "marginal-wasserstein": lambda z, r: np.mean(
        [scipy.stats.wasserstein_distance(z[:, j], r[:, j]) for j in range(D)]
    ),
    "norm-wasserstein": of_norms,
    "energy": of_distances,
    "knn-kl": of_neighbours,
    "norm-ks": lambda z, r: scipy.stats.ks_2samp(np.linalg.norm(z, axis=1), np.linalg.norm(r, axis=1)).statistic,
    "marginal-ks": lambda z, r: max(scipy.stats.ks_2samp(z[:, j], r[:, j]).statistic for j in range(D)),
}


@pytest.mark.parametrize("name", INDEPENDENT)
@pytest.mark.parametrize(("dtype", "offset"), [("float64", 1e6), ("float64", -(2.0**30)), ("float32", 3e4)])
def test_values_far_from_the_origin_are_those_of_other_libraries(name, dtype, offset):
    # The others compute in double precision about 0: digits are lost to the offset, 1e-16 of it in each.
    z, reference = (np.float64(((some + offset) * 3).astype(dtype)) for some in points())
    found = lot.drift(name)(z.astype(dtype), reference.astype(dtype), rng=1)
    assert found == pytest.approx(INDEPENDENT[name](z, reference), rel=2e-6, abs=1e-9 + 1e-12 * abs(offset) * 3)


SHIFT = 1e9
SHIFTED = {
    "sliced-wasserstein": lambda d: SHIFT * np.sqrt(np.square(d[:, 0]).mean()),
    "sliced-wasserstein-1": lambda d: SHIFT * np.abs(d[:, 0]).mean(),
    "max-sliced": lambda _: SHIFT,
    "norm-wasserstein": lambda _: SHIFT,
    "norm-ks": lambda _: 1.0,
    "marginal-ks": lambda _: 1.0,
    "marginal-wasserstein": lambda _: SHIFT / D,
    "energy": lambda _: 2 * SHIFT,
    "emd": lambda _: SHIFT**2,
    "sinkhorn": lambda _: SHIFT**2 / 2,
    "frechet": lambda _: SHIFT**2,
    "covariance": lambda _: expected("covariance", "float64", 0.0).value,
    "knn-kl": lambda _: shifted_neighbours(),
    "c2st": lambda _: 0.5,
}


def shifted_neighbours():
    z, _ = points()
    return D * np.log(SHIFT / np.sort(cdist(z, z), axis=1)[:, 5]).mean()


@pytest.mark.parametrize("name", SHIFTED)
def test_a_sample_far_from_its_reference_is_as_far_as_it_is(name):
    z, reference = points()
    directions = stream(1).standard_normal((256, D))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    found = lot.drift(name)(z + np.array([SHIFT, 0, 0]), reference, rng=1)
    assert found == pytest.approx(SHIFTED[name](directions), rel=1e-6)


@pytest.mark.parametrize("d", [3, 20])
def test_points_that_are_far_from_their_reference_still_know_each_other(d):
    # In more than 15 coordinates scikit-learn finds neighbours by products, which lose the digits of far points.
    rng = np.random.default_rng(0)
    z, reference = np.round(rng.standard_normal((2, 200, d)) * 2**14) / 2**14
    z += SHIFT
    gamma = 1 / (2 * np.median(cdist(reference, reference, "sqeuclidean")[np.triu_indices(200, 1)]))
    within = sum(rbf_kernel(some, gamma=gamma).sum() - 200 for some in (z - SHIFT, reference)) / (200 * 199)
    assert lot.drift("mmd")(z, reference, rng=1) == pytest.approx(within, rel=1e-6)
    own = np.sort(cdist(z, z), axis=1)[:, 5]
    assert lot.drift("knn-kl")(z, reference, rng=1) == pytest.approx(d * np.log(SHIFT * d**0.5 / own).mean(), rel=1e-6)


def odd_references():
    """References that leave a metric little to hold on to, by what is odd about them."""
    _, reference = points()
    outlier, apart = reference.copy(), reference.copy()
    outlier[3, 1], apart[7, 2] = 1e12, 1e200
    return {
        "all at the origin": reference * 0,
        "all at one place": reference * 0 + [0.1, -7.0, 1e6],
        "a coordinate is constant": reference * [1, 1, 0] + 0.1,
        "coordinates of other sizes": reference * [1e-12, 1, 1e12],
        "mostly equal": np.where(reference > 1, reference, 0.1),
        "subnormal": reference * 5e-320,
        "an outlier": outlier,
        "an outlier beyond range": apart,
    }


@pytest.mark.parametrize("metric", TWO_SAMPLE, ids=lambda metric: metric.name)
@pytest.mark.parametrize("odd", odd_references())
def test_odd_references_are_measured_alike_at_any_scale_or_refused_by_name(metric, odd):
    reference = odd_references()[odd]
    z = points()[0] * 5e-320 if odd == "subnormal" else points()[0]
    found = [measured_or_refused(metric, scale * z, scale * reference) for scale in (1.0, 2.0**100)]
    refusals = [refusal for refusal in found if isinstance(refusal, str)]
    assert all(metric.name in refusal and "\n" not in refusal for refusal in refusals)
    # A distance that would itself be subnormal is refused.
    assert len(refusals) in {0, 2} or (odd == "subnormal" and metric.degree)
    if not refusals:
        # Subnormal numbers have fewer units of their spread than single precision tells apart from others.
        assert found[1] / 2.0 ** (100 * metric.degree) == pytest.approx(
            found[0], rel=1e-9 if odd != "subnormal" else 1e-6
        )


def measured_or_refused(metric, z, reference):
    try:
        return metric(z, reference, rng=1)
    except lot.InputError as refusal:
        return str(refusal)


@pytest.mark.parametrize(
    "metric", [metric for metric in METRICS if isinstance(metric, OnePass)], ids=lambda metric: metric.name
)
def test_in_one_pass_the_stated_error_holds_at_any_scale_and_offset(metric):
    for dtype, scale, offset in CASES[::3]:
        z, reference = ((scale * (some + offset)).astype(dtype) for some in points(dtype))
        against = lot.Normal(D, scale * offset, scale) if isinstance(metric, OneSample) else reference
        state = metric.partial(against, rng=1)
        for batch in np.array_split(z, 4):
            state.update(batch)
        here = metric.against(against, rng=1)(z)
        unit = scale**metric.degree
        assert abs(state.measure().value - here.value) <= state.error * (1 + 1e-6) + 1e-12 * unit * (1 + offset)
        if not metric.origin:
            assert state.error <= 1e-3 * unit


@pytest.mark.parametrize("metric", FRAMED, ids=lambda metric: metric.name)
def test_points_beyond_what_can_be_squared_are_refused_by_name(metric):
    z, reference = points()
    z[5, 1] = 1e250
    with pytest.raises(lot.InputError, match=f"^{metric.name} takes points up to .* leave out outliers"):
        metric(z, reference, rng=1)
