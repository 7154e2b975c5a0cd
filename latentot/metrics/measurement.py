"""What a metric takes and what it gives: points, a measurement of them, and what measures."""

__all__ = ["Judge", "Measurement", "Points"]

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.floating[Any]]
"""A sample, shape (n, d)."""


class Measurement(NamedTuple):
    """What a metric found: the value, the value before it was debiased, and how many points it used."""

    value: float
    raw: float
    n_used: int


Judge = Callable[[Points], Measurement]
"""Measures a sample against what the judge was prepared with."""
