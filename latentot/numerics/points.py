"""Samples as arrays of points: a place among them, and their rows in blocks."""

__all__ = ["Points", "blocks", "location"]

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.floating[Any]]
"""A sample, shape (n, d)."""
ROWS = 4_096
"""Rows of a block: of 1,000 coordinates they take 32 MB."""


def blocks(z: Points, rows: int = ROWS) -> Iterator[Points]:
    """The rows of z, some at a time, so that what is computed of them takes little memory.

    >>> [len(block) for block in blocks(np.zeros((5, 1)), rows=2)]
    [2, 2, 1]
    """
    return (z[start : start + rows] for start in range(0, len(z), rows))


def location(z: Points) -> NDArray[np.float64]:
    """A median of each coordinate that is one of its numbers, shape (d,): it moves with the points to the last bit.

    >>> location(np.array([[0.0, 9.0], [1.0, 7.0], [5.0, 8.0]]))
    array([1., 8.])
    """
    middle = (len(z) - 1) // 2
    return np.asarray(np.partition(z, middle, axis=0)[middle], dtype=np.float64)
