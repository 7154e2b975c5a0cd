"""What a metric takes and what it gives: points, and a measurement of them."""

__all__ = ["Measurement", "Points"]

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.floating[Any]]
"""A sample, shape (n, d)."""


class Measurement(NamedTuple):
    """What a metric found.

    Args:
        value: the drift, debiased where the metric is biased.
        raw: the value before it was debiased.
        n_used: how many points it used.
        error: measured in one pass, the value lies at most this far from that of the same points in memory, beside
            rounding; 0 in memory.
    """

    value: float
    raw: float
    n_used: int
    error: float = 0.0
