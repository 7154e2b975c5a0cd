"""The table of power: the effect of an alternative on a metric, a row each, as a file."""

__all__ = ["ALTERNATIVES", "Effect", "read", "write"]

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import latentot as lot
from latentot.errors import InputError

ALTERNATIVES = ("linear", "spherical", "shift", "correlation")


@dataclass(frozen=True)
class Effect:
    """A row of the table.

    Args:
        effect: of an alternative, in standard deviations of the null.
        milliseconds: processor time of one judgement.
    """

    metric: str
    alternative: str
    n: int
    d: int
    effect: float
    milliseconds: float


def read(table: Path) -> list[Effect]:
    """The rows of a table; none where there is no table."""
    if not table.exists():
        return []
    head, *lines = table.read_text(encoding="utf-8").splitlines()
    kinds = [field.type for field in fields(Effect)]
    if head != _head():
        raise InputError(f"{table} is no table of effects: its first line is {head!r}")
    return [Effect(*(kind(part) for kind, part in zip(kinds, line.split(","), strict=True))) for line in lines]  # type: ignore[operator]


def write(table: Path, effects: Iterable[Effect]) -> None:
    """All rows, in an order that does not depend on which was measured first."""
    metrics = lot.drifts()
    known = [effect for effect in effects if effect.metric in metrics]
    known.sort(key=lambda e: (metrics.index(e.metric), ALTERNATIVES.index(e.alternative), e.d, e.n))
    lines = [f"{e.metric},{e.alternative},{e.n},{e.d},{e.effect:.2f},{e.milliseconds:.2g}" for e in known]
    table.parent.mkdir(parents=True, exist_ok=True)
    whole = table.with_suffix(".tmp")
    whole.write_text("\n".join([_head(), *lines, ""]), encoding="utf-8")
    whole.replace(table)


def _head() -> str:
    return ",".join(field.name for field in fields(Effect))
