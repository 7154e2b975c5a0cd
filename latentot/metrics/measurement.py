"""What a metric gives: a measurement of points, and what measures."""

__all__ = ["Judge", "Measurement"]

from collections.abc import Callable
from typing import NamedTuple

from latentot.numerics.points import Points


class Measurement(NamedTuple):
    """What a metric found: the value, the value before it was debiased, and how many points it used."""

    value: float
    raw: float
    n_used: int


Judge = Callable[[Points], Measurement]
"""Measures a sample against what the judge was prepared with."""
