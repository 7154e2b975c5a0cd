"""Parts of a cell: what it finds of each metric, and what it finds whatever is measured; each is kept by itself."""

__all__ = ["WALK", "join", "part_names", "split"]

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from latentot.study.spec.study import Study
from latentot.study.work.cells import (
    Cell,
    ControlCell,
    MethodCell,
    MethodOutcome,
    NullCell,
    ProfileCell,
    SensitivityCell,
)
from latentot.study.work.controls import Controls
from latentot.study.work.failure import Failure
from latentot.study.work.measured import Key
from latentot.study.work.profile import METRICS

WALK = ""
"""The part that is the same whatever is measured."""


def part_names(cell: Cell, study: Study) -> tuple[str, ...]:
    """The parts that a cell of a study has; that of a metric has its label."""
    if isinstance(cell, NullCell | SensitivityCell):
        return study.metric_labels
    if isinstance(cell, MethodCell | ControlCell):
        return (WALK, *study.metric_labels)
    if isinstance(cell, ProfileCell):
        return (WALK, *(metric for metric in METRICS if metric in study.metric_labels))
    return (WALK,)


def split(cell: Cell, study: Study, outcome: Any) -> dict[str, Any]:
    """The parts of a cell's outcome, each of which is an outcome of the same kind."""
    names = part_names(cell, study)
    if isinstance(outcome, Failure) or names == (WALK,):
        return dict.fromkeys(names, outcome)
    if isinstance(cell, ProfileCell):
        measured = {metric: f"/{metric}" for metric in names if metric != WALK}
        return {WALK: {key: own for key, own in outcome.items() if "/" not in key}} | {
            metric: {key: own for key, own in outcome.items() if key.endswith(end)} for metric, end in measured.items()
        }
    if isinstance(outcome, MethodOutcome):
        walk = {WALK: replace(outcome, measured={}, spread={})}
        return walk | {
            metric: {"measured": _of(metric, outcome.measured), "spread": _of(metric, outcome.spread)}
            for metric in study.metric_labels
        }
    if isinstance(outcome, Controls):
        return {WALK: Controls(laws=outcome.laws)} | {
            metric: {name: measured[metric] for name, measured in outcome.measured.items()}
            for metric in study.metric_labels
        }
    if isinstance(cell, SensitivityCell):
        return {
            metric: {name: measured[metric] for name, measured in outcome.items()} for metric in study.metric_labels
        }
    return {metric: [_of(metric, draw) for draw in outcome] for metric in study.metric_labels}


def _of(metric: str, by_key: Mapping[Key, Any]) -> dict[Key, Any]:
    return {key: value for key, value in by_key.items() if key[0] == metric}


def join(cell: Cell, study: Study, parts: Mapping[str, Any]) -> Any:
    """The outcome of a cell, from all of its parts; a failure if one of them is."""
    failures = (part for part in parts.values() if isinstance(part, Failure))
    if failure := next(failures, None):
        return failure
    if part_names(cell, study) == (WALK,):
        return parts[WALK]
    if isinstance(cell, ProfileCell):
        return {key: own for name in part_names(cell, study) for key, own in parts[name].items()}
    own: dict[str, Any] = {metric: parts[metric] for metric in study.metric_labels}
    if isinstance(cell, NullCell):
        return [_all(draws) for draws in zip(*own.values(), strict=True)]
    if isinstance(cell, MethodCell):
        columns = {name: _all(part[name] for part in own.values()) for name in ("measured", "spread")}
        return replace(parts[WALK], **columns)
    names: Iterable[Any] = next(iter(own.values()), ())
    measured = {name: {metric: part[name] for metric, part in own.items()} for name in names}
    return measured if isinstance(cell, SensitivityCell) else replace(parts[WALK], measured=measured)


def _all(by_key: Iterable[Mapping[Key, Any]]) -> dict[Key, Any]:
    return {key: value for own in by_key for key, value in own.items()}
