"""Increasing curves through points, smooth, with their inverse in closed form: rational quadratic splines."""

__all__ = ["RationalSpline"]

from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device
from numpy.typing import NDArray

from latentot.numerics.special import Array, clip, constant

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RationalSpline:
    """y(x) = y_k + h (m u^2 + a u (1 - u)) / (m + (a + b - 2 m) u (1 - u)), u the share of the piece's way.

    m is the piece's mean slope and a, b the slopes at its ends, h its rise. One derivative is continuous, the curve
    increases strictly, and its inverse solves a quadratic equation. Beyond the ends it goes on in straight lines.

    Args:
        x: knots, increasing strictly, shape (k >= 2,).
        y: what they are carried to, increasing strictly, shape (k,).
        slopes: at the knots, positive, shape (k,).

    References:
        Gregory, Delbourgo: Piecewise rational quadratic interpolation to monotonic data. IMA J. Numerical Analysis
        1982.

    >>> curve = RationalSpline.through(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 4.0]))
    >>> curve(np.array([1.0, 3.0])), curve.inverse(curve(np.array([0.3]))).round(12)
    (array([1., 7.]), array([0.3]))
    """

    x: Floats
    y: Floats
    slopes: Floats

    @classmethod
    def through(cls, x: Floats, y: Floats) -> "RationalSpline":
        """The curve whose slope at a knot is the weighted harmonic mean of those beside it (Fritsch, Butland)."""
        width = np.diff(x)
        rise = np.diff(y) / width
        left, right = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
        inner = (left + right) / (left / rise[:-1] + right / rise[1:])
        return cls(x, y, np.concatenate([rise[:1], inner, rise[-1:]]))

    def __call__(self, x: Array) -> Array:
        """The curve at numbers of any shape and library."""
        piece, inside = self._piece(self.x, x)
        u, m, a, b = self._share(piece, inside)
        y = piece(self.y) + piece(np.diff(self.y)) * u * (m * u + a * (1 - u)) / (m + (a + b - 2 * m) * u * (1 - u))
        return y + self._beyond(x, self.x, 1)

    def slope(self, x: Array) -> Array:
        """Its derivative."""
        piece, inside = self._piece(self.x, x)
        u, m, a, b = self._share(piece, inside)
        below = m + (a + b - 2 * m) * u * (1 - u)
        return m**2 * (b * u**2 + 2 * m * u * (1 - u) + a * (1 - u) ** 2) / below**2

    def inverse(self, y: Array) -> Array:
        """The x with y(x) = y."""
        xp = array_namespace(y)
        piece, inside = self._piece(self.y, y)
        width, rise = piece(np.diff(self.x)), piece(np.diff(self.y))
        m, a, b = rise / width, piece(self.slopes[:-1]), piece(self.slopes[1:])
        v = (inside - piece(self.y)) / rise
        bend = v * (a + b - 2 * m)
        second, first = m - a + bend, a - bend
        u = 2 * m * v / (first + xp.sqrt(clip(first**2 + 4 * second * m * v, 0.0, None)))
        return piece(self.x) + width * u + self._beyond(y, self.y, -1)

    def _share(self, piece: Any, x: Array) -> tuple[Array, Array, Array, Array]:
        """Of the piece's way what is gone, its mean slope, and the slopes at its ends."""
        width = piece(np.diff(self.x))
        return (x - piece(self.x)) / width, piece(np.diff(self.y)) / width, *map(piece, self._ends)

    @property
    def _ends(self) -> tuple[Floats, Floats]:
        return self.slopes[:-1], self.slopes[1:]

    def _piece(self, knots: Floats, at: Array) -> tuple[Any, Array]:
        """What takes a number a piece for each of these, and these within the knots."""
        xp = array_namespace(at)

        def like(values: Floats) -> Array:
            return xp.asarray(values, dtype=at.dtype, device=device(at))

        inside = clip(at, float(knots[0]), float(knots[-1]))
        flat = xp.reshape(constant(inside) + 0.0, (-1,))
        index = xp.searchsorted(like(knots[1:-1]), flat, side="right")
        return (lambda values: xp.reshape(xp.take(like(values), index, axis=0), at.shape)), inside

    def _beyond(self, at: Array, knots: Floats, power: int) -> Array:
        """What the straight lines add."""
        below, above = self.slopes[0] ** power, self.slopes[-1] ** power
        low, high = float(knots[0]), float(knots[-1])
        return float(below) * (clip(at, None, low) - low) + float(above) * (clip(at, high, None) - high)
