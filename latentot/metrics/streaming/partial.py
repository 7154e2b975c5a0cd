"""Drift in one pass: a state that takes points batch by batch, and that merges with states of other points.

A state holds counts or sums of a size that the metric and the reference fix, never the points. So the points may be
more than fit in memory, and may lie on several machines: each makes a state of its own with the same reference and
seed, and the merged state is that of all points.

>>> import latentot as lot
>>> reference = lot.Normal(8).sample(1000, rng=0)
>>> first, second = (lot.drift("marginal-ks").partial(reference, rng=1) for _ in range(2))
>>> first.update(reference[:300])
>>> second.update(reference[300:])
>>> whole = first.merge(second)
>>> whole.measure(), whole.error
(Measurement(value=0.0, raw=0.0, n_used=1000), 0.0)
"""

__all__ = ["OnePass", "Partial", "Sketch", "fingerprint"]

import pickle
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from latentot.arrays import on_host
from latentot.errors import InputError
from latentot.metrics.frame import Frame
from latentot.metrics.measurement import Measurement
from latentot.numerics.points import Points, blocks

ROWS, CELLS = 65_536, 2**22
"""Most points, and most coordinates, that a sketch takes at once: what bounds the memory of a large batch."""


class Sketch(ABC):
    """What a metric keeps of points that it has seen; its size does not grow with their number."""

    @property
    @abstractmethod
    def largest(self) -> float:
        """The largest coordinate that it takes, in absolute value, in the frame."""

    @abstractmethod
    def add(self, z: Points) -> None:
        """Take points, shape (n, d)."""

    @abstractmethod
    def merged(self, other: Self) -> Self:
        """The sketch of the points of both, made against one reference; both stay as they are."""

    @abstractmethod
    def measure(self, n: int) -> Measurement:
        """The drift of the n points seen."""

    @abstractmethod
    def error(self, n: int) -> float:
        """How far that may be from the value of the same points in memory, beside rounding."""


class OnePass(ABC):
    """A metric that can be measured in one pass over batches."""

    @abstractmethod
    def sketch(self, reference: Any, rng: np.random.Generator) -> Sketch:
        """What is kept of points that come in batches: of none yet.

        Args:
            reference: checked points, shape (m, d), in the frame where the metric has one; or the prior.
            rng: for directions and the like.
        """


@dataclass(eq=False)
class Partial:
    """The drift of points seen so far, of which there may be more. Made by `Metric.partial`; it can be pickled.

    Args:
        metric: the metric's name.
        min_points: fewest points that it makes sense for.
        d: coordinates of a point.
        origin: tells states of one metric, reference and seed from others: only those merge.
        sketch: what is kept of the points.
        frame: what the sketch measures points in; none where it takes them as they are.
        degree: of the metric's values in the unit of the points.
        n: how many points were seen.
    """

    metric: str
    min_points: int
    d: int
    origin: str
    sketch: Sketch
    frame: Frame | None = None
    degree: int = 0
    n: int = 0

    def update(self, z: ArrayLike) -> None:
        """Take a batch of points; thousands at a time are fastest.

        Args:
            z: points, shape (n, *shape); none is nothing.

        Raises:
            InputError: values that are not finite or too large, or another number of coordinates. The state stays as
                it was.
        """
        batch = on_host("a batch", z)
        if batch.ndim < 2 or not np.issubdtype(batch.dtype, np.floating):
            raise InputError(f"a batch is floating-point numbers of shape (n, *shape), got {batch.dtype} {batch.shape}")
        d = int(np.prod(batch.shape[1:]))
        if d != self.d:
            raise InputError(f"points have {d} coordinates and the reference {self.d}: they must agree")
        points, rows = batch.reshape(len(batch), d), min(ROWS, max(1, CELLS // d))
        for block in blocks(points, rows):
            self._check(block)
        for block in blocks(points, rows):
            self.sketch.add(block if self.frame is None else self.frame.put(block))
        self.n += len(points)

    def merge(self, other: "Partial") -> "Partial":
        """The state of the points of both; both stay as they are.

        Args:
            other: a state of the same metric, reference and seed.

        Raises:
            InputError: it is not.
        """
        if other.metric != self.metric:
            raise InputError(f"a state of {self.metric} does not merge with one of {other.metric}")
        if other.origin != self.origin:
            raise InputError(
                f"these states of {self.metric} were made with different references or seeds: make every state by "
                "partial(reference, rng=seed) with the same reference and seed"
            )
        return replace(self, sketch=self.sketch.merged(other.sketch), n=self.n + other.n)

    def measure(self) -> Measurement:
        """Drift of all points seen, the same as in memory to within `error`.

        Raises:
            InputError: fewer points than the metric needs.
        """
        value, raw, n_used = self.sketch.measure(self._enough())
        return Measurement(self._back(value), self._back(raw), n_used)

    @property
    def error(self) -> float:
        """How far the value may be from that of the same points in memory, beside rounding; in the metric's unit.

        Raises:
            InputError: fewer points than the metric needs.
        """
        return self._back(self.sketch.error(self._enough()))

    def _back(self, value: float) -> float:
        return value if self.frame is None else self.frame.back(value, self.degree)

    def _enough(self) -> int:
        if self.n < self.min_points:
            raise InputError(f"{self.metric} needs at least {self.min_points} points, got {self.n}")
        return self.n

    def _check(self, block: Points) -> None:
        centre, unit = (0.0, 1.0) if self.frame is None else (self.frame.centre, self.frame.unit)
        # A NaN passes through max and min and then fails the comparison; so does an infinity.
        reach = float(np.maximum(block.max(axis=0) - centre, centre - block.min(axis=0)).max())
        if reach <= self.sketch.largest * unit:
            return
        strange = int((~np.isfinite(block)).sum())
        if strange:
            raise InputError(f"points must be finite: {strange} values of a batch are NaN or infinite")
        largest, middle = self.sketch.largest * unit, "0" if self.frame is None else "its middle"
        raise InputError(
            f"a coordinate of {float(np.abs(block).max()):.3g} is too far from the reference: {self.metric} in one "
            f"pass takes up to {largest:.3g} from {middle}"
        )


def fingerprint(metric: str, reference: Any, rng: np.random.Generator) -> str:
    """The same for the same metric, reference (points or a prior) and seed only.

    >>> zeros, ones, rng = np.zeros((2, 2)), np.ones((2, 2)), np.random.default_rng(0)
    >>> fingerprint("mmd", zeros, rng) == fingerprint("mmd", zeros.copy(), rng) != fingerprint("mmd", ones, rng)
    True
    """
    facts = blake2b(f"{metric} {rng.bit_generator.state}".encode())
    if isinstance(reference, np.ndarray):
        facts.update(f"{reference.dtype} {reference.shape}".encode())
        facts.update(np.ascontiguousarray(reference).data)
    else:
        facts.update(pickle.dumps(reference))
    return facts.hexdigest()
