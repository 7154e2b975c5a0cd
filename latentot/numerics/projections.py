"""One-dimensional projections of points: projections on random directions."""

__all__ = ["TOGETHER", "each_projection", "projection_groups", "projections", "random_directions", "unit"]

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

TOGETHER = 64
"""Directions projected on at once: a few would leave the matrix product idle, all would take memory."""


def random_directions(n: int, d: int, rng: np.random.Generator) -> Floats:
    """Directions uniform on the sphere, unit vectors.

    Args:
        n: how many.
        d: number of coordinates.
        rng: what draws them.

    Returns:
        One a row, shape (n, d).

    >>> np.linalg.norm(random_directions(2, 3, np.random.default_rng(0)), axis=1).round(6)
    array([1., 1.], dtype=float32)
    """
    return unit(rng.standard_normal((n, d)))


def unit(rows: NDArray[np.floating]) -> Floats:
    """Rows of length 1."""
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def projections(z: Floats, along: Floats) -> Floats:
    """Sorted projections <z, v> on each direction v; float32 sorts several times faster.

    Args:
        z: points, shape (n, d).
        along: directions, shape (k, d).

    Returns:
        Projections, shape (k, n).
    """
    points, found = z.T, np.empty((len(along), len(z)), np.float32)
    for some in range(0, len(along), TOGETHER):
        np.matmul(along[some : some + TOGETHER], points, out=found[some : some + TOGETHER])
    found.sort(axis=1)
    return found


def projection_groups(z: Floats, along: Floats) -> Iterator[tuple[slice, Floats]]:
    """Projections, bit for bit those of `projections`, some at a time: which they are, and they, shape (some, n)."""
    for first in range(0, len(along), TOGETHER):
        some = slice(first, first + TOGETHER)
        yield some, projections(z, along[some])


def each_projection(z: Floats, along: Floats) -> Iterator[Floats]:
    """Projections, to the last bit those of `projections`, one at a time, shape (n,) each."""
    for _, group in projection_groups(z, along):
        yield from group
