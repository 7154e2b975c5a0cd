"""Distances of the norms in one pass: counts of them.

For W1 each norm is counted in a bin and taken for the bin's middle, which moves it by half the bin's width w at most:
the value lies within mean w / 2 <= 2^-17 (s + mean ||z| - c|) of that in memory, c and s the mean and the spread of
the reference's norms. For Kolmogorov-Smirnov they are counted at ranks (`latentot.metrics.streaming.ranks`).
"""

__all__ = ["NormSketch", "norm_ranks"]

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from latentot.metrics.measurement import Measurement
from latentot.metrics.streaming.bins import REACH, Bins
from latentot.metrics.streaming.partial import Sketch
from latentot.metrics.streaming.ranks import RankGrid
from latentot.numerics.lengths import lengths, lengths_beside
from latentot.numerics.points import Points

BITS = 16
"""2^16 bins to a doubling: half a megabyte of counts for each, and an error of 2^-17 as said above."""


@dataclass(frozen=True, eq=False)
class NormSketch(Sketch):
    """Counts of norms, for their W1.

    Args:
        d: coordinates of a point.
        known: norms of the reference, shape (1, m).
        bins: of the norms of points seen, one row.
        numbers: gives norms of points, as one row.
    """

    d: int
    known: NDArray[np.float64]
    bins: Bins
    numbers: Callable[[Points], NDArray[np.float64]]

    @classmethod
    def start(cls, reference: Points) -> Self:
        """A sketch of no points."""
        numbers = functools.partial(norms, of=lengths_beside(reference))
        known = numbers(reference)
        centre = known.mean(axis=1)
        # On a sphere the norms have no spread, and those of other points may have.
        size = float(known.max()) or 1.0
        scale = max(float((known / size).std()) * size, 1e-3 * float(centre[0])) or 1.0
        return cls(reference.shape[1], known, Bins.none(centre, scale, BITS), numbers)

    @property
    def largest(self) -> float:  # |z| <= sqrt(d) max |z_j|
        return REACH * self.bins.scale / self.d**0.5

    def add(self, z: Points) -> None:
        self.bins.add(self.numbers(z))

    def merged(self, other: Self) -> Self:
        return replace(self, bins=self.bins.merged(other.bins))

    def measure(self, n: int) -> Measurement:
        from scipy.stats import wasserstein_distance

        ((values, counts),) = self.bins.filled()
        value = float(wasserstein_distance(values, self.known[0], counts))
        return Measurement(value, value, n)

    def error(self, n: int) -> float:
        return float(self.bins.counts[0] @ self.bins.halves / n)


def norm_ranks(reference: Points) -> RankGrid:
    """A sketch of no points, for the Kolmogorov-Smirnov distance of the norms."""
    numbers = functools.partial(norms, of=lengths_beside(reference))
    return RankGrid.of_sample(numbers(reference), numbers)


def norms(z: Points, of: Callable[[Points], NDArray[np.float64]] = lengths) -> NDArray[np.float64]:
    """|z| of points, shape (n, d), as one row, shape (1, n)."""
    return of(z)[None]
