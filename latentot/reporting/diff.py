"""What differs between two stored runs: what was asked for, where it was computed, numbers and verdicts."""

__all__ = ["Changes", "diff"]

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from latentot.reporting.formats import plain
from latentot.runformat import RunFolder

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.05
NULL_WIDTH = 3.92
"""Standard deviations between the 2.5 % and the 97.5 % quantile of a normal law."""
FACTS = ("title", "study", "studies", "subject", "seed", "versions", "plugins", "machine", "computed", "source", "null")
IDENTITY = ["model", "prior", "dim", "n", "endpoints", "reference", "space", "method", "metric", "t"]


@dataclass(frozen=True)
class Changes:
    """What differs between two runs, a line each.

    Args:
        facts: settings, seeds, versions, machine.
        verdicts: verdicts that changed, and methods that one run has alone.
        numbers: measurements that differ by more than chance.
        compared: how many measurements both have.
        equal: how many of them are the same to the last bit.
    """

    facts: tuple[str, ...]
    verdicts: tuple[str, ...]
    numbers: tuple[str, ...]
    compared: int
    equal: int

    def lines(self) -> Iterator[str]:
        """All of it as text."""
        yield f"{self.equal} of {self.compared} measurements are the same to the last bit"
        for heading, entries in (
            ("settings, versions, machine", self.facts),
            ("verdicts", self.verdicts),
            (f"measurements that differ by more than chance (5 %, Holm, {self.compared} tests)", self.numbers),
        ):
            yield f"{heading}: {'no difference' if not entries else ''}".rstrip()
            yield from (f"  {entry}" for entry in entries)


def diff(first: Path | str, second: Path | str) -> Changes:
    """Compare two run folders.

    Each measurement's means over repeats are compared by z = (a - b) / sqrt(se_a^2 + se_b^2), with the standard error
    of a run from the spread of one repeat (by the jackknife, or that of its null where that is greater); p-values are
    Holm's.

    Args:
        first, second: folders of two runs.

    Raises:
        InputError: a folder is no run, or is damaged.
    """
    runs = RunFolder.read(first), RunFolder.read(second)
    facts = [
        f"{name}: {_said(a)} -> {_said(b)}"
        for name, (a, b) in _paired(*(_flat({key: getattr(run.facts, key) for key in FACTS}) for run in runs)).items()
        if a != b
    ]
    verdicts = [
        f"{', '.join(filter(None, key))}: {a or 'not there'} -> {b or 'not there'}"
        for key, (a, b) in _paired(*(_verdicts(run) for run in runs)).items()
        if a != b
    ]
    means = [_means(run.results) for run in runs]
    both = means[0].add_suffix("_a").join(means[1].add_suffix("_b"), how="inner")
    return Changes(tuple(facts), tuple(verdicts), tuple(_numbers(both)), len(both), int(_same(both).sum()))


def _said(value: object) -> str:
    return "not there" if value is None else plain(value)


def _paired(a: Mapping[Any, Any], b: Mapping[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    return {key: (a.get(key), b.get(key)) for key in dict.fromkeys([*a, *b])}


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {name: value}
    parts = (_flat(part, f"{name}.{key}" if name else str(key)) for key, part in value.items())
    return {key: part for flat in parts for key, part in flat.items()}


def _verdicts(run: RunFolder) -> dict[tuple[str, ...], str]:
    return {(verdict.subject, *verdict.key, verdict.method): verdict.verdict for verdict in run.facts.verdicts}


def _means(results: "pd.DataFrame") -> "pd.DataFrame":
    """Mean and standard error of every measurement over the repeats of a run."""
    table = results.copy()
    null_sd = (table["null_hi"] - table["null_lo"]) / NULL_WIDTH
    table["variance"] = np.fmax(table.get("spread", null_sd).astype(float), null_sd) ** 2
    grouped = table.groupby(IDENTITY, dropna=False)
    means = grouped[["value"]].mean()
    means["error"] = np.sqrt(grouped["variance"].mean() / grouped["value"].count())
    return means


def _same(both: "pd.DataFrame") -> "pd.Series[bool]":
    return (both["value_a"] == both["value_b"]) | (both["value_a"].isna() & both["value_b"].isna())


def _numbers(both: "pd.DataFrame") -> Iterator[str]:
    """Measurements whose Holm-corrected p-value is below 5 %, the strongest first."""
    tests = both[~_same(both)].reset_index()
    tests["z"] = (tests["value_a"] - tests["value_b"]).abs() / np.hypot(tests["error_a"], tests["error_b"])
    ordered = tests.dropna(subset="z").sort_values("z", ascending=False)
    for rank, row in enumerate(ordered.to_dict("records")):
        p_value = math.erfc(row["z"] / math.sqrt(2)) * (len(both) - rank)
        if not p_value < LEVEL:
            return
        subject = f"{row['model'] or row['prior']}, d = {row['dim']:g}, n = {row['n']:g}"
        where = f"{row['endpoints']} endpoints against {row['reference']}, {row['method']}, {row['metric']}"
        change = f"{row['value_a']:.4g} -> {row['value_b']:.4g} (z = {row['z']:.1f}, p = {p_value:.2g})"
        yield f"{subject}, {where} at t = {row['t']:g}: {change}"
