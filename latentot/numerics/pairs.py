"""Squared distances of all pairs of two samples, in float32, whole or a block of rows at a time."""

__all__ = ["Squares", "squared_distances", "total"]

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from latentot.numerics.points import Points, location

Squares = NDArray[np.float32]
"""Squared distances, shape (n, m)."""

ROWS = 256
"""Rows a block: with 2,000 columns it stays in the cache from the product to the sum."""


def squared_distances(x: Points, y: Points) -> Squares:
    """|x_i - y_j|^2 of all pairs, by one matrix product.

    The error is that of float32 relative to |x|^2 + |y|^2: centre the samples first. Where y is x itself, it is
    centred here.

    Args:
        x, y: points, shapes (n, d) and (m, d).

    Returns:
        Squared distances, shape (n, m), none negative.

    >>> squared_distances(np.zeros((1, 2), np.float32), np.array([[3, 4]], np.float32))
    array([[25.]], dtype=float32)
    """
    x, y = _single(x, y)
    return _products(_left(x), _right(y))


def total(of: Callable[[Squares], float], x: Points, y: Points) -> float:
    """Sum over all pairs of a function of their squared distance.

    Where y is x itself, half of the pairs are computed, and a point is at distance 0 exactly from itself.

    Args:
        of: sums its function over a block of squared distances, which it may overwrite.
        x, y: points, shapes (n, d) and (m, d).

    Returns:
        The sum over the n m pairs.

    >>> x = np.array([[0], [3], [4]], np.float32)
    >>> total(lambda squares: np.sqrt(squares).sum(), x, x)
    16.0
    """
    x, y = _single(x, y)
    found, left, right = 0.0, _left(x), _right(y)
    for start in range(0, len(x), ROWS):
        stop = start + ROWS
        if y is not x:
            found += of(_products(left[start:stop], right))
            continue
        own = _products(left[start:stop], right[start:stop])
        np.fill_diagonal(own, 0)
        found += of(own)
        if stop < len(x):
            found += 2 * of(_products(left[start:stop], right[stop:]))
    return float(found)


def _single(x: Points, y: Points) -> tuple[Squares, Squares]:
    """Both in single precision; a sample and itself about a place among its points, which may be far from 0."""
    if y is not x:
        return x.astype(np.float32, copy=False), y.astype(np.float32, copy=False)
    own = (x - location(x[:ROWS])).astype(np.float32)
    return own, own


def _left(x: Squares) -> Squares:
    """(-2 x, |x|^2, 1), whose product with (y, 1, |y|^2) is |x - y|^2."""
    return np.column_stack([-2 * x, np.vecdot(x, x), np.ones(len(x), x.dtype)])


def _right(y: Squares) -> Squares:
    return np.column_stack([y, np.ones(len(y), y.dtype), np.vecdot(y, y)])


def _products(left: Squares, right: Squares) -> Squares:
    squares = left @ right.T
    return np.maximum(squares, 0, out=squares)
