"""Counts in bins as wide as a fixed fraction of the distance from the middle: any range, one pass, mergeable.

With p = (x - centre) / scale, a number x falls in the bin of the sign of p and of the leading bits of 1 + |p|: 2^bits
bins to each doubling of 1 + |p|. So half a bin is at most 2^-(bits + 1) (scale + |x - centre|): fine where the
reference lies, relative far from it, and no number is out of range. A float's own bits are these digits, so that
finding a bin is a shift.

References:
    Masson, Rim, Lee: DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees. PVLDB 2019

>>> bins = Bins.none(centre=np.zeros(1), scale=1.0, bits=4)
>>> bins.add(np.array([[0.5, 0.51, -3.0]]))
>>> ((values, counts),) = bins.filled()
>>> values.round(2), counts, bins.halves.min()
(array([-3.12,  0.53]), array([1, 2]), np.float64(0.03125))
"""

__all__ = ["Bins"]

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

REACH = 2.0**40
"""Largest |p|: more doublings would take memory for numbers that float32 projections hold to no useful precision."""

EXPONENT, MANTISSA = 127, 23
"""A float32 f >= 1 has the integer bits (127 + floor(log2 f)) 2^23 + fraction."""


@dataclass(eq=False)
class Bins:
    """Histograms of several families of numbers, one a row.

    Args:
        centre: middle of each row's numbers, shape (rows,).
        scale: their spread, positive.
        bits: there are 2^bits bins to a doubling of 1 + |p|.
        counts: shape (rows, 2 * doublings * 2^bits), bins of negative p first; widens for numbers farther out.
    """

    centre: NDArray[np.floating[Any]]
    scale: float
    bits: int
    counts: NDArray[np.int64]

    @classmethod
    def none(cls, centre: NDArray[np.floating[Any]], scale: float, bits: int) -> Self:
        """Bins of no numbers."""
        return cls(centre, scale, bits, np.zeros((len(centre), 2 << bits), np.int64))

    def add(self, x: NDArray[np.floating[Any]], row: int = 0) -> None:
        """Count numbers.

        Args:
            x: numbers of rows `row`, `row + 1`, ...; shape (k, n).
            row: the first row.
        """
        p = ((x - self.centre[row : row + len(x), None]) / self.scale).astype(np.float32, copy=False)
        index = np.abs(p)
        index += 1
        bins = index.view(np.int32)
        bins >>= MANTISSA - self.bits
        bins -= EXPONENT << self.bits
        bins ^= p.view(np.int32) >> 31  # all ones where p is negative: bin i becomes -1 - i
        least, most = int(bins.min()), int(bins.max())
        self._widen((max(most, ~least) >> self.bits) + 1)
        bins -= least
        first = self.counts.shape[1] // 2 + least
        for counts, numbers in zip(self.counts[row:], bins, strict=False):
            counts[first : first + most - least + 1] += np.bincount(numbers, minlength=most - least + 1)

    def merged(self, other: Self) -> Self:
        """The counts of both."""
        small, large = sorted((self, other), key=lambda bins: bins.counts.shape[1])
        more = (large.counts.shape[1] - small.counts.shape[1]) // 2
        counts = large.counts.copy()
        counts[:, more : counts.shape[1] - more] += small.counts
        return replace(self, counts=counts)

    def filled(self) -> Iterator[tuple[NDArray[np.float64], NDArray[np.int64]]]:
        """Of each row the middles of bins that hold something, in increasing order, and how many numbers they hold."""
        offsets = self.offsets
        for centre, counts in zip(self.centre.tolist(), self.counts, strict=True):
            held = np.flatnonzero(counts)
            yield centre + offsets[held], counts[held]

    @property
    def offsets(self) -> NDArray[np.float64]:
        """How far the middle of each bin is from the centre of its row, shape (bins,)."""
        middle = self._edges() + self._half_widths()
        return self.scale * np.concatenate([-middle[::-1], middle])

    @property
    def halves(self) -> NDArray[np.float64]:
        """Half the width of each bin: how far a number may be from the middle of its bin, shape (bins,)."""
        half = self._half_widths()
        return self.scale * np.concatenate([half[::-1], half])

    def _edges(self) -> NDArray[np.float64]:
        """Lower edges of the bins of positive p."""
        octave, digit = divmod(np.arange(self.counts.shape[1] // 2), 1 << self.bits)
        return np.ldexp(1 + digit / (1 << self.bits), octave) - 1

    def _half_widths(self) -> NDArray[np.float64]:
        return np.ldexp(1.0, (np.arange(self.counts.shape[1] // 2) >> self.bits) - self.bits - 1)

    def _widen(self, octaves: int) -> None:
        more = (octaves << self.bits) - self.counts.shape[1] // 2
        if more > 0:
            self.counts = np.pad(self.counts, ((0, 0), (more, more)))
