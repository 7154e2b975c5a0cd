"""Small versions of what benchmarks/validity measures, and whether the measuring itself is right."""

import dataclasses
import math

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.study.work.batch import PairBatch
from latentot.study.work.plan import Plan

CHEAP = ("norm-wasserstein", "marginal-ks")


@pytest.fixture(name="type_one")
def type_one_script(script):
    return script("type_one")


@pytest.fixture(name="store")
def store_of_its_own(script, tmp_path):
    return script("measured").Store(tmp_path / "store")


def setting(type_one, *methods):
    return type_one.Setting("Normal 3", lot.Normal(3), methods, first_seed=7_000)


def test_methods_that_keep_the_prior_are_hardly_ever_said_to_drift_and_linear_is(type_one, store):
    design = type_one.Design(CHEAP, n=100, null_draws=39)
    rates = type_one.run(design, store, [setting(type_one, "matched", "cauchy", "linear")], 20, jobs=1, every=99)
    alarms = {method: found for (_, method), (_, found) in rates.cells.items()}
    # p < 0.05 is p = 1/40 here: more than 4 of 20 happen with probability 1e-4 a method.
    assert alarms["matched"] <= 4
    assert alarms["cauchy"] <= 4
    assert alarms["linear"] >= 19


def test_a_null_that_is_not_that_of_the_observations_is_caught(type_one, store, monkeypatch):
    def of_more_points(plan, population, number):
        n = 3 * population.n
        both = plan.fresh(population, "null", number, 2 * n)
        return PairBatch(both[:n], both[n:], plan.judges(population), plan.seen)

    monkeypatch.setattr(Plan, "null", of_more_points)
    design = type_one.Design(CHEAP, n=100, null_draws=39)
    rates = type_one.run(design, store, [setting(type_one, "matched")], 20, jobs=1, every=99)
    # Of a null that is right, more than 4 of 20 are found with probability 1e-4.
    assert rates.pooled > 0.2


def test_p_values_are_those_of_a_comparison_whenever_a_metric_is_added(type_one, store):
    own = setting(type_one, "matched", "cauchy")
    metrics = (*CHEAP, "sliced-wasserstein")
    for measured in (CHEAP, metrics):
        _, p = type_one.study(type_one.Design(measured, n=100, null_draws=39), store, own, 5)
    compared = lot.compare(
        own.prior, own.methods, metrics, t=(0.1, 0.25, 0.5), n=100, repeats=1, seed=7_005, null_draws=39, cache=False
    )
    np.testing.assert_array_equal(p[:, 0], compared.verdict()["p_value"])
    assert p.shape == (2, 1 + len(metrics))


def test_a_run_that_was_cut_off_goes_on(type_one, store, monkeypatch):
    design, settings = type_one.Design(CHEAP, n=50, null_draws=20), [setting(type_one, "matched")]
    type_one.run(design, store, settings, 2, jobs=1, every=99)
    measured, measure = [], type_one.Design.measure

    def counted(self, own, number, metrics):
        measured.append(number)
        return measure(self, own, number, metrics)

    monkeypatch.setattr(type_one.Design, "measure", counted)
    type_one.run(design, store, settings, 4, jobs=1, every=99)
    assert measured == [2, 3]


def test_what_another_design_measured_is_not_added_to(type_one, store):
    own = setting(type_one, "matched")
    type_one.study(type_one.Design(CHEAP, n=50, null_draws=20), store, own, 0)
    with pytest.raises(lot.InputError, match="another design"):
        type_one.study(type_one.Design((*CHEAP, "mmd"), n=60, null_draws=20), store, own, 0)


def test_rates_and_their_error_by_hand(type_one):
    own = setting(type_one, "matched", "cauchy")
    # Studies alarm for both methods or for none, one in ten: 20 method studies are 10 observations.
    p = [np.full((2, 2), 0.01 if study == 0 else 0.5) for study in range(10)]
    rates = type_one.Rates.of([own], {own.name: p})
    assert rates.cells == {("Normal 3", "matched"): (10, 1), ("Normal 3", "cauchy"): (10, 1)}
    assert rates.pooled == 0.1
    assert rates.error == pytest.approx(math.sqrt(0.1 * 0.9 / 10))
    assert not rates.hold
    exact = type_one.Rates.of([own], {own.name: [np.full((2, 2), 0.04 if k < 4 else 0.9) for k in range(100)]})
    assert exact.hold


def test_every_cell_has_seeds_of_its_own(script):
    firsts = [own.first_seed for own in script("type_one").SETTINGS]
    firsts += [case.first_seed for cases in script("power").CASES.values() for case in cases]
    assert min(b - a for a, b in zip(sorted(firsts), sorted(firsts)[1:], strict=False)) >= 1_000


def small(script, name, **changes):
    power = script("power")
    return power, [dataclasses.replace(case, null_draws=29, **changes) for case in power.CASES[name][:1]]


def test_linear_is_seen_with_500_points(script, store):
    power, (case,) = small(script, "linear")
    _, _, known = power.piece(case, store, 0, CHEAP, 10)
    seen = power.Seen.of([known], CHEAP)
    assert seen.p.shape == (10, 2, 3)
    assert power.table(case, seen)[1]
    assert seen.rate(power.ANY) == 1


def test_spherical_is_found_by_its_norms(script, store):
    power, (case,) = small(script, "spherical", n=1_500, prior=lot.Normal(16))
    seen = power.Seen.of([power.piece(case, store, 0, CHEAP, 10)[2]], CHEAP)
    assert seen.rate(0.5, "norm-wasserstein") == 1
    # Its coordinates hardly change: each of 10 is a false alarm with probability 0.05, 5 or more 6e-5.
    assert seen.rate(0.5, "marginal-ks") < 0.5
    assert seen.rate(0.1) < seen.rate(0.5)


def test_a_shift_is_found_in_its_coordinate(script, store):
    power, (case,) = small(script, "shift", n=2_000, prior=lot.Normal(4), shift=0.3)
    seen = power.Seen.of([power.piece(case, store, 0, CHEAP, 5)[2]], CHEAP)
    assert seen.rate(power.ANY, "marginal-ks") == 1
    # The band of a null without shift: as wide as it was, so the shift alone is what is seen.
    flat = dataclasses.replace(case, shift=0.0, first_seed=31_000_000)
    unshifted = power.Seen.of([power.piece(flat, store, 1, CHEAP, 5)[2]], CHEAP)
    assert unshifted.rate(power.ANY) < 1


def test_rates_of_what_is_seen_by_hand(script):
    power = script("power")
    p = np.full((4, 2, 3), 0.5)
    p[0, 0, 2] = p[1, 1, 0] = 0.01
    seen = power.Seen(CHEAP, p)
    assert (seen.rate(power.ANY), seen.rate(0.5), seen.rate(0.1, "norm-wasserstein")) == (0.5, 0.25, 0)
    assert seen.rate(0.1, "marginal-ks") == 0.25


@pytest.fixture(name="measured")
def small_table(script, tmp_path, capsys):
    scaling = script("scaling")
    cells = [scaling.Cell(name, n, 4) for name in CHEAP for n in (250, 1_000)]
    scaling.measure(tmp_path / "power.csv", cells, jobs=1)
    capsys.readouterr()
    return scaling, tmp_path / "power.csv", cells


def test_effects_grow_with_n_where_there_are_any(measured):
    scaling, table, _ = measured
    effect = {(e.metric, e.alternative, e.n): e.effect for e in scaling.read(table)}
    assert len(effect) == 2 * 4 * 2
    # The null's sd falls as 1 / sqrt(n), the drift stays: a factor of 2, each effect right to about 15 %.
    assert 1.4 < effect["norm-wasserstein", "linear", 1_000] / effect["norm-wasserstein", "linear", 250] < 2.8
    assert effect["marginal-ks", "shift", 1_000] > 4
    assert abs(effect["norm-wasserstein", "correlation", 250]) < 2


def _largest_ks(z, reference):
    return max(scipy.stats.ks_2samp(z[:, j], reference[:, j]).statistic for j in range(4))


def test_an_effect_is_that_of_scipy_on_the_same_points(measured):
    scaling, table, cells = measured
    cell = next(cell for cell in cells if (cell.metric, cell.n) == ("marginal-ks", 250))
    differences, variances = [], []
    for k in range(3):
        reference = cell.draw("reference", k, 0, 2_500)
        null = [_largest_ks(cell.draw("null", k, number), reference) for number in range(25)]
        shifted = [cell.draw("shift 0", k, number) + np.array([0.2, 0, 0, 0]) for number in range(3)]
        differences.append(np.median([_largest_ks(z, reference) for z in shifted]) - np.mean(null))
        variances.append(np.var(null, ddof=1))
    expected = np.mean(differences) / np.sqrt(np.mean(variances))
    (found,) = (e for e in scaling.read(table) if (e.metric, e.alternative, e.n) == ("marginal-ks", "shift", 250))
    assert found.effect == pytest.approx(expected, abs=0.0051)


def test_alternatives_are_what_they_are_called(script):
    changed = script("scaling").ALTERED
    z0, z1 = lot.Normal(3).sample(40_000, rng=0), lot.Normal(3).sample(40_000, rng=1)
    # Four standard errors of 1 / sqrt(n) = 0.005.
    np.testing.assert_allclose(changed["shift"](z0, z1).mean(axis=0), [0.2, 0, 0], atol=0.02)
    wanted = [[1, 0.3, 0], [0.3, 1, 0], [0, 0, 1]]
    np.testing.assert_allclose(np.cov(changed["correlation"](z0, z1).T), wanted, atol=0.03)
    np.testing.assert_allclose(np.cov(changed["linear"](z0, z1).T), np.eye(3) / 2, atol=0.02)


def test_what_is_measured_is_not_measured_again_and_another_metric_is_added(measured, capsys):
    scaling, table, cells = measured
    before = scaling.read(table)
    scaling.measure(table, [*cells, scaling.Cell("sliced-wasserstein", 250, 4)], jobs=1)
    assert capsys.readouterr().out.startswith("1/1 sliced-wasserstein")
    assert [effect for effect in scaling.read(table) if effect.metric != "sliced-wasserstein"] == before


def test_a_metric_that_does_not_serve_is_left_out_with_its_reason(script, tmp_path, capsys):
    scaling = script("scaling")
    scaling.measure(tmp_path / "power.csv", [scaling.Cell("emd", 3, 2)], jobs=1)
    assert "left out: emd, n = 3, d = 2: emd needs at least 4" in capsys.readouterr().err
    assert scaling.read(tmp_path / "power.csv") == []


def test_the_figure_has_two_panels_a_metric_and_is_the_same_every_time(measured, script):
    scaling, table, _ = measured
    draw = script("scaling_figure").draw
    svg = draw(scaling.read(table))
    assert svg == draw(scaling.read(table))
    assert svg.count('<g id="axes_') == 4


def test_lines_go_on_where_a_run_was_cut_off(script, tmp_path):
    lines, asked = script("measured").Lines(tmp_path / "own" / "found.jsonl"), []

    def work(number):
        asked.append(number)
        return [number, str(number)]

    pieces = {str(number): (number,) for number in range(3)}
    list(lines.complete(work, {"0": (0,)}, jobs=1))
    with lines.path.open("a", encoding="utf-8") as file:
        file.write('{"code": "other", "name": "1", "found": 0}\n{"code": "cut o')
    expected = {name: [number, name] for name, (number,) in pieces.items()}
    assert dict(lines.complete(work, pieces, jobs=1)) == expected
    assert dict(lines.complete(work, pieces, jobs=1)) == expected
    assert asked == [0, 1, 2]


def test_levels_count_what_lies_above_the_null(script, monkeypatch):
    levels = script("levels")
    known = levels.alarms("norm-wasserstein", range(2))
    assert known == levels.alarms("norm-wasserstein", range(2))
    assert all(0 <= count <= len(levels.EXACT) for count in known)
    monkeypatch.setattr(levels, "EXACT", ("linear",) * 4)
    levels.points.cache_clear()
    # A straight line in four coordinates, 50 points: hardly ever below the greatest of 19.
    assert sum(levels.alarms("norm-wasserstein", range(5))) >= 18
