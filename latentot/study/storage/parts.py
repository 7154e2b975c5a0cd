"""Parts of a cell: what it finds of each metric, and what it finds whatever is measured; each is kept by itself."""

__all__ = ["WALK", "join", "part_names", "split"]

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from latentot.study.spec.study import Study
from latentot.study.work.cells import Cell, ControlCell, MethodCell, MethodOutcome, NullCell
from latentot.study.work.controls import Controls
from latentot.study.work.failure import Failure

WALK = ""
"""The part that is the same whatever is measured."""


def part_names(cell: Cell, study: Study) -> tuple[str, ...]:
    """The parts that a cell of a study has."""
    if isinstance(cell, NullCell):
        return tuple(study.metrics)
    if isinstance(cell, MethodCell | ControlCell):
        return (WALK, *study.metrics)
    return (WALK,)


def split(cell: Cell, study: Study, outcome: Any) -> dict[str, Any]:
    """The parts of a cell's outcome, each of which is an outcome of the same kind."""
    names = part_names(cell, study)
    if isinstance(outcome, Failure) or names == (WALK,):
        return dict.fromkeys(names, outcome)
    parts: dict[str, Any] = {}
    if isinstance(outcome, MethodOutcome):
        parts[WALK] = replace(outcome, measured=[], spread=[])
    elif isinstance(outcome, Controls):
        parts[WALK] = Controls(laws=outcome.laws)
    for number, metric in enumerate(study.metrics):
        own = slice(number * len(study.t), (number + 1) * len(study.t))
        if isinstance(outcome, MethodOutcome):
            parts[metric] = {"measured": outcome.measured[own], "spread": outcome.spread[own]}
        elif isinstance(outcome, Controls):
            parts[metric] = {name: measured[number] for name, measured in outcome.measured.items()}
        else:
            parts[metric] = [draw[own] for draw in outcome]
    return parts


def join(cell: Cell, study: Study, parts: Mapping[str, Any]) -> Any:
    """The outcome of a cell, from all of its parts; a failure if one of them is."""
    failures = (part for part in parts.values() if isinstance(part, Failure))
    if failure := next(failures, None):
        return failure
    measured = [parts[metric] for metric in study.metrics] if part_names(cell, study) != (WALK,) else []
    if isinstance(cell, NullCell):
        return [[value for own in draw for value in own] for draw in zip(*measured, strict=True)]
    if isinstance(cell, MethodCell):
        columns = {name: [value for own in measured for value in own[name]] for name in ("measured", "spread")}
        return replace(parts[WALK], **columns)
    if isinstance(cell, ControlCell):
        names = measured[0] if measured else ()
        return replace(parts[WALK], measured={name: [own[name] for own in measured] for name in names})
    return parts[WALK]
