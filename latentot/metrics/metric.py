"""What a metric is: a pure function of a sample and of what it is held against, which is prepared once."""

__all__ = ["Metric", "stream"]

import dataclasses
import functools
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from latentot.arrays import on_host
from latentot.errors import InputError
from latentot.metrics.frame import Frame
from latentot.metrics.measurement import Judge, Measurement, through
from latentot.metrics.streaming.partial import OnePass, Partial, fingerprint
from latentot.numerics.points import Points
from latentot.priors import Prior

STREAM = 0xD21F7
"""Keeps the directions drawn for a seed apart from latents that a prior draws for the same seed."""


@dataclass(frozen=True, repr=False)
class Metric(ABC):
    """How far a sample is from a law; lower is closer.

    What it is, is said by its class; its options are fields. One of your own is a subclass of `TwoSample` or of
    `OneSample`.

    Attributes:
        name: its name at the edges: command line, study files, tables.
        title: its name in a sentence.
        formula: its definition.
        unit: what a value of 1 means.
        citation: where it comes from.
        moments: E|z|^k must be finite for k up to this; 0 where any law will do.
        degree: k where points and reference both times a > 0 have |a|^k times the value; 0 where they have the same.
        origin: whether it measures from the origin; else points and reference both moved by b have the same value.
        precision: points are measured from the middle of the reference, in units of its spread, and rounded to this;
            `np.floating` keeps the precision that they have, and None leaves them as they are, for ranks.
        max_points: points beyond which more are left out; infinite where all are used.

    >>> import latentot as lot
    >>> z, reference = lot.Normal(8).sample(500, rng=0), lot.Normal(8).sample(500, rng=1)
    >>> lot.drift("norm-wasserstein")(z, reference, rng=0) < lot.drift("norm-wasserstein")(z / 2, reference, rng=0)
    True
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    unit: ClassVar[str]
    citation: ClassVar[str]
    moments: ClassVar[float] = 0
    degree: ClassVar[int] = 0
    origin: ClassVar[bool] = False
    precision: ClassVar[type[np.floating[Any]] | None] = None
    max_points = math.inf  # a field of those that leave points out

    @property
    @abstractmethod
    def cost(self) -> str:
        """Time as it grows with n points and d coordinates."""

    @property
    @abstractmethod
    def error(self) -> str:
        """Its Monte-Carlo error, beside the one that any sample of n points has."""

    @property
    @abstractmethod
    def min_points(self) -> int:
        """Fewest points that it makes sense for."""

    def __repr__(self) -> str:
        shown = ((field, getattr(self, field.name)) for field in dataclasses.fields(self) if field.repr)
        options = (f"{field.name}={value!r}" for field, value in shown if value != field.default)
        return f"{self.name}({', '.join(options)})"

    def __call__(self, z: ArrayLike, reference: ArrayLike | Prior, *, rng: int | np.random.Generator) -> float:
        """Drift of z from a law.

        Args:
            z: points, shape (n, *shape).
            reference: points of the law wanted, shape (m, *shape), or the law itself for a one-sample metric.
            rng: a seed or a Generator, for directions and subsamples.

        Returns:
            The drift, in the metric's unit.

        Raises:
            InputError: too few points, values that are not finite or beyond its range, or shapes that disagree.
        """
        points = on_host("points", z)
        return self.against(reference, rng=rng, sizes=points.shape[:1])(points).value

    @abstractmethod
    def against(self, reference: Any, *, rng: int | np.random.Generator, sizes: Sequence[int] = ()) -> Judge:
        """A judge of samples: what is drawn or computed from the reference alone is done once.

        Args:
            reference: points of the law wanted, shape (m, *shape), or the law itself for a one-sample metric.
            rng: a seed or a Generator, for directions and subsamples.
            sizes: how many points samples will have; where these are known, the judge may keep what they need only.

        Returns:
            A function of points, shape (n, *shape), that gives a `Measurement`.
        """

    def partial(self, reference: Any, *, rng: int | np.random.Generator) -> Partial:
        """An empty state of the drift from a reference, for points that come in batches or lie on several machines.

        Args:
            reference: points of the law wanted, shape (m, *shape), or the law itself for a one-sample metric.
            rng: a seed or a Generator, as for the metric in memory: the same directions are drawn for it.

        Returns:
            A state with `update(batch)`, `merge(other)` and `measure()`.

        Raises:
            InputError: this metric needs all points at once, or the reference is not accepted.
        """
        if not isinstance(self, OnePass):
            from latentot.metrics import drift, drifts

            able = ", ".join(name for name in drifts() if isinstance(drift(name), OnePass))
            raise InputError(f"{self.name} needs all points at once: in one pass over batches there are {able}")
        known, d = self._accepted(reference)
        generator = stream(rng)
        origin = fingerprint(repr(self), known, generator)
        if self.precision is None:
            return Partial(self.name, self.min_points, d, origin, self.sketch(known, generator))
        frame = Frame.of(known, self.precision)
        sketch = self.sketch(frame.held(known, self.name), generator)
        return Partial(self.name, self.min_points, d, origin, sketch, frame, self.degree)

    @abstractmethod
    def _accepted(self, reference: Any) -> tuple[Any, int]:
        """The reference once it has been checked, and how many coordinates its points have."""

    @abstractmethod
    def check(self, prior: Prior) -> None:
        """Refuse a prior that the metric makes no sense for.

        Raises:
            InputError: the prior lacks a moment or a law that the metric needs.
        """

    def _check_moments(self, prior: Prior) -> None:
        if self.moments >= prior.moments:
            raise InputError(
                f"{self.name} needs a finite moment of order {self.moments:g}, {prior!r} has none: "
                "take metrics of ranks, such as marginal-ks or norm-ks"
            )

    def _checked(self, z: ArrayLike, what: str) -> Points:
        """Points, shape (n, d), that can be read only: whoever changed them would change what others measure."""
        points = on_host(what, z)
        if points.ndim < 2 or not np.issubdtype(points.dtype, np.floating):
            raise InputError(
                f"{what} are floating-point numbers of shape (n, *shape), got {points.dtype} {points.shape}"
            )
        if len(points) < self.min_points:
            raise InputError(f"{self.name} needs at least {self.min_points} {what}, got {len(points)}")
        if not np.isfinite(points).all():
            raise InputError(f"{what} must be finite: {int((~np.isfinite(points)).sum())} values are NaN or infinite")
        flat = points.reshape(len(points), -1)
        flat.flags.writeable = False
        return flat

    def _judging(self, judge: Judge, d: int) -> Judge:
        def accepted(z: Points) -> Points:
            points = self._checked(z, "points")
            if points.shape[1] != d:
                raise InputError(f"points have {points.shape[1]} coordinates and the reference {d}: they must agree")
            return points

        def judged(judge: Judge, z: Points) -> Measurement:
            points = accepted(z)
            with np.errstate(over="ignore", invalid="ignore"):
                found = judge(points)
            if not isinstance(found, Measurement):
                raise InputError(f"the judge of {self.name} gives {type(found).__name__}: return a Measurement")
            if not (math.isfinite(found.value) and math.isfinite(found.raw)):
                raise InputError(
                    f"{self.name}, in {self.unit}, leaves the range of floating point: coordinates of these points are "
                    f"up to {float(np.abs(points).max()):.3g}; give points and reference in another unit"
                )
            return found

        return through(judge, lambda inner: functools.partial(judged, inner), accepted)


def stream(rng: int | np.random.Generator) -> np.random.Generator:
    """The random numbers of a metric, a stream of their own: directions must not be rows of the data."""
    return np.random.default_rng([STREAM, int(np.random.default_rng(rng).integers(2**63))])
