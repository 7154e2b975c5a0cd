"""Increasing maps on a grid whose cells are found from the bits of a number, about ten times as fast as a search."""

__all__ = ["Gridded", "gridded"]

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import is_numpy_array
from numpy.typing import NDArray

from latentot.numerics.special import Array
from latentot.transport.monotone import Monotone

Numbers = NDArray[np.floating[Any]]

MANTISSA, BIAS, SIGN = 52, 1_023, 63
"""Of a double: bits of its fraction, bias of its exponent, place of its sign."""
FINE = (7, 9)
"""Base-2 logarithms of the cells per octave that are tried, in turn."""
INNER = 7
"""Octaves below the interquartile range that have cells of their own."""
MAX_OCTAVES = 40
WRONG = 2e-4
"""Probability by which a knot may move: a tenth of the error that two million draws leave."""
BLOCK = 1 << 14
"""Numbers that are carried at a time, so that intermediate arrays stay in the cache."""


@dataclass(frozen=True, eq=False, repr=False)
class Gridded:
    """T(centre + v) = offset_i + slope_i v, i the cell of v: its sign, its exponent and the first bits of its fraction.

    Args:
        exact: the same map as knots, for arrays of other libraries.
        centre: near the median.
        lowest: exponent of the innermost cells' end.
        fine: base-2 logarithm of the cells per octave.
        offsets: for v >= 0 outwards, then for v < 0, shape (2 m,).
        slopes: likewise.
    """

    exact: Monotone
    centre: float
    lowest: int
    fine: int
    offsets: Numbers
    slopes: Numbers

    def __repr__(self) -> str:
        return f"Gridded({len(self.offsets)} cells)"

    def __call__(self, u: Array) -> Array:
        """Carry numbers of any shape and library."""
        if not is_numpy_array(u):
            return self.exact(u)
        flat = np.ascontiguousarray(u, dtype=np.float64).reshape(-1)
        carried, half = np.empty_like(flat), len(self.offsets) // 2
        first = ((self.lowest + BIAS) << self.fine) - 1
        for start in range(0, len(flat), BLOCK):
            v = flat[start : start + BLOCK] - self.centre
            cell = np.abs(v).view(np.int64)
            cell >>= MANTISSA - self.fine
            cell -= first
            np.maximum(cell, 0, out=cell)
            np.minimum(cell, half - 1, out=cell)
            side = v.view(np.int64) >> SIGN
            side &= half
            cell += side
            v *= self.slopes.take(cell)
            np.add(v, self.offsets.take(cell), out=carried[start : start + BLOCK])
        return carried.reshape(u.shape)


def gridded(carry: Monotone, shares: Numbers, *, wrong: float = WRONG) -> "Gridded | Monotone":
    """A map with its knots moved to a grid; the map itself where that would move probability.

    Args:
        carry: an increasing map.
        shares: probability below each of its knots, shape (k,).
        wrong: probability by which a knot may move.

    >>> x = np.linspace(-4, 4, 2_001)
    >>> gridded(Monotone(x, 2 * x, (2.0, 2.0)), np.linspace(0, 1, 2_001))(np.array([0.0, 1.0, -9.0]))
    array([  0.,   2., -18.])
    """
    for fine in FINE:
        found = _on_grid(carry, shares, fine)
        if found is not None:
            moved = np.interp(found(carry.source), carry.target, shares) - shares
            inside = (shares > shares[0]) & (shares < shares[-1])
            if np.isfinite(moved).all() and (np.abs(moved[inside]) < wrong).all():
                return found
    return carry


def _on_grid(carry: Monotone, shares: Numbers, fine: int) -> Gridded | None:
    low, centre, high = np.interp([0.25, 0.5, 0.75], shares, carry.source)
    reach = max(carry.source[-1] - centre, centre - carry.source[0])
    if not (high > low and math.isfinite(reach)):
        return None
    lowest, highest = math.frexp(high - low)[1] - 1 - INNER, math.frexp(reach)[1]
    if highest - lowest > MAX_OCTAVES:
        return None
    octaves = np.arange(lowest, highest, dtype=np.float64)[:, None]
    ends = np.append((2.0**octaves * (1 + np.arange(2**fine) / 2**fine)).reshape(-1), 2.0**highest)
    inner = np.append(0.0, ends)
    sides = []
    for sign in (1.0, -1.0):
        y = carry(centre + sign * inner)
        rise = sign * np.diff(y) / np.diff(inner)
        slope = np.append(rise, carry.slopes[1 if sign > 0 else 0])
        sides.append((y - slope * sign * inner, slope, centre + sign * inner, y))
    (up, up_slope, x, y), (down, down_slope, below, least) = sides
    exact = Monotone(np.concatenate([below[:0:-1], x]), np.concatenate([least[:0:-1], y]), carry.slopes)
    return Gridded(
        exact, float(centre), lowest, fine, np.concatenate([up, down]), np.concatenate([up_slope, down_slope])
    )
