"""What a judge of data is: a pure function of features of what was decoded, and of features of real data."""

__all__ = ["FEATURES", "FRAMES", "PREDICTED_FRAMES", "PREDICTIONS", "WALKS", "Floats", "Judge", "Judgement", "Judging"]

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.arrays import on_host
from latentot.brief import brief
from latentot.errors import InputError

Floats = NDArray[np.float64]

FEATURES = "features"
"""Shape (n, k): k numbers for each of n data."""
PREDICTIONS = "predictions"
"""Shape (n, c): a probability of each of c classes, for each of n data."""
FRAMES = "frames"
"""Shape (f, n, k): features of f frames, evenly spaced, along each of n walks; the endpoints are the first and last."""
PREDICTED_FRAMES = "predicted frames"
"""Shape (f, n, c): predictions for such frames."""
WALKS = "walks"
"""A `latentot.judges.Walk`: features of n walks at any t."""

AXES = {FEATURES: "(n, k)", PREDICTIONS: "(n, c)", FRAMES: "(f, n, k)", PREDICTED_FRAMES: "(f, n, c)"}
ROUNDING = 1e-6
"""Probabilities that a network gives in single precision add up to 1 as nearly as this, times the classes."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """What a judge found.

    Args:
        value: the number to report.
        raw: the number before it was debiased, or before what chance gives was taken off; the same where neither was.
        n_used: how many of the data it used.
        per_point: what it says of each of the data, or of each walk, or of each reference point, as the judge's
            `points` tells; shape (0,) where it says nothing of single ones.
        error: standard error of the value, where the judge knows it; else NaN.
    """

    value: float
    raw: float
    n_used: int
    per_point: Floats = field(default_factory=lambda: np.empty(0), repr=False)
    error: float = math.nan


Judging = Callable[[Any], Judgement]
"""Judges data against what the judge was prepared with."""


@dataclass(frozen=True, repr=False)
class Judge(ABC):
    """How data look, by their features, beside real data.

    A subclass has as facts: `name` at the edges; `title` in a sentence; `formula`; `unit`, what a value of 1 means;
    `better`, which values are better: "lower", "higher", or "neither"; `citation`; `takes`, what it is given;
    `compares`, whether it takes a reference; `points`, what `per_point` has a number for: "data", "walks", "reference"
    or nothing; `min_points`, the fewest data.

    >>> import latentot as lot
    >>> real, other = lot.Normal(4).sample(500, rng=0), lot.Normal(4).sample(500, rng=1)
    >>> lot.judge("precision")(other, real, rng=0).value > lot.judge("precision")(3 * other, real, rng=0).value
    True
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    unit: ClassVar[str]
    better: ClassVar[str]
    citation: ClassVar[str]
    takes: ClassVar[str] = FEATURES
    compares: ClassVar[bool] = True
    points: ClassVar[str] = ""
    min_points: ClassVar[int] = 2

    def __repr__(self) -> str:
        told = ", ".join(f"{field.name}={brief(getattr(self, field.name))}" for field in fields(self) if field.repr)
        return f"{self.name}({told})"

    def __call__(self, data: Any, reference: ArrayLike | None = None, *, rng: int | np.random.Generator) -> Judgement:
        """Judge data.

        Args:
            data: what `takes` says of the data to be judged: features, shape (n, k), or predictions, or frames.
            reference: features of real data, shape (m, k); not given to a judge that compares with nothing.
            rng: a seed or a Generator, for subsamples.

        Returns:
            The value, the raw value, and what is said of each point.

        Raises:
            InputError: too few points, values that are not finite, shapes that disagree, or no reference.
        """
        return self.against(reference, rng=rng)(data)

    def against(self, reference: ArrayLike | None, *, rng: int | np.random.Generator) -> Judging:
        """A function that judges data against this reference: what is computed from it alone is computed once.

        Args:
            reference: features of real data, shape (m, k); None for a judge that compares with nothing.
            rng: a seed or a Generator, for subsamples.
        """
        generator = np.random.default_rng(rng)
        if not self.compares:
            judging, k = self._prepared(np.empty((0, 0)), generator), None
        elif reference is None:
            raise InputError(f"{self.name} compares with real data: give their features as reference")
        else:
            known = self.checked(reference, "reference", FEATURES if self.takes == FRAMES else self.takes)
            judging, k = self._prepared(known, generator), known.shape[1]

        def judged(data: Any) -> Judgement:
            given = self.checked(data, "data", self.takes)
            if k is not None and given.shape[-1] != k:
                raise InputError(f"data have {given.shape[-1]} features and the reference {k}: they must agree")
            found = judging(given)
            if not (math.isfinite(found.value) and math.isfinite(found.raw)):
                raise InputError(f"{self.name}, in {self.unit}, leaves the range of floating point: scale the features")
            return found

        return judged

    @abstractmethod
    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:
        """Do all work that needs the reference alone; what comes back is given checked data."""

    def checked(self, given: Any, what: str, kind: str = FEATURES) -> Any:
        """Finite floating-point numbers of the shape that is expected, or a walk.

        Args:
            given: an array, or a walk.
            what: "data" or "reference", for the message.
            kind: what it should be.

        Raises:
            InputError: it is not.
        """
        if kind == WALKS:
            return self._walk(given)
        array = on_host(f"the {what} of {self.name}", given)
        axes = AXES[kind]
        if array.ndim != axes.count(",") + 1 or not np.issubdtype(array.dtype, np.floating) or not array.shape[-1]:
            raise InputError(
                f"the {what} of {self.name} are {kind}, floating-point numbers of shape {axes}, got {array.dtype} "
                f"{array.shape}"
            )
        least, n = self.min_points, array.shape[-2]
        if n < least:
            raise InputError(f"{self.name} needs {least} or more {'walks' if array.ndim == 3 else what}, got {n}")
        if not np.isfinite(array).all():
            bad = int((~np.isfinite(array)).any(axis=-1).sum())
            raise InputError(f"the {what} of {self.name} must be finite: {bad} rows have NaN or infinite values")
        if kind in (PREDICTIONS, PREDICTED_FRAMES):
            _check_shares(array, f"the {what} of {self.name}")
        return array

    def _walk(self, given: Any) -> Any:
        if not callable(getattr(given, "at", None)):
            raise InputError(f"{self.name} takes walks, latentot.judges.Walk.of(...), got {type(given).__name__}")
        if given.n < self.min_points:
            raise InputError(f"{self.name} needs {self.min_points} or more walks, got {given.n}")
        return given


def _check_shares(array: NDArray[Any], what: str) -> None:
    classes = array.shape[-1]
    off = float(np.abs(array.sum(axis=-1, dtype=np.float64) - 1).max(initial=0))
    if array.min(initial=0) < -ROUNDING or off > ROUNDING * max(classes, 10):
        raise InputError(
            f"{what} are probabilities of {classes} classes, 0 or more and 1 in sum, here off by {off:.3g}: take the "
            "softmax of logits"
        )
