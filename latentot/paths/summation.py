"""Weighted sums of NumPy batches that tell whether they are finite, in one pass where numba is installed."""

__all__ = ["add_up", "load_summation"]

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.paths.blocks import BLOCK, each_block, threads
from latentot.paths.weights import Weights, rows_of

Floats = NDArray[np.floating[Any]]
Summation = Callable[[Floats, Sequence[Floats], Sequence[Any]], bool]

LARGE = 1 << 20
"""From so many numbers on loading numba pays, which takes half a second."""
FRESH = 1 << 25
"""Arrays of more bytes get new pages from the system each time, which zeroes them while they are filled: that takes as
long as the sum, and cores share it."""


def add_up(points: Floats, z: Sequence[Floats], weights: Weights) -> bool:
    """Write the sum of w_i z_i over points, and say whether it is finite.

    It is not finite where any z_i is not, even at weight zero. The compiled and the plain sum have the same bits. The
    compiled one has no intermediates, and takes a few large blocks, but for parts that it would have to copy.

    Args:
        points: where the sum goes, shape (n, d).
        z: batches of its shape and dtype.
        weights: one each, numbers or columns with one a row.

    >>> points = np.empty((1, 2))
    >>> add_up(points, [np.array([[1.0, 2.0]]), np.array([[3.0, 6.0]])], [0.5, 0.5]), points
    (True, array([[2., 4.]]))
    """
    numbers = all(isinstance(weight, float) for weight in weights)
    way, finite = _way(len(z), points) if numbers else _plain, list[bool]()
    block, workers = BLOCK, 1
    if way is not _plain and all(part.flags.c_contiguous and part.flags.aligned for part in z):
        workers = threads() if points.nbytes > FRESH else 1
        block = max(BLOCK, points.size // (2 * workers))

    def fill(rows: slice) -> None:
        finite.append(way(points[rows], [part[rows] for part in z], rows_of(weights, rows)))

    each_block(fill, *points.shape, block=block, workers=workers)
    return all(finite)


def load_summation(size: int) -> None:
    """Load the compiled sum, where so many numbers are added by it."""
    if size >= LARGE:
        _compiled()


def _way(k: int, points: Floats) -> Summation:
    worth_it = k > 1 and points.size >= LARGE and points.dtype in {np.dtype(np.float32), np.dtype(np.float64)}
    return (_compiled() if worth_it else None) or _plain


def _plain(points: Floats, z: Sequence[Floats], weights: Weights) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        np.multiply(z[0], weights[0], out=points)
        for part, weight in zip(z[1:], weights[1:], strict=True):
            points += weight * part
        return bool(np.isfinite(points.max() - points.min()))


@functools.cache
def _compiled() -> Summation | None:
    """The compiled sum, where numba (the `fast` extra) is installed."""
    try:
        from latentot.paths.compiled_summation import compiled
    except ImportError:
        return None
    return compiled
