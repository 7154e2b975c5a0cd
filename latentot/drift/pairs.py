"""Squared distances of all pairs of two samples, in float32, whole or a block of rows at a time."""

__all__ = ["Squares", "squared_distances", "total"]

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Squares = NDArray[np.float32]
"""Squared distances, shape (n, m)."""

ROWS = 256
"""Rows a block: with 2,000 columns it stays in the cache from the product to the sum."""


def squared_distances(x: Squares, y: Squares) -> Squares:
    """|x_i - y_j|^2 of all pairs, by one matrix product.

    The error is that of float32 relative to |x|^2 + |y|^2: centre the samples first.

    Args:
        x, y: points, shapes (n, d) and (m, d).

    Returns:
        Squared distances, shape (n, m), none negative.

    >>> squared_distances(np.zeros((1, 2), np.float32), np.array([[3, 4]], np.float32))
    array([[25.]], dtype=float32)
    """
    squares = x @ y.T
    squares *= -2
    squares += np.vecdot(x, x)[:, None]
    squares += np.vecdot(y, y)
    return np.maximum(squares, 0, out=squares)


def total(of: Callable[[Squares], float], x: Squares, y: Squares) -> float:
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
    found = 0.0
    for start in range(0, len(x), ROWS):
        block, rest = x[start : start + ROWS], x[start + ROWS :]
        if y is not x:
            found += of(squared_distances(block, y))
            continue
        own = squared_distances(block, block)
        np.fill_diagonal(own, 0)
        found += of(own)
        if len(rest):
            found += 2 * of(squared_distances(block, rest))
    return float(found)
