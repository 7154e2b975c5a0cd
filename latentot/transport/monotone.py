"""Monotone transport: the increasing map that carries one sample of numbers onto another."""

__all__ = ["Monotone", "levels"]

from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace, is_numpy_array
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from latentot.errors import InputError
from latentot.numerics.special import Array, constant
from latentot.transport.placed import placed

Numbers = NDArray[np.floating[Any]]

MIN_POINTS = 8
"""Points in the outermost block: fewer would make its mean as noisy as an extreme value."""

TAIL = 0.01
"""Share of a sample whose mean says how far its tail reaches."""


@dataclass(frozen=True, eq=False, repr=False)
class Monotone:
    """T(u) = Q_target(F_source(u)): linear between knots, and beyond the outermost in the ratio of the two tails.

    A knot pairs the mean of a block of the source's order statistics with the mean of the block of the target's at
    the same levels. With no more points than knots a block is one order statistic; with more, levels lie evenly on the
    normal scale, so that tails keep their resolution. Beyond the outermost knot the slope is (the mean of the target's
    outer 1 % less its median) / (the same of the source): exact between laws that differ by shift and scale.

    Args:
        source: knots, increasing strictly, shape (k,).
        target: what each is carried to, increasing, shape (k,).
        slopes: slope below the first knot, and above the last.
    """

    source: Numbers
    target: Numbers
    slopes: tuple[float, float]

    @classmethod
    def between(cls, source: Numbers, target: Numbers, *, knots: int) -> "Monotone":
        """The map from one sample to another.

        Args:
            source: numbers, shape (n,).
            target: numbers, shape (m,).
            knots: how many knots at most.

        Raises:
            InputError: fewer than two knots.

        >>> u = np.random.default_rng(0).standard_normal(1000)
        >>> Monotone.between(u, 3 * u + 1, knots=2_000)(np.array([0.0, 10.0])).round(6)
        array([ 1., 31.])
        """
        if knots < 2:
            raise InputError(f"a monotone map has at least 2 knots, got {knots}")
        return cls.between_sorted(np.sort(source), np.sort(target), knots=knots)

    @classmethod
    def between_sorted(cls, x: Numbers, y: Numbers, *, knots: int) -> "Monotone":
        """The same of samples in rising order."""
        edges = levels(len(x), knots)
        return cls(*_without_ties(_block_means(x, edges), _block_means(y, edges), np.diff(edges)), _tail_slopes(x, y))

    def __repr__(self) -> str:
        return f"Monotone({len(self.source)} knots)"

    def __call__(self, u: Array) -> Array:
        """Carry numbers of any shape and library."""
        if is_numpy_array(u):
            inside = np.interp(u, self.source, self.target)
            below, above = np.minimum(u - self.source[0], 0), np.maximum(u - self.source[-1], 0)
            return inside + self.slopes[0] * below + self.slopes[1] * above
        return self._elsewhere(u)

    def _elsewhere(self, u: Array) -> Array:
        """What NumPy's `interp` gives, by the functions of any library: the piece of each number, then its line."""
        xp = array_namespace(u)
        rise = np.diff(self.target) / np.diff(self.source)
        slopes = np.concatenate([self.slopes[:1], rise, self.slopes[1:]])
        source, target, slopes = (
            placed(part, u)
            for part in (np.append(self.source[0], self.source), np.append(self.target[0], self.target), slopes)
        )
        # The search has no gradient and asks for none: the line of a piece does.
        piece = xp.searchsorted(source[1:], xp.reshape(constant(u) + 0.0, (-1,)))
        at, to, slope = (xp.reshape(xp.take(part, piece, axis=0), u.shape) for part in (source, target, slopes))
        return to + slope * (u - at)


def levels(n: int, knots: int) -> Numbers:
    """Edges of the blocks, in shares of the sample: each block holds whole points of the source."""
    if n <= knots:
        return np.arange(n + 1) / n
    outermost = ndtri(min(MIN_POINTS / n, 1 / knots))
    inner = ndtr(np.linspace(outermost, -outermost, knots - 1))
    return np.unique(np.rint(np.concatenate([[0], inner, [1]]) * n)) / n


def _block_means(ordered: Numbers, edges: Numbers) -> Numbers:
    """Means of the quantile function between levels, exact for any number of points, shape (len(edges) - 1,)."""
    m = len(ordered)
    if len(edges) == m + 1:
        return ordered
    whole = np.minimum((edges * m).astype(np.intp), m - 1)
    integral = np.concatenate([[0.0], np.cumsum(ordered)])[whole] + (edges * m - whole) * ordered[whole]
    # Differences of a running sum are rounded: what they lose must not turn the order around.
    return np.maximum.accumulate(np.diff(integral) / (np.diff(edges) * m))


def _without_ties(x: Numbers, y: Numbers, mass: Numbers) -> tuple[Numbers, Numbers]:
    """Equal knots of the source become one, carried to the mean of their targets."""
    first = np.flatnonzero(np.concatenate([[True], np.diff(x) > 0]))
    if len(first) == len(x):
        return x, y
    return x[first], np.add.reduceat(y * mass, first) / np.add.reduceat(mass, first)


def _tail_slopes(x: Numbers, y: Numbers) -> tuple[float, float]:
    edges = np.array([0, TAIL, 1 - TAIL, 1])
    (low_x, _, high_x), (low_y, _, high_y) = _block_means(x, edges), _block_means(y, edges)
    middle_x, middle_y = np.median(x), np.median(y)
    below = (middle_y - low_y) / (middle_x - low_x) if low_x < middle_x else 1.0
    above = (high_y - middle_y) / (high_x - middle_x) if high_x > middle_x else 1.0
    return float(below), float(above)
