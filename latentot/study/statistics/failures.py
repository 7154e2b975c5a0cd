"""What failed in a run, and why: each reason once, however many cells and measurements it cost."""

__all__ = ["Failed", "of_cell", "of_null", "reasons", "without_null"]

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from latentot.study.statistics.table import Table
from latentot.study.work.cells import Cell, MethodOutcome, NullCell, ProfileCell
from latentot.study.work.failure import Failure
from latentot.study.work.measured import Key
from latentot.study.work.subject import Population

if TYPE_CHECKING:
    import pandas as pd

Outcomes = Mapping[Cell, Any]


class Failed(NamedTuple):
    """A piece of a run that could not be computed, and why."""

    what: str
    reason: str


def of_cell(cell: Cell, outcome: Any) -> Iterator[Failed]:
    """What failed of a cell: all of it, a walk at some t, or the spread of what was measured."""
    if isinstance(cell, ProfileCell):
        return  # of what figures only are made of; where a method fails, its measurements say why
    if isinstance(outcome, Failure):
        yield Failed(cell.title, outcome.reason)
    elif isinstance(outcome, MethodOutcome):
        for t, failure in outcome.failed_at().items():
            yield Failed(f"{cell.title}, t = {t:g}", failure.reason)
        for key, spread in outcome.spread.items():
            if isinstance(spread, Failure) and not isinstance(outcome.measured[key], Failure):
                yield Failed(f"spread of {key[0]}, {cell.title}, t = {key[1]:g}", spread.reason)


def without_null(population: Population, outcomes: Outcomes) -> dict[Key, Failure]:
    """Why there is no null band of a measurement: the first draw that failed."""
    found: dict[Key, Failure] = {}
    for cell, outcome in outcomes.items():
        if isinstance(cell, NullCell) and cell.population == population and not isinstance(outcome, Failure):
            for draw in outcome:
                for key, measured in draw.items():
                    if isinstance(measured, Failure):
                        found.setdefault(key, measured)
    return found


def of_null(table: Table, outcomes: Outcomes) -> Iterator[Failed]:
    """Metrics that measured what walks gave, but not every null draw: nothing is said of them."""
    reasons, said = without_null(table.population, outcomes), set()
    results = [result for repeats in table.methods.values() for result in repeats]
    for key in table.columns:
        measured = any(not isinstance(own.measured[key], Failure) for own in results)
        if measured and key in reasons and key[0] not in said:
            said.add(key[0])
            yield Failed(f"null band, {table.population.label}, {key[0]}", reasons[key].reason)


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
