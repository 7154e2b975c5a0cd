"""The sliced Wasserstein distance in one pass: counts of the projections on each direction.

Each projection is counted in a bin and taken for the bin's middle, which moves it by half the bin's width w at most. W2
obeys the triangle inequality, and so does its root mean square over directions v: the value lies within
e = sqrt(mean over v and z of w^2 / 4) of that in memory. A bin half a spread from the centre is 2^-11 spreads wide, and
e <= 2^-12 (s + sqrt(mean <z - c, v>^2)), c and s the mean and the spread of the reference. What is found is far nearer:
within a bin the points lie on both sides of its middle. Rounding of projections to single precision, here and in
memory, is stated too: 2^-22 sqrt(d) times their size, four times what a sum of d rounded terms has.
"""

__all__ = ["SlicedSketch"]

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from latentot.metrics.measurement import Measurement
from latentot.metrics.streaming.bins import REACH, Bins
from latentot.metrics.streaming.partial import Sketch
from latentot.numerics.points import Points
from latentot.numerics.projections import TOGETHER, each_projection
from latentot.numerics.quantiles import squared_w2_of_counts

ROUNDING = 2.0**-22
"""Of a projection to single precision, relative to its size and sqrt(d), as said above."""
BITS = 11
"""256 directions take 25 MB for points within 7 spreads of the reference, and 8 MB for each doubling beyond."""


@dataclass(frozen=True, eq=False)
class SlicedSketch(Sketch):
    """Counts of projections.

    Args:
        reference: shape (m, d); its projections, a row a direction, are made anew for each measurement, some at a time.
        along: directions, shape (l, d).
        bins: of the projections, a row a direction.
    """

    reference: NDArray[np.float32]
    along: NDArray[np.float32]
    bins: Bins

    @classmethod
    def start(cls, reference: Points, along: NDArray[np.float32]) -> Self:
        """A sketch of no points. The spread of the reference is that of a coordinate, root mean square."""
        mean, spread = reference.mean(axis=0, dtype=np.float64), reference.std(axis=0, dtype=np.float64)
        scale = float(np.sqrt(np.square(spread).mean())) or 1.0
        return cls(reference, along, Bins.none(along @ mean.astype(np.float32), scale, BITS))

    @property
    def largest(self) -> float:  # |<z, v>| <= sqrt(d) max |z_j|
        centre = float(np.abs(self.bins.centre).max())
        return (REACH * self.bins.scale - centre) / self.reference.shape[1] ** 0.5

    def add(self, z: Points) -> None:
        points = z.T
        for first in range(0, len(self.along), TOGETHER):
            self.bins.add(self.along[first : first + TOGETHER] @ points, first)

    def merged(self, other: Self) -> Self:
        return replace(self, bins=self.bins.merged(other.bins))

    def measure(self, n: int) -> Measurement:
        squares = [
            squared_w2_of_counts(values, counts, projection.astype(np.float64))
            for projection, (values, counts) in zip(
                each_projection(self.reference, self.along), self.bins.filled(), strict=True
            )
        ]
        value = float(np.sqrt(np.mean(squares)))
        return Measurement(value, value, n)

    def error(self, n: int) -> float:
        share = self.bins.counts.mean(axis=0) / n
        size = self.bins.scale + np.sqrt(share @ np.square(self.bins.offsets)) + np.abs(self.bins.centre).max()
        rounding = ROUNDING * self.reference.shape[1] ** 0.5 * size
        return float(np.sqrt(share @ np.square(self.bins.halves)) + rounding)
