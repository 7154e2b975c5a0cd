"""One-dimensional shadows of points: projections on random directions."""

__all__ = ["DIRECTIONS", "directions", "shadows", "unit"]

import numpy as np
from numpy.typing import NDArray

from latentot.drift.measurement import Points

DIRECTIONS = 256


def directions(d: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Directions uniform on the sphere, unit vectors.

    Args:
        d: number of coordinates.
        rng: what draws them.

    Returns:
        One a row, shape (256, d).

    >>> np.linalg.norm(directions(3, np.random.default_rng(0)), axis=1)[:2].round(6)
    array([1., 1.], dtype=float32)
    """
    return unit(rng.standard_normal((DIRECTIONS, d)))


def unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows of length 1."""
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def shadows(z: Points, along: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sorted projections <z, v> on each direction v; float32 sorts several times faster.

    Args:
        z: points, shape (n, d).
        along: directions, shape (k, d).

    Returns:
        Shadows, shape (k, n).
    """
    found = along @ z.astype(np.float32, copy=False).T
    found.sort(axis=1)
    return found
