"""What would have been seen: the least excess of a metric, and the least miss of each kind."""

import math
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.metrics import Measurement, NullBand
from latentot.study import Outcome, Study, run
from latentot.study.spec.level import Levels, draws_that_reach
from latentot.study.statistics.sensitivity import _crossing
from latentot.study.statistics.verdict import find
from latentot.study.storage.parts import join, split
from latentot.study.storage.serialise import decode, encode
from latentot.study.work import cells
from latentot.study.work.cells import SensitivityCell
from latentot.study.work.plan import Plan
from latentot.study.work.spoiled import CORRELATION, MISSES, SCALE, SHIFT, spoiled
from latentot.study.work.subject import Population

pytestmark = pytest.mark.usefixtures("all_spoiled_samples")

SETTINGS: dict[str, Any] = {
    "methods": ["linear", "switch"], "metrics": ["norm-wasserstein", "marginal-ks"], "t": [0.5], "pairs": 500,
    "seed": 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return run(Study.of(**SETTINGS), live=lot.Normal(8))


@pytest.mark.parametrize(
    ("repeats", "k", "drift", "keep", "margin"),
    [(3, 4, 0.01 / 30, 0.01, 0.0), (3, 12, 0.01 / 6, 0.01, 0.0), (2, 6, 1e-3, 0.01, 0.0), (3, 4, 0.01 / 30, 0.01, 4.0)],
    ids=["default", "many measurements", "two repeats", "by the bound"],
)
def test_least_excess_is_seen(repeats: int, k: int, drift: float, keep: float, margin: float) -> None:
    """In 95 % at least, of 200: with exactly 95 %, fewer than 178 are seen with a chance of 1e-4.

    The margin, where there is one, is far from the noise, so that the bound is what sees it.
    """
    rng = np.random.default_rng(k)
    draws = draws_that_reach(drift, repeats, 39)
    levels, baseline = Levels(drift, keep), np.zeros(k)
    baseline[0] = margin

    def found(excess: float) -> Any:
        rows = rng.standard_normal((repeats + draws, k))
        rows[:repeats, 0] += excess
        no = np.full((repeats, k), np.nan)
        columns = [(str(place), 0.5) for place in range(k)]
        return find(columns, NullBand(rows[repeats:]), rows[:repeats], no, np.zeros(k), baseline, 1, levels, rng)[0]

    leasts = [found(0.0).least for _ in range(40)]
    seen = [found(float(np.mean(leasts))) for _ in range(200)]
    assert sum(one.drifts or (one.resolves and not one.keeps) for one in seen) >= 178
    none = [found(0.0) for _ in range(200)]
    # False alarms: of a level of at most 0.0017, more than 4 of 200 have a chance below 1e-4.
    assert sum(one.drifts for one in none) <= 4


@pytest.mark.parametrize(
    ("excesses", "least", "expected"),
    [
        ([0.1, 0.3, 0.9], 0.2, 0.2),
        ([0.01, 0.09, 0.81], 0.25, 0.5),
        ([0.0, 0.09, 0.81], 0.04, 0.2),
        ([math.nan, 0.3, 0.9], 0.2, 0.1 * 6**0.5),
        ([0.0, 0.0, 0.1], 0.2, math.inf),
        ([math.nan] * 3, 0.2, math.inf),
        ([0.3, 0.4, 0.5], 0.2, 0.1),
    ],
    ids=["linear", "square", "nothing before", "no value", "never", "no values", "at once"],
)
def test_crossing(excesses: list[float], least: float, expected: float) -> None:
    assert _crossing([0.1, 0.3, 0.9], excesses, least) == pytest.approx(expected)


class TestSpoiled:
    Z = np.random.default_rng(0).laplace(size=(20_000, 3, 2))

    def spoil(self, miss: str, size: float) -> tuple[np.ndarray, np.ndarray]:
        found = spoiled(self.Z, miss, size, np.full(6, 2.0), np.random.default_rng(1))
        assert found is not None
        return self.Z.reshape(-1, 6), found.reshape(-1, 6)

    def test_shift_is_of_one_coordinate(self) -> None:
        before, after = self.spoil(SHIFT, 0.25)
        assert sorted((after - before).mean(axis=0).round(12).tolist()) == [0] * 5 + [0.5]

    def test_scale_is_of_all(self) -> None:
        before, after = self.spoil(SCALE, 0.25)
        np.testing.assert_allclose(after, 1.25 * before)

    @pytest.mark.parametrize("rho", [0.1, 0.6])
    def test_correlation_keeps_laws_of_coordinates(self, rho: float) -> None:
        """Of ranks it is 6 / pi arcsin(rho / 2), as of Gaussian vectors, with an sd of 0.007."""
        before, after = self.spoil(CORRELATION, rho)
        np.testing.assert_array_equal(np.sort(before, axis=0), np.sort(after, axis=0))
        ranks = np.corrcoef(after.argsort(axis=0).argsort(axis=0), rowvar=False)[np.triu_indices(6, 1)]
        assert ranks.max() == pytest.approx(6 / math.pi * math.asin(rho / 2), abs=0.03)
        assert (np.sort(np.abs(ranks))[:-1] < 0.03).all()

    @pytest.mark.parametrize(("varying", "misses"), [(0, []), (1, [SHIFT, SCALE]), (2, list(MISSES))])
    def test_takes_coordinates_that_vary(self, varying: int, misses: list[str]) -> None:
        widths = np.repeat([1.0, 0.0], [varying, 6 - varying])
        made = [miss for miss in MISSES if spoiled(self.Z, miss, 0.1, widths, np.random.default_rng(0)) is not None]
        assert made == misses


class TestCell:
    POPULATION = Population("prior", 40, 2)
    STUDY = Study.of(**SETTINGS | {"pairs": 40})

    def test_is_kept_part_by_part(self) -> None:
        cell = SensitivityCell(self.POPULATION)
        found = cell.compute(Plan("", self.STUDY, lot.Normal(8)))
        parts = split(cell, self.STUDY, found)
        assert parts.keys() == set(self.STUDY.metric_labels)
        assert join(cell, self.STUDY, {name: decode(encode(part)) for name, part in parts.items()}) == found

    def test_has_an_unspoiled_sample_and_rising_excesses(self) -> None:
        found = SensitivityCell(self.POPULATION).compute(Plan("", self.STUDY, lot.Normal(8)))
        assert next(iter(found)) == ("", 0.0)
        for miss in (SHIFT, SCALE):
            sizes = [size for name, size in found if name == miss]
            measured = found[miss, sizes[-1]]["marginal-ks"], found["", 0.0]["marginal-ks"]
            values = [one.value for one in measured if isinstance(one, Measurement)]
            assert values[0] > values[1] + 0.1

    def test_is_the_mean_of_samples_of_their_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def value(samples: int) -> float:
            monkeypatch.setattr(cells, "SPOILED", samples)
            found = SensitivityCell(self.POPULATION).compute(Plan("", self.STUDY, lot.Normal(8)))
            (one, *_) = [found[key]["marginal-ks"] for key in found if key[0] == SHIFT]
            assert isinstance(one, Measurement)
            return one.value

        def alone(number: int) -> float:
            plan = Plan("", self.STUDY, lot.Normal(8))
            widths = np.asarray(plan.reference(self.POPULATION).std(axis=0))
            found = SensitivityCell(self.POPULATION)._measured(plan, widths, number)
            return next(one["marginal-ks"].value for key, one in found.items() if key[0] == SHIFT)  # type: ignore[union-attr]

        assert value(2) == pytest.approx((alone(0) + alone(1)) / 2)
        assert alone(0) != alone(1)

    @pytest.mark.parametrize(
        ("prior", "unit"),
        [(lot.Normal(8), "standard deviations"), (lot.Cauchy(8), "half interquartile ranges")],
        ids=["light tails", "no variance"],
    )
    def test_unit(self, prior: lot.Prior, unit: str) -> None:
        found = run(Study.of(**SETTINGS | {"metrics": ["marginal-ks"], "margin": 0.9}), live=prior).facts["misses"]
        assert {row["unit"] for row in found if row["miss"] == SHIFT} == {unit}


def test_only_what_keeps_has_rows(outcome: Outcome) -> None:
    rows = outcome.facts["misses"]
    kept = {row["method"] for row in outcome.facts["verdicts"] if row["verdict"] == "keeps"}
    assert {row["method"] for row in rows} == kept == {"switch"}
    assert [row["miss"] for row in rows] == list(MISSES)


def test_no_metric_sees_a_correlation_of_two_coordinates(outcome: Outcome) -> None:
    """Neither norms nor margins change enough: the page says how much was tried."""
    (row,) = [row for row in outcome.facts["misses"] if row["miss"] == CORRELATION]
    assert row["least"] is None or row["least"] > 0.5
    assert row["tried"] > 0.9


@pytest.mark.parametrize("miss", [SHIFT, SCALE])
def test_the_stated_least_miss_is_seen(outcome: Outcome, miss: str) -> None:
    """Of 20 runs, each of which sees it with a chance of 95 %, fewer than 15 do with one of 3e-4."""
    (least,) = [row["least"] for row in outcome.facts["misses"] if row["miss"] == miss]

    def seen(size: float, seed: int) -> bool:
        def path(z0: np.ndarray, z1: np.ndarray, t: float) -> np.ndarray:
            missing = spoiled(z0, miss, size, np.ones(8), np.random.default_rng(0))
            assert missing is not None
            return missing

        own = SETTINGS | {"methods": [("own", path)], "seed": seed}
        found = lot.compare(lot.Normal(8), n=own.pop("pairs"), cache=False, **own).outcome.facts["verdicts"]
        (verdict,) = [row for row in found if row["method"] == "own"]
        return verdict["verdict"] != "keeps" or bool(verdict["note"])

    assert sum(seen(least, seed) for seed in range(20)) >= 15
