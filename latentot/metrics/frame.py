"""Where a metric measures from, and in which unit: the middle and the spread of its reference.

Far from the origin float32 has no digits left for what differs between two samples, and squares of large or small
numbers leave the range of floating point. So points are given to metrics as (z - c) / s, and a value of degree k is
multiplied by s^k: it answers to z -> a z + b as its formula does, by construction. Both is done in float64 before
anything is rounded to float32: what a search by steps finds then is the same too, for its points are.

>>> frame = Frame.of(np.array([[1e9], [1e9 + 4.0], [1e9 + 8.0]]), np.float32)
>>> frame.put(np.array([[1e9 + 10.0]])), frame.back(1.5, degree=2)
(array([[1.5]], dtype=float32), 24.0)
"""

__all__ = ["Frame", "framed"]

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.metrics.measurement import Judge, Measurement, through
from latentot.numerics.points import Points, location

PROBED = 1_024
"""Rows that place the frame: any middle and any spread would do, but for rounding."""
GUESSED = 2.0**-20
"""The unit, relative to the middle, of a reference whose points are all alike; what is measured brings its own."""
CELLS = 16_384
"""Coordinates moved at a time: they stay in the cache."""
FINEST = 2.0**-40
"""Least spread relative to the middle: anything finer may be what rounding left of equal numbers."""
UNITS = 2.0**-1021, 2.0**1021
"""Least and largest unit: its inverse is a normal number too."""
TINY = float(np.finfo(np.float64).tiny)
LARGEST = 1e15
"""Largest number in the frame: float32 holds sums of its squares."""


@dataclass(frozen=True, eq=False)
class Frame:
    """A middle and a unit.

    Args:
        centre: c, shape (d,): a number of the reference in every coordinate, so that subtracting it is exact nearby.
        unit: s.
        precision: what points are rounded to; `np.floating` keeps what they have.
        alike: whether all reference points are one and the same, so that they have no spread.
    """

    centre: NDArray[np.float64]
    unit: float
    precision: type[np.floating[Any]]
    alike: bool = False

    @classmethod
    def of(cls, reference: Points, precision: type[np.floating[Any]]) -> Self:
        """The frame of a reference, shape (m, d).

        The middle is the median of each coordinate. The unit lies half way, in orders of magnitude, between the largest
        distance from it and the largest median distance of a coordinate: float32 then holds squares of both.
        """
        rows = reference[:: -(-len(reference) // PROBED)]
        centre, middle = location(rows), len(rows) // 2
        with np.errstate(over="ignore"):
            spread = float(np.partition(np.abs(rows - centre), middle, axis=0)[middle].max())
        reach = _reach(reference, centre)
        least = FINEST if reach > 0 else GUESSED
        unit = max((spread or reach) ** 0.5 * reach**0.5, least * float(np.abs(centre).max()))
        return cls(centre, _unit(unit), precision, alike=not reach > 0)

    def put(self, z: Points) -> Points:
        """(z - c) / s, computed in float64, of points, shape (n, d)."""
        found = np.empty(z.shape, z.dtype if self.precision is np.floating else self.precision)
        rows, inverse = max(1, CELLS // z.shape[1]), 1 / self.unit
        for start in range(0, len(z), rows):
            block = z[start : start + rows] - self.centre
            block *= inverse
            found[start : start + rows] = block
        return found

    def held(self, z: Points, what: str) -> Points:
        """What `put` gives, where its squares can be added up.

        Args:
            z: points, shape (n, d).
            what: what they are for, to be named where they cannot.

        Raises:
            InputError: numbers are too many units from the middle.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            found = self.put(z)
        # A NaN fails the comparison too.
        if found.max() <= LARGEST and found.min() >= -LARGEST:
            return found
        raise InputError(
            f"{what} takes points up to {LARGEST * self.unit:.3g} from the middle of this reference, got "
            f"{_reach(z, self.centre):.3g}: leave out outliers, or take metrics of ranks, such as marginal-ks"
        )

    def sized_by(self, z: Points) -> "Frame":
        """A frame for a reference without spread: its unit is the largest distance of a point from the middle."""
        return replace(self, unit=_unit(_reach(z, self.centre) or self.unit))

    def back(self, value: float, degree: int) -> float:
        """A value in the unit of the points, from one measured in the frame; NaN where no normal number holds it."""
        found = value
        for _ in range(degree):
            found *= self.unit
        return found if value == 0 or abs(found) >= TINY else float("nan")


def framed(
    name: str,
    prepare: Callable[[Points], Judge],
    reference: Points,
    precision: type[np.floating[Any]],
    degree: int,
) -> Judge:
    """A judge that measures in the frame of its reference.

    Args:
        name: of the metric.
        prepare: makes a judge from a reference.
        reference: shape (m, d).
        precision: what points are rounded to in the frame.
        degree: of the values.

    Raises:
        InputError: numbers of the reference, or of a sample, are too many units from its middle.
    """
    frame, shape = Frame.of(reference, precision), reference.shape
    known = frame.held(reference, name)
    kind = known.dtype

    def measured(judge: Judge, z: Points) -> Measurement:
        at, own = frame, judge
        if frame.alike:
            at, own = frame.sized_by(z), prepare(np.zeros(shape, kind))
        value, raw, n_used = own(at.held(z, name))
        return Measurement(at.back(value, degree), at.back(raw, degree), n_used)

    judge = prepare(known)
    if frame.alike:  # every sample brings a unit, and so a judge, of its own
        return functools.partial(measured, judge)
    return through(judge, lambda inner: functools.partial(measured, inner), lambda z: frame.held(z, name))


def _reach(z: Points, centre: NDArray[np.float64]) -> float:
    """The largest distance of a coordinate from the centre."""
    with np.errstate(over="ignore"):
        return float(np.maximum(z.max(axis=0) - centre, centre - z.min(axis=0)).max())


def _unit(spread: float) -> float:
    """The spread, of which 1 / s is a number too; 1 where there is none."""
    return min(max(spread, UNITS[0]), UNITS[1]) if spread > 0 else 1.0
