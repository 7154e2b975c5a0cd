"""What a drift metric is: a pure function of a sample and of what it is held against, which is prepared once."""

__all__ = ["Judge", "Measurement", "Metric", "OneSample", "Points", "TwoSample", "stream", "subset"]

import copy
import functools
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.arrays import on_host
from latentot.errors import InputError
from latentot.metrics.frame import Frame, framed
from latentot.metrics.measurement import Judge, Measurement, Points
from latentot.metrics.streaming.partial import Partial, Sketch, fingerprint
from latentot.priors import Prior

STREAM = 0xD21F7
"""Keeps the directions drawn for a seed apart from latents that a prior draws for the same seed."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Metric(ABC):
    """How far a sample is from a law; lower is closer.

    Args:
        name: its name at the edges: command line, study files, tables.
        title: its name in a sentence.
        formula: its definition.
        unit: what a value of 1 means.
        cost: time as it grows with n points and d coordinates.
        error: its Monte-Carlo error, beside the one that any sample of n points has.
        citation: where it comes from.
        min_points: fewest points that it makes sense for.
        max_points: points beyond which more are left out; infinite where all are used.
        moments: E|z|^k must be finite for k up to this; 0 where any law will do.
        degree: k where points and reference both times a > 0 have |a|^k times the value; 0 where they have the same.
        origin: whether it measures from the origin; else points and reference both moved by b have the same value.
        precision: points are measured from the middle of the reference, in units of its spread, and rounded to this;
            `np.floating` keeps the precision that they have, and none leaves them as they are, for ranks.
        sketch: what is kept of points that come in batches, from the reference; none where all are needed at once.

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
    error: str = "exact"
    citation: str
    min_points: int
    max_points: float = math.inf
    moments: float = 0
    degree: int = 0
    origin: bool = False
    precision: type[np.floating[Any]] | None = None
    sketch: Callable[[Any, np.random.Generator], Sketch] | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}: {self.title})"

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
        if self.sketch is None:
            from latentot.metrics import drift, drifts

            able = ", ".join(name for name in drifts() if drift(name).sketch is not None)
            raise InputError(f"{self.name} needs all points at once: in one pass over batches there are {able}")
        known, d = self._accepted(reference)
        generator = stream(rng)
        origin = fingerprint(self.name, known, generator)
        if self.precision is None:
            return Partial(self.name, self.min_points, d, origin, self.sketch(known, generator))
        frame = Frame.of(known, self.precision)
        sketch = self.sketch(frame.held(known, self.name), generator)
        return Partial(self.name, self.min_points, d, origin, sketch, frame, self.degree)

    @abstractmethod
    def _accepted(self, reference: Any) -> tuple[Any, int]:
        """The reference once it has been checked, and how many coordinates its points have."""

    def check(self, prior: Prior) -> None:
        """Refuse a prior that the metric makes no sense for.

        Raises:
            InputError: the prior lacks a moment or a law that the metric needs.
        """
        if self.moments >= prior.moments:
            raise InputError(
                f"{self.name} needs a finite moment of order {self.moments:g}, which {prior!r} has not: "
                "take metrics of ranks, such as marginal-ks or norm-ks"
            )

    def _checked(self, z: ArrayLike, what: str) -> Points:
        points = on_host(what, z)
        if points.ndim < 2 or not np.issubdtype(points.dtype, np.floating):
            raise InputError(
                f"{what} are floating-point numbers of shape (n, *shape), got {points.dtype} {points.shape}"
            )
        if len(points) < self.min_points:
            raise InputError(f"{self.name} needs at least {self.min_points} {what}, got {len(points)}")
        if not np.isfinite(points).all():
            raise InputError(f"{what} must be finite: {int((~np.isfinite(points)).sum())} values are NaN or infinite")
        return points.reshape(len(points), -1)

    def _judging(self, judge: Judge, d: int) -> Judge:
        def judged(z: Points) -> Measurement:
            points = self._checked(z, "points")
            if points.shape[1] != d:
                raise InputError(f"points have {points.shape[1]} coordinates and the reference {d}: they must agree")
            with np.errstate(over="ignore", invalid="ignore"):
                found = judge(points)
            if not (math.isfinite(found.value) and math.isfinite(found.raw)):
                raise InputError(
                    f"{self.name}, in {self.unit}, leaves the range of floating point: coordinates of these points are "
                    f"up to {float(np.abs(points).max()):.3g}; give points and reference in another unit"
                )
            return found

        return judged


@dataclass(frozen=True, kw_only=True, repr=False)
class TwoSample(Metric):
    """How far a sample is from a reference sample.

    Args:
        prepare: does all work that needs the reference alone, and gives a judge of samples. Of both it is given at most
            `most` points, chosen at random, in random order, as `precision` says.
        prepare_for: does so for samples of some sizes; none where that saves nothing.
    """

    prepare: Callable[[Points, np.random.Generator], Judge]
    prepare_for: Callable[[Points, np.random.Generator, Sequence[int]], Judge] | None = None

    def against(self, reference: ArrayLike, *, rng: int | np.random.Generator, sizes: Sequence[int] = ()) -> Judge:
        known, d = self._accepted(reference)
        generator = stream(rng)
        chosen = _chosen(self.max_points, generator)

        def prepared(reference: Points) -> Judge:
            again = copy.deepcopy(generator)
            if sizes and self.prepare_for is not None:
                return self.prepare_for(reference, again, sizes)
            return self.prepare(reference, again)

        known = chosen(known)
        if self.precision is None:
            judge = prepared(known)
        else:
            judge = framed(self.name, prepared, known, self.precision, self.degree)
        return self._judging(lambda z: judge(chosen(z)), d)

    def _accepted(self, reference: ArrayLike) -> tuple[Points, int]:
        if isinstance(reference, Prior):
            raise InputError(f"{self.name} compares two samples: give draws of the prior, such as prior.sample(10_000)")
        known = self._checked(reference, "reference points")
        return known, known.shape[1]


@dataclass(frozen=True, kw_only=True, repr=False)
class OneSample(Metric):
    """How far a sample is from a prior whose laws are known: no reference sample adds its noise.

    Args:
        needs: what it needs of the prior: "marginal" or "radius", a law of that name, or "density", a `log_prob`.
        prepare: does all work that needs the prior alone, and gives a judge of samples.
    """

    needs: str
    prepare: Callable[[Prior, np.random.Generator], Judge]

    def against(
        self,
        reference: Prior,
        *,
        rng: int | np.random.Generator,
        sizes: Sequence[int] = (),  # noqa: ARG002
    ) -> Judge:
        known, d = self._accepted(reference)
        return self._judging(self.prepare(known, stream(rng)), d)

    def _accepted(self, reference: Prior) -> tuple[Prior, int]:
        if not isinstance(reference, Prior):
            raise InputError(
                f"{self.name} compares a sample with the laws of a prior: give the prior, "
                f"got {type(reference).__name__}"
            )
        self.check(reference)
        return reference, reference.dim

    def check(self, prior: Prior) -> None:
        super().check(prior)
        if not _has(prior, self.needs):
            raise InputError(f"{self.name} needs a prior with a {self.needs}, which {prior!r} has not in closed form")
        law = None if self.needs == "density" else getattr(prior, self.needs)
        if law is not None and np.all(law.support[0] == law.support[1]):
            raise InputError(
                f"{self.name} needs a {self.needs} that varies: that of {prior!r} is always {law.support[0]:g}"
            )


def stream(rng: int | np.random.Generator) -> np.random.Generator:
    """The random numbers of a metric, a stream of their own: directions must not be rows of the data."""
    return np.random.default_rng([STREAM, int(np.random.default_rng(rng).integers(2**63))])


def _chosen(most: float, rng: np.random.Generator) -> Callable[[Points], Points]:
    """All points, or so many at most, chosen at random."""
    if most == math.inf:
        return lambda z: z
    return functools.partial(subset, size=int(most), seed=int(rng.integers(2**63)))


def subset(z: Points, size: int, seed: int) -> Points:
    """A random subset of the rows, the same for every sample of as many rows.

    >>> subset(np.arange(6.0)[:, None], 2, seed=0).shape
    (2, 1)
    """
    return z[_rows(len(z), size, seed)]


@functools.lru_cache(maxsize=64)
def _rows(n: int, size: int, seed: int) -> NDArray[np.intp]:
    """Rows that are drawn for every sample of n alike, kept for the next one."""
    return np.random.default_rng(seed).permutation(n)[:size].copy()


def _has(prior: Prior, what: str) -> bool:
    if what != "density":
        return getattr(prior, what) is not None
    try:
        prior.log_prob(prior.sample(1, rng=0))
    except InputError:
        return False
    return True
