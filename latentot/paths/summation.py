"""Weighted sums of NumPy arrays that tell whether they are finite, in one pass where numba is installed."""

__all__ = ["Summation", "summation"]

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Summation = Callable[[NDArray[Any], Sequence[NDArray[Any]], Sequence[float]], bool]
"""Writes the sum of w_i z_i over its first argument, from z and w, and says whether it is finite.

It is not where a z_i is not, not even at weight zero.
"""

LARGE = 1 << 20
"""From so many numbers on it is worth to load numba, which takes half a second."""


def summation(k: int, points: NDArray[Any]) -> Summation:
    """The way to add up k batches into an array; both ways give the same bits.

    >>> points = np.empty(2)
    >>> summation(2, points)(points, [np.array([1.0, 2.0]), np.array([3.0, 6.0])], [0.5, 0.5]), points
    (True, array([2., 4.]))
    """
    worth_it = k > 1 and points.size >= LARGE and points.dtype in {np.dtype(np.float32), np.dtype(np.float64)}
    return (_compiled() if worth_it else None) or _plain


def _plain(points: NDArray[Any], z: Sequence[NDArray[Any]], weights: Sequence[float]) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        np.multiply(z[0], weights[0], out=points)
        for part, weight in zip(z[1:], weights[1:], strict=True):
            points += weight * part
        return bool(np.isfinite(points.max() - points.min()))


@functools.cache
def _compiled() -> Summation | None:
    """The compiled way, where numba (the `fast` extra) is installed."""
    try:
        from latentot.paths.compiled_summation import add_up
    except ImportError:
        return None
    return add_up
