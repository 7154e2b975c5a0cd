"""Weighted sums, compiled; importing this needs numba, the `fast` extra."""

__all__ = ["compiled"]

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

SUMMAND = {real: (types.Array(real, 1, "C", readonly=True), real) for real in (types.float32, types.float64)}
"""The types of an array, which may be read-only, and of its weight."""


# Without `fastmath`, so that the bits are NumPy's, and what is not finite is seen.
@njit([(real[::1], *each, *each) for real, each in SUMMAND.items()], nogil=True, cache=True, error_model="numpy")
def _add_two(points: Any, z0: Any, weight0: float, z1: Any, weight1: float) -> bool:
    finite = True
    for i in range(points.size):
        y = weight0 * z0[i] + weight1 * z1[i]
        points[i] = y
        finite &= y - y == 0
    return finite


@njit([(real[::1], *each) for real, each in SUMMAND.items()], nogil=True, cache=True, error_model="numpy")
def _add_another(points: Any, z: Any, weight: float) -> bool:
    finite = True
    for i in range(points.size):
        y = points[i] + weight * z[i]
        points[i] = y
        finite &= y - y == 0
    return finite


def compiled(points: NDArray[Any], z: Sequence[NDArray[Any]], weights: Sequence[float]) -> bool:
    """Write the sum of w_i z_i over points, and say whether it is finite.

    Args:
        points: where the sum goes, C-contiguous, in single or double precision.
        z: two arrays or more of its shape and dtype.
        weights: one each.

    >>> points = np.empty(2)
    >>> compiled(points, [np.array([1.0, np.inf]), np.array([3.0, 6.0])], [0.5, 0.5]), points
    (False, array([ 2., inf]))
    """
    flat = points.reshape(-1)
    parts = (np.require(part, requirements=["C", "A"]).reshape(-1) for part in z)
    (z0, w0), (z1, w1), *others = zip(parts, weights, strict=True)
    finite = _add_two(flat, z0, w0, z1, w1)
    for part, weight in others:
        finite = _add_another(flat, part, weight)
    return finite
