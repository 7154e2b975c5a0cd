"""What differs between two runs: every fact, every verdict, and the numbers that differ by more than chance."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from latentot.reporting import diff
from latentot.reporting.diff import _numbers

MEASUREMENTS = 5 * 5 * 5
"""Methods, metrics and positions of a synthetic run, each measured in three repeats."""


@pytest.fixture
def two(make_run: Callable[..., Any]) -> tuple[Any, Any]:
    """Two runs, alike to the last bit until they are changed."""
    return make_run(folder="first"), make_run(folder="second")


def compared(two: tuple[Any, Any]) -> Any:
    return diff(*(run.write() for run in two))


def of(run: Any, method: str, metric: str, t: float) -> list[dict[str, Any]]:
    """The rows of one measurement."""
    return [row for row in run.rows if (row["method"], row["metric"], row["t"]) == (method, metric, t)]


def test_nothing(two: tuple[Any, Any]) -> None:
    found = compared(two)
    assert (found.facts, found.verdicts, found.numbers) == ((), (), ())
    assert (found.compared, found.equal) == (MEASUREMENTS, MEASUREMENTS)
    assert list(found.lines()) == [
        "125 of 125 measurements are the same to the last bit",
        "settings, versions, machine: no difference",
        "verdicts: no difference",
        "measurements that differ by more than chance (5 %, Holm, 125 tests): no difference",
    ]


@pytest.mark.parametrize(
    ("section", "before", "after", "line"),
    [
        ("seed", 0, 1, "seed: 0 -> 1"),
        ("title", "One", "Other", "title: One -> Other"),
        ("versions", {"numpy": "2.1", "a": "1"}, {"numpy": "2.4", "a": "1"}, "versions.numpy: 2.1 -> 2.4"),
        ("versions", {"numpy": "2.1"}, {"numpy": "2.1", "numba": "0.6"}, "versions.numba: not there -> 0.6"),
        ("plugins", {"torch-vae": "a 1"}, {"torch-vae": "a 2"}, "plugins.torch-vae: a 1 -> a 2"),
        ("source", {"commit": "12ab", "dirty": False}, {"commit": "12ab", "dirty": True}, "source.dirty: no -> yes"),
        ("machine", {"cores": 2}, {"cores": 64}, "machine.cores: 2 -> 64"),
        ("machine", {"blas": ["openblas 1"]}, {"blas": ["mkl 2"]}, "machine.blas: openblas 1 -> mkl 2"),
        ("computed", {"host": ["a", "b"]}, {"host": ["c"]}, "computed.host: a, b -> c"),
        ("study", {"margin": 0.05}, {"margin": 0.1}, "study.margin: 0.05 -> 0.1"),
        ("subject", {"provenance": {"a": "12"}}, {"provenance": {"a": "34"}}, "subject.provenance.a: 12 -> 34"),
        ("null", {"prior": "cached"}, {"prior": "computed"}, "null.prior: cached -> computed"),
    ],
)  # fmt: skip
def test_facts(two: tuple[Any, Any], section: str, before: Any, after: Any, line: str) -> None:
    for run, value in zip(two, (before, after), strict=True):
        run.run[section] = value
    assert compared(two).facts == (line,)


def test_a_verdict_that_changed(two: tuple[Any, Any]) -> None:
    entry = next(entry for entry in two[1].run["verdicts"] if entry["method"] == "cauchy")
    before, entry["verdict"] = entry["verdict"], "inconclusive"
    assert compared(two).verdicts == (f"prior, prior, latent, cauchy: {before} -> inconclusive",)


def test_a_method_that_one_run_has_alone(two: tuple[Any, Any]) -> None:
    gone = two[1].run["verdicts"].pop()
    two[1].rows = [row for row in two[1].rows if row["method"] != gone["method"]]
    found = compared(two)
    assert found.verdicts == (f"prior, prior, latent, {gone['method']}: {gone['verdict']} -> not there",)
    assert (found.compared, found.equal, found.numbers) == (100, 100, ())


@pytest.mark.parametrize(("z", "told"), [(3.6, True), (-3.6, True), (3.5, False)])
def test_a_number_that_differs_by_more_than_chance(two: tuple[Any, Any], z: float, told: bool) -> None:
    """Holm's bound for the greatest of 125: p < 0.05 / 125 = 0.0004, |z| > 3.54."""
    # The spread of one repeat is half the null's standard deviation, 0.0011, so that the null's counts; three repeats.
    error = math.sqrt(2 * 0.0011**2 / 3)
    for row in of(two[1], "cauchy", "sliced-wasserstein", 0.5):
        row["value"] += z * error
    found = compared(two)
    assert found.equal == MEASUREMENTS - 1
    p_value = math.erfc(abs(z) / math.sqrt(2)) * MEASUREMENTS
    wanted = f"(z = {abs(z):.1f}, p = {p_value:.2g})"
    assert [line.endswith(wanted) for line in found.numbers] == [True] * told
    assert all("cauchy, sliced-wasserstein at t = 0.5" in line for line in found.numbers)


def test_the_spread_of_a_repeat_counts_where_it_is_greater_than_the_nulls(two: tuple[Any, Any]) -> None:
    rows = of(two[1], "cauchy", "sliced-wasserstein", 0.5)
    for row in rows:
        row["value"] += 4 * math.sqrt(2 * 0.0011**2 / 3)
    assert len(compared(two).numbers) == 1
    for row in rows:
        row["spread"] = 0.0022
    assert compared(two).numbers == (), "z = 4 * sqrt(2 / 5) = 2.5"


def test_the_second_of_two_is_held_to_one_test_less(two: tuple[Any, Any]) -> None:
    error = math.sqrt(2 * 0.0011**2 / 3)
    for method, z in (("cauchy", 3.8), ("matched", 3.6)):
        for row in of(two[1], method, "sliced-wasserstein", 0.5):
            row["value"] += z * error
    first, second = compared(two).numbers
    assert "cauchy" in first
    assert "matched" in second
    assert second.endswith(f"p = {math.erfc(3.6 / math.sqrt(2)) * (MEASUREMENTS - 1):.2g})")


def test_what_neither_could_measure_is_the_same(two: tuple[Any, Any]) -> None:
    for run in two:
        for row in of(run, "cauchy", "frechet", 0.5):
            row["value"], row["status"] = "", "failed: it"
    found = compared(two)
    assert (found.equal, found.numbers) == (MEASUREMENTS, ())


def test_chance_alone_is_told_in_one_run_of_twenty_at_most() -> None:
    """200 pairs of runs: 10 alarms are expected at most, more than 23 have a chance below 1e-4."""
    rng, n = np.random.default_rng(0), 20
    index = pd.MultiIndex.from_tuples(
        [("", "normal", 3, 50, "prior", "prior", "cauchy", "norm-ks", k) for k in range(n)],
        names=["model", "prior", "dim", "n", "endpoints", "reference", "method", "metric", "t"],
    )
    alarms = 0
    for _ in range(200):
        a, b = rng.standard_normal((2, n))
        both = pd.DataFrame({"value_a": a, "value_b": b, "error_a": 1.0, "error_b": 1.0}, index=index)
        alarms += bool(list(_numbers(both)))
    assert 1 <= alarms <= 23


def test_no_run(two: tuple[Any, Any], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no run folder"):
        diff(two[0].write(), tmp_path / "nowhere")
