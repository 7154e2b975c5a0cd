"""Kolmogorov-Smirnov distances in one pass: distribution functions counted at fixed places.

F_z is counted just below and up to each place of a grid, where F, the reference's, is known. So the largest |F_z - F|
at the places is exact; and between two neighbours, where both only grow, |F_z - F| exceeds that at one of the two by no
more than the mass of F between them, nor than that of F_z. The places are 4,096 ranks of the reference: the value in
memory is not below the one found, and above it by 1/4095 at most, whatever z is. What the reference repeats is a place,
not mass between places, and a reference of at most 4,096 points has none between them: then the value is exact.

>>> grid = RankGrid.of_sample(np.arange(10.0)[None])
>>> grid.add(np.array([[0.5], [9.5]]))
>>> grid.measure(2), grid.error(2)
(Measurement(value=0.5, raw=0.5, n_used=2), 0.0)
"""

__all__ = ["RankGrid"]

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from latentot.metrics.measurement import Measurement
from latentot.metrics.streaming.partial import Sketch
from latentot.numerics.points import Points
from latentot.priors import Law

PLACES = 4_096
"""Ranks of the reference at which both are counted: the value is exact to 1/4095."""

Numbers = NDArray[np.floating[Any]]
"""Families of numbers, one a row."""


def coordinates(z: Points) -> Numbers:
    """Points, shape (n, d), as a family for each coordinate, shape (d, n)."""
    return z.T


@dataclass(frozen=True, eq=False)
class RankGrid(Sketch):
    """Counts of numbers at fixed places, for the largest Kolmogorov-Smirnov distance of any family.

    Args:
        places: increasing numbers, one row a family, shape (d, k).
        law: F just below each place, and up to it: shape (2, d, k).
        numbers: the families of points: their coordinates, or their norms as a single one.
        counts: how many numbers were seen below each place, and up to it: shape (2, d, k).
    """

    places: NDArray[np.float64]
    law: NDArray[np.float64]
    numbers: Callable[[Points], Numbers] = coordinates
    counts: NDArray[np.int64] = field(kw_only=True)

    @classmethod
    def of_points(cls, reference: Points) -> Self:
        """A sketch of no points, for the coordinates of a reference, shape (m, d)."""
        return cls.of_sample(coordinates(reference))

    @classmethod
    def of_sample(cls, known: Numbers, numbers: Callable[[Points], Numbers] = coordinates) -> Self:
        """A sketch of no points, for families of numbers of a reference, shape (d, m)."""
        columns = np.sort(known, axis=1).astype(np.float64)
        m = columns.shape[1]
        places = columns[:, np.linspace(0, m - 1, min(m, PLACES)).round().astype(np.intp)]
        law = _counts(columns, places)
        return cls(places, law / m, numbers, counts=np.zeros_like(law))

    @classmethod
    def of_law(cls, law: Law, families: int, numbers: Callable[[Points], Numbers] = coordinates) -> Self:
        """A sketch of no points, for families of numbers that should all have a continuous law, or each its own."""
        ranks = (np.arange(PLACES) + 0.5) / PLACES
        if law.size is None:
            places = np.tile(law.quantile(ranks), (families, 1))
            known = np.tile(law.cdf(places), (2, 1, 1))
        else:
            columns = law.quantile(np.repeat(ranks[:, None], families, axis=1))
            places, known = np.ascontiguousarray(columns.T), np.tile(law.cdf(columns).T, (2, 1, 1))
        return cls(places, known, numbers, counts=np.zeros(known.shape, np.int64))

    @property
    def largest(self) -> float:
        return float(np.finfo(np.float64).max)

    def add(self, z: Points) -> None:
        columns = np.array(self.numbers(z), order="C")
        columns.sort(axis=1)
        self.counts[:] += _counts(columns, self.places)

    def merged(self, other: Self) -> Self:
        return replace(self, counts=self.counts + other.counts)

    def measure(self, n: int) -> Measurement:
        value = float(np.abs(self.counts / n - self.law).max())
        return Measurement(value, value, n)

    def error(self, n: int) -> float:
        (low, high), (known_low, known_high) = _between(self.counts / n), _between(self.law)
        most = max(float((high - known_low).max()), float((known_high - low).max()))
        return max(most - self.measure(n).value, 0.0)


def _counts(columns: Numbers, places: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many sorted numbers of each row lie below each place, and up to it: shape (2, d, k)."""
    return np.array(
        [
            [np.searchsorted(column, at, side) for column, at in zip(columns, places, strict=True)]
            for side in ("left", "right")
        ]
    )


def _between(law: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """F where each open interval between places begins, and where it ends; those before and after all places too."""
    below, upto = law
    return np.pad(upto, ((0, 0), (1, 0))), np.pad(below, ((0, 0), (0, 1)), constant_values=1)
