"""Class changes along a walk: between two of one class none is needed, between two of different ones, one."""

__all__ = ["ClassChanges"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.judges.judgement import PREDICTED_FRAMES, Floats, Judge, Judgement, Judging


@dataclass(frozen=True, repr=False)
class ClassChanges(Judge):
    """Changes of the most probable class along a walk beyond the one, or none, that its endpoints need.

    The raw value counts all changes.

    >>> import latentot as lot
    >>> there_and_back = np.eye(2)[[0, 1, 0]][:, None]
    >>> lot.judge("class-changes")(there_and_back, rng=0).value
    2.0
    """

    name: ClassVar[str] = "class-changes"
    title: ClassVar[str] = "changes of class along the walk that its endpoints do not need"
    formula: ClassVar[str] = "sum_s 1[y_{s+1} != y_s] - 1[y_1 != y_0], y the most probable class of a frame"
    unit: ClassVar[str] = "changes"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = "latentot"
    takes: ClassVar[str] = PREDICTED_FRAMES
    compares: ClassVar[bool] = False
    points: ClassVar[str] = "walks"
    min_points: ClassVar[int] = 1

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        def judging(frames: Floats) -> Judgement:
            if len(frames) < 2:
                raise InputError(f"class-changes needs 2 frames of each walk or more, got {len(frames)}")
            classes = frames.argmax(axis=2)
            changes = (classes[1:] != classes[:-1]).sum(axis=0).astype(np.float64)
            each = changes - (classes[-1] != classes[0])
            n = len(each)
            error = float(each.std(ddof=1)) / n**0.5 if n > 1 else float("nan")
            return Judgement(float(each.mean()), float(changes.mean()), n, each, error)

        return judging
