"""Norms of points, of any size; where they should all be equal, without what rounding has left."""

__all__ = ["lengths", "lengths_beside"]

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from latentot.numerics.points import Points

Floats = NDArray[np.float64]

SQUARABLE = 1e-140, 1e140
"""Numbers whose squares are normal numbers, by far."""
BITS, SINGLE_BITS, SINGLE = 40, 20, 4
"""Bits of a norm that rounding leaves alone, in double and in single precision, and the bytes of the latter."""


def lengths(z: Points) -> Floats:
    """|z| of points of any shape, in float64, shape (n,): right where squares leave the range of floating point too.

    A norm is of its row alone: others beside it, and how they lie in memory, do not change a bit of it.

    >>> lengths(np.array([[3e200, 4e200], [0, 5e-320]]))
    array([5.e+200, 5.e-320])
    """
    # Rows of another layout in memory would be summed in another order, and those that tie would not any more.
    with np.errstate(over="ignore", invalid="ignore"):
        points = np.ascontiguousarray(z, dtype=np.float64).reshape(len(z), math.prod(z.shape[1:]))
        found = np.asarray(np.sqrt(np.vecdot(points, points)))
        if (extreme := np.flatnonzero(~((found > SQUARABLE[0]) & (found < SQUARABLE[1])))).size:
            reach = np.abs(points[extreme]).max(axis=1, initial=0)
            reach = np.where(np.isfinite(reach) & (reach > 0), reach, 1)
            unit = points[extreme] / reach[:, None]
            found[extreme] = reach * np.sqrt(np.vecdot(unit, unit))
    return found


def lengths_beside(reference: Points) -> Callable[[Points], Floats]:
    """What gives norms, to be held against those of a reference.

    On a sphere all norms are equal but for rounding, which is no drift: where those of the reference are, norms are
    given to 12 digits, those of points in single precision to 6. Elsewhere they are given as they are.

    >>> sphere = np.array([[1.0, 0.0], [0.6, 0.8 + 1e-15]])
    >>> lengths_beside(sphere)(sphere) - 1, lengths(sphere)[1] > 1
    (array([0., 0.]), np.True_)
    """
    known = lengths(reference)
    equal = np.ptp(known) <= 4 * np.ldexp(known.max(), -_bits(reference))
    return rounded_lengths if equal else lengths


def rounded_lengths(z: Points) -> Floats:
    """Norms, their mantissas rounded."""
    mantissa, exponent = np.frexp(lengths(z))
    bits = _bits(z)
    return np.asarray(np.ldexp(np.rint(np.ldexp(mantissa, bits)), exponent - bits))


def _bits(z: Points) -> int:
    return SINGLE_BITS if z.dtype.itemsize <= SINGLE else BITS
