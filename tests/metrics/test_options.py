"""Options of metrics: fields that are checked, shown, documented, and that change what is measured as they say."""

import dataclasses
import inspect
import types

import numpy as np
import pytest
import scipy.stats
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist, pdist

import latentot as lot
from latentot.metrics import METRICS, Metric

MADE = {name: METRICS.find(name) for name in METRICS.own}
OPTIONS = [(name, field) for name, made in MADE.items() for field in dataclasses.fields(made)]
IDS = [f"{name}-{field.name}" for name, field in OPTIONS]


def samples(n=60, m=90, d=2):
    rng = np.random.default_rng(0)
    return 0.7 * rng.standard_normal((n, d)), rng.standard_normal((m, d))


@pytest.mark.parametrize("name", lot.drifts())
def test_a_metric_is_a_class_whose_page_is_its_own(name):
    made, metric = MADE[name], lot.drift(name)
    assert type(metric) is made
    assert metric == made()
    page = inspect.getdoc(metric)
    assert page is not None
    assert f'lot.drift("{name}")' in page
    said = " ".join(page.split())
    assert f"References: {metric.citation}" in said
    assert [line.split(":")[0].strip() for line in page.splitlines() if line.startswith("    ") and ": " in line][
        : len(dataclasses.fields(metric))
    ] == [field.name for field in dataclasses.fields(metric)]
    assert not [other for other in MADE.values() if other is not made and issubclass(other, made)]
    with pytest.raises(dataclasses.FrozenInstanceError):
        metric.anything = 1


@pytest.mark.parametrize("name", ["mmd", "emd", "c2st", "energy", "covariance", "frechet", "sliced", "null"])
def test_a_module_is_not_hidden_by_a_name_of_the_package(name):
    assert isinstance(getattr(__import__(f"latentot.metrics.{name}").metrics, name), types.ModuleType)


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=IDS)
@pytest.mark.parametrize("value", [-1, 0.0, np.nan, np.inf, "many", None, True, [3]])
def test_what_an_option_does_not_take_is_one_line(name, option, value):
    with pytest.raises(lot.InputError, match=rf"^{option.name} of {name} is a .* got") as refused:
        lot.drift(name, **{option.name: value})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=IDS)
def test_an_option_is_shown_where_it_is_not_as_it_would_be_anyway(name, option):
    assert repr(lot.drift(name, **{option.name: option.default})) == f"{name}()"
    other = 3 * option.default
    metric = lot.drift(name, **{option.name: other})
    assert repr(metric) == f"{name}({option.name}={other!r})"
    assert metric != lot.drift(name)


def test_an_option_that_does_not_exist_is_one_line():
    with pytest.raises(lot.InputError, match="unknown option of the metric 'mmd' 'widht': did you mean 'width'"):
        lot.drift("mmd", widht=2.0)
    with pytest.raises(lot.InputError, match="unknown option of the metric 'norm-ks' 'width'"):
        lot.drift("norm-ks", width=2.0)


@pytest.mark.parametrize("width", [0.5, 1.0, 3.0])
def test_the_width_of_a_kernel_is_in_median_distances(width):
    z, reference = samples()
    scale = 2 * (width * np.median(pdist(reference))) ** 2
    zz, zr, rr = (np.exp(-cdist(*pair, "sqeuclidean") / scale) for pair in ((z, z), (z, reference), (reference,) * 2))
    n, m = len(z), len(reference)
    expected = (zz.sum() - n) / (n * (n - 1)) - 2 * zr.mean() + (rr.sum() - m) / (m * (m - 1))
    assert lot.drift("mmd", width=width)(z, reference, rng=0) == pytest.approx(expected, abs=1e-6)


def test_kernels_of_several_widths_add_up():
    z, reference = samples()
    one = [lot.drift("mmd", width=width)(z, reference, rng=0) for width in (3.0, 1.5, 0.75)]
    several = lot.drift("mmd-multi", widest=3.0, kernels=3)(z, reference, rng=0)
    assert several == pytest.approx(sum(one), abs=1e-6)


@pytest.mark.parametrize("neighbours", [1, 7])
def test_neighbours_are_counted(neighbours):
    z, reference = samples(m=200)
    # All of both samples are used of as many points, in any order: the mean is that of a sum.
    judge = lot.drift("knn-kl", neighbours=neighbours).against(reference[:59], rng=0)
    own = cKDTree(z).query(z, neighbours + 1)[0][:, -1]
    other = cKDTree(reference[:59]).query(z, [neighbours])[0][:, 0]
    assert judge(z).value == pytest.approx(2 * np.log(other / own).mean())


@pytest.mark.parametrize("name", ["sliced-wasserstein", "sliced-wasserstein-1"])
def test_more_directions_are_nearer_to_the_mean_over_all(name):
    z, reference = samples(2_000, 2_000, 8)
    z = z * np.linspace(0.2, 1.4, 8)

    def spread(directions):
        metric = lot.drift(name, directions=directions)
        return np.std([metric(z, reference, rng=seed) for seed in range(12)])

    # 64 times as many: 8 times less; a ratio below 3 of sds with 11 degrees of freedom has a chance of 1e-3.
    assert spread(16) > 3 * spread(1024)


def test_points_beyond_the_most_are_left_out():
    z, reference = samples(100, 100)
    for name in ("mmd", "energy", "sinkhorn", "c2st", "knn-kl"):
        assert lot.drift(name, max_points=40).against(reference, rng=0)(z).n_used == 40
    assert lot.drift("emd", max_points=40).against(reference, rng=0)(z).n_used == 20


def test_a_blur_without_end_leaves_the_shift():
    z, reference = samples()
    shift = np.square(z.mean(axis=0) + 1 - reference.mean(axis=0)).sum() / 2
    assert lot.drift("sinkhorn", blur=20.0).against(reference, rng=0)(z + 1).raw == pytest.approx(shift, rel=5e-3)


def test_a_search_of_more_steps_finds_no_less():
    z, reference = samples(300, 300, 12)
    z[:, 0] *= 0.4
    short, long = (lot.drift("max-sliced", candidates=4, kept=0, steps=k)(z, reference, rng=0) for k in (0, 20))
    assert long >= short


def test_states_of_other_options_do_not_merge():
    z, reference = samples()
    first, second = (lot.drift("sliced-wasserstein", directions=k).partial(reference, rng=0) for k in (64, 128))
    with pytest.raises(lot.InputError, match="different references or seeds"):
        first.merge(second)
    first.update(z)
    exact = lot.drift("sliced-wasserstein", directions=64)(z, reference, rng=0)
    assert abs(first.measure().value - exact) <= first.error


def test_texts_say_what_the_options_are():
    metric = lot.drift("knn-kl", neighbours=9, max_points=700)
    assert (metric.min_points, metric.cost.split(";")[0]) == (10, "O(k^2 d), k = min(n, 700)")
    assert lot.drift("c2st", folds=3).error.endswith("3 folds")
    assert lot.drift("sliced-wasserstein", directions=32).cost.endswith("L = 32 directions")


def test_points_can_be_read_only():
    """A metric that changed its points would change what the others measure."""

    def halving(z, reference, *, rng):
        z /= 2
        return 0.0

    z, reference = samples()
    before = z.copy()
    with pytest.raises(lot.InputError, match="halving changes its points: work on copies"):
        lot.metrics.as_metric(halving)(z, reference, rng=0)
    np.testing.assert_array_equal(z, before)
    assert z.flags.writeable


@pytest.mark.parametrize(
    "plain",
    [scipy.stats.wasserstein_distance_nd, lambda z, reference: abs(z.std() - reference.std())],
    ids=["of scipy", "lambda"],
)
def test_a_function_that_draws_nothing_needs_no_rng(plain):
    z, reference = (points[:40] for points in samples())
    assert lot.metrics.as_metric(plain)(z, reference, rng=0) == pytest.approx(float(plain(z, reference)), rel=1e-6)


def test_a_function_that_takes_all_has_rng_too():
    seeds = []
    lot.metrics.as_metric(lambda *_, **rest: seeds.append(rest["rng"]) or 0.0)(*samples(), rng=0)
    assert len(seeds) == 1


@pytest.mark.parametrize(
    ("given", "message"), [(3, "got int"), (Metric, "got Metric"), (MADE["mmd"], "got MMD"), (None, "NoneType")]
)
def test_what_is_no_metric_is_one_line(given, message):
    with pytest.raises(lot.InputError, match=message):
        lot.metrics.as_metric(given)
