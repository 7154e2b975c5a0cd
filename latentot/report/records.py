"""What a run concluded, as typed records: populations, verdicts, cells and controls."""

__all__ = ["Cell", "Control", "Definition", "Population", "Verdict", "read_records"]

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from types import UnionType
from typing import TypeVar

from latentot.errors import InputError

Record = TypeVar("Record")


@dataclass(frozen=True)
class Population:
    """The points a verdict is about: how the endpoints came about, and the law they are held against."""

    endpoints: str
    reference: str = "prior"
    n: float | None = None
    repeats: float | None = None
    n_reference: float | None = None
    n_null: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells populations apart: endpoints and reference."""
        return self.endpoints, self.reference


@dataclass(frozen=True)
class Verdict:
    """What the run says of one method: `excess` in null standard deviations, `seconds` for all points.

    `first_metric` shows drift best at `first_t`, the smallest t where there is drift beyond chance.
    """

    endpoints: str
    method: str
    verdict: str
    reference: str = "prior"
    worst_metric: str = ""
    worst_t: float | None = None
    excess: float | None = None
    first_metric: str = ""
    first_t: float | None = None
    p_value: float | None = None
    seconds: float | None = None
    reason: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The population it is about."""
        return self.endpoints, self.reference


@dataclass(frozen=True)
class Cell:
    """One method under one metric at the t where it is worst; `excess` in null standard deviations.

    `difference` is value - null_mean in the metric's unit, from `low` to `high` with 95 % confidence; `noise` is the
    part of the `upper` bound that chance accounts for.
    """

    endpoints: str
    method: str
    metric: str
    reference: str = "prior"
    t: float | None = None
    value: float | None = None
    null_mean: float | None = None
    null_sd: float | None = None
    excess: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    upper: float | None = None
    noise: float | None = None
    margin: float | None = None
    p_value: float | None = None
    keeps: bool = False
    drifts: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """The population it is about."""
        return self.endpoints, self.reference


@dataclass(frozen=True)
class Control:
    """What is known beforehand of one sample, and whether it came out: `control` is "t = 0", "t = 1" or "shrunk"."""

    endpoints: str
    control: str
    holds: bool
    reference: str = "prior"
    repeat: float | None = None
    metric: str = ""
    p_value: float | None = None
    reason: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The population whose verdicts it stands for."""
        return self.endpoints, self.reference


@dataclass(frozen=True)
class Definition:
    """What a method or a metric is: its title, formula, claims, stated Monte-Carlo error and source."""

    title: str = ""
    formula: str = ""
    claims: str = ""
    unit: str = ""
    cost: str = ""
    error: str = ""
    citation: str = ""


def _text(given: object, where: str) -> str:
    if isinstance(given, str):
        return given
    raise InputError(f"{where} is {given!r}, not text")


def _number(given: object, where: str) -> float | None:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return None if math.isnan(given) else float(given)
    raise InputError(f"{where} is {given!r}, not a number")


def _flag(given: object, where: str) -> bool:
    if isinstance(given, bool):
        return given
    raise InputError(f"{where} is {given!r}, not true or false")


_READERS: Mapping[type | UnionType, Callable[[object, str], object]] = {
    str: _text,
    float | None: _number,
    bool: _flag,
}


def read_records(kind: type[Record], entries: object, where: str) -> tuple[Record, ...]:
    """Reads a list of plain mappings; keys that are unknown are ignored, null stands for the default.

    Args:
        kind: one of this module's records.
        entries: what `run.json` has, a list of mappings.
        where: what to call it in errors.

    Returns:
        One record an entry.

    Raises:
        InputError: an entry is no mapping, lacks a required value, or has one of another type.

    >>> read_records(Population, [{"endpoints": "prior", "n": 100}], "populations")[0].n
    100.0
    """
    if not isinstance(entries, list):
        raise InputError(f"{where} is not a list")
    return tuple(_read_one(kind, entry, f"{where}[{i}]") for i, entry in enumerate(entries))


def _read_one(kind: type[Record], entry: object, where: str) -> Record:
    if not isinstance(entry, Mapping):
        raise InputError(f"{where} is {entry!r}, not a set of named values")
    values: dict[str, object] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # only this module's dataclasses come here
        given = entry.get(field.name)
        if given is not None:
            values[field.name] = _READERS[field.type](given, f"{where}.{field.name}")  # type: ignore[index]
        elif field.default is MISSING:
            raise InputError(f"{where} has no {field.name}")
    return kind(**values)
