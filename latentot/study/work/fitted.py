"""Fitted state: what methods fit to draws before they walk, needed by several cells and fitted once."""

__all__ = ["Fit", "FittedState"]

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, NamedTuple

from latentot.study.spec.study import Choice


@dataclass(frozen=True)
class Fit:
    """What a method fits for the positions that share it.

    Args:
        choice: the method.
        n: pairs of the population that it walks between.
        key: what tells it from other fits of the method.
    """

    choice: Choice
    n: int
    key: Hashable


class FittedState(NamedTuple):
    """What a fit has found, and the seconds that it took."""

    state: Any
    seconds: float
