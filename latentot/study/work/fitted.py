"""Lessons: what methods learn from draws before they walk, needed by several cells and learned once."""

__all__ = ["Learned", "Lesson"]

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, NamedTuple

from latentot.study.spec.study import Choice


@dataclass(frozen=True)
class Lesson:
    """What a method learns for the positions that share it.

    Args:
        choice: the method.
        n: pairs of the population that it walks between.
        lesson: what the method calls it.
    """

    choice: Choice
    n: int
    lesson: Hashable


class Learned(NamedTuple):
    """What a lesson taught, and the seconds that it took."""

    what: Any
    seconds: float
