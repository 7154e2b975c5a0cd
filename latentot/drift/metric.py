"""What a drift metric is: a pure function of two samples, its reference prepared once and judged against often."""

__all__ = ["Judge", "Measurement", "Metric", "Points", "subset"]

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.errors import InputError

Points = NDArray[np.floating[Any]]
"""A sample, shape (n, d)."""


class Measurement(NamedTuple):
    """What a metric found: the value, the value before it was debiased, and how many points it used."""

    value: float
    raw: float
    n_used: int


Judge = Callable[[Points], Measurement]
"""Measures a sample against the reference that the judge was prepared with."""


@dataclass(frozen=True)
class Metric:
    """How far a sample is from a reference sample; lower is closer.

    Args:
        name: its name at the edges: command line, study files, tables.
        title: its name in a sentence.
        formula: its definition.
        unit: what a value of 1 means.
        cost: time as it grows with n points and d coordinates.
        citation: where it comes from.
        least: fewest points that it makes sense for.
        prepare: does all work that needs the reference alone, and gives a judge of samples.

    >>> import latentot as lot
    >>> z, reference = lot.Normal(8).sample(500, rng=0), lot.Normal(8).sample(500, rng=1)
    >>> lot.drift("norm-wasserstein")(z, reference, rng=0) < lot.drift("norm-wasserstein")(z / 2, reference, rng=0)
    True
    """

    name: str
    title: str
    formula: str
    unit: str
    cost: str
    citation: str
    least: int
    prepare: Callable[[Points, np.random.Generator], Judge]

    def __call__(self, z: ArrayLike, reference: ArrayLike, *, rng: int | np.random.Generator) -> float:
        """Drift of z from a reference.

        Args:
            z: points, shape (n, *shape).
            reference: points of the law wanted, shape (m, *shape).
            rng: a seed or a Generator, for directions and subsamples.

        Returns:
            The drift, in the metric's unit.

        Raises:
            InputError: too few points, values that are not finite, or shapes that disagree.
        """
        return self.against(reference, rng=rng)(np.asarray(z)).value

    def against(self, reference: ArrayLike, *, rng: int | np.random.Generator) -> Judge:
        """A judge of samples against one reference: what is drawn or computed from the reference is shared.

        Args:
            reference: points of the law wanted, shape (m, *shape).
            rng: a seed or a Generator, for directions and subsamples.

        Returns:
            A function of points, shape (n, *shape), that gives a `Measurement`.
        """
        known = self._checked(reference, "reference")
        judge = self.prepare(known, np.random.default_rng(rng))

        def judged(z: Points) -> Measurement:
            points = self._checked(z, "points")
            if points.shape[1] != known.shape[1]:
                raise InputError(
                    f"points have {points.shape[1]} coordinates and the reference {known.shape[1]}: they must agree"
                )
            return judge(points)

        return judged

    def _checked(self, z: ArrayLike, what: str) -> Points:
        points = np.asarray(z)
        if points.ndim < 2 or not np.issubdtype(points.dtype, np.floating):
            raise InputError(
                f"{what} are floating-point numbers of shape (n, *shape), got {points.dtype} {points.shape}"
            )
        if len(points) < self.least:
            raise InputError(f"{self.name} needs at least {self.least} {what}, got {len(points)}")
        if not np.isfinite(points).all():
            raise InputError(f"{what} must be finite: {int((~np.isfinite(points)).sum())} values are NaN or infinite")
        return points.reshape(len(points), -1)


def subset(z: Points, size: int, seed: int) -> Points:
    """A random subset of the rows, the same for every sample of as many rows.

    >>> subset(np.arange(6.0)[:, None], 2, seed=0).shape
    (2, 1)
    """
    return z[np.random.default_rng(seed).permutation(len(z))[:size]]
