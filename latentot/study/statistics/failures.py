"""What failed in a run, and why: each reason once, however many cells and measurements it cost."""

__all__ = ["Failed", "of_cell", "of_null", "reasons", "without_null"]

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from latentot.study.spec.study import Study
from latentot.study.statistics.table import Table
from latentot.study.work.cells import Cell, MethodOutcome, NullCell
from latentot.study.work.failure import Failure
from latentot.study.work.subject import Population

if TYPE_CHECKING:
    import pandas as pd

Outcomes = Mapping[Cell, Any]


class Failed(NamedTuple):
    """A piece of a run that could not be computed, and why."""

    what: str
    reason: str


def of_cell(study: Study, cell: Cell, outcome: Any) -> Iterator[Failed]:
    """What failed of a cell: all of it, or a walk at some t."""
    if isinstance(outcome, Failure):
        yield Failed(cell.title, outcome.reason)
    elif isinstance(outcome, MethodOutcome):
        for k in outcome.failed_at:
            yield Failed(f"{cell.title}, t = {study.t[k]:g}", str(outcome.measured[k]))


def without_null(population: Population, outcomes: Outcomes) -> dict[int, str]:
    """Why there is no null band of a measurement, by its number: the reason of the first draw that failed."""
    found: dict[int, str] = {}
    for cell, outcome in outcomes.items():
        if isinstance(cell, NullCell) and cell.population == population and not isinstance(outcome, Failure):
            for draw in outcome:
                for k, measured in enumerate(draw):
                    if isinstance(measured, str):
                        found.setdefault(k, measured)
    return found


def of_null(table: Table, outcomes: Outcomes) -> Iterator[Failed]:
    """Metrics that measured what walks gave, but not every null draw: nothing is said of them."""
    reasons, said = without_null(table.population, outcomes), set()
    for k, (metric, _) in enumerate(table.columns):
        measured = any(not isinstance(own.measured[k], str) for repeats in table.methods.values() for own in repeats)
        if measured and k in reasons and not np.isfinite(table.draws[:, k]).all() and metric not in said:
            said.add(metric)
            yield Failed(f"null band, {table.population.label}, {metric}", reasons[k])


def reasons(failed: list[Failed], results: "pd.DataFrame") -> list[dict[str, Any]]:
    """Each reason once, with what it cost, as plain data; those that differ in numbers only are one.

    Args:
        failed: pieces that could not be computed.
        results: one row a measurement.
    """
    found: dict[str, dict[str, Any]] = {}

    def entry(reason: str) -> dict[str, Any]:
        empty: dict[str, Any] = {"reason": reason, "pieces": [], "measurements": 0, "of": {}}
        return found.setdefault(re.sub(r"\d+", "0", reason), empty)

    for status, rows in results[results["status"] != "ok"].groupby("status", sort=False):
        own = entry(str(status).removeprefix("failed: "))
        own["measurements"] += len(rows)
        for name in ("endpoints", "method", "metric"):
            own["of"][name] = list(dict.fromkeys([*own["of"].get(name, []), *rows[name]]))
    for what, reason in failed:
        entry(reason)["pieces"].append(what)
    return list(found.values())
