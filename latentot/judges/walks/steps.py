"""The steps of a walk: how long it is in features, and how evenly it goes.

d_s = |x_{s+1} - x_s| between adjacent of f frames. Names are pinned, for others use the same words for other things:
`path-length` is the sum over 17 frames that MorphBench calls PPL, and is not the perceptual path length of `ppl-full`;
`pdv` is its variance. Cross-fading wins all of them, and so does a decoder that gives one thing: they say nothing of
whether what is passed could be real.

>>> import latentot as lot
>>> line = np.linspace(0, 1, 17)[:, None, None] * np.ones((1, 3, 4))
>>> [round(lot.judge(name)(line, rng=0).value, 6) for name in ("path-length", "max-jump", "pdv", "gini-smoothness")]
[2.0, 0.0, 0.0, 1.0]
"""

__all__ = ["GiniSmoothness", "MaxJump", "PathLength", "StepVariance"]

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.judges.judgement import FRAMES, Floats, Judge, Judgement, Judging

COUNTED = 17
"""Frames of a walk in MorphBench."""
MORPHBENCH = "Zhang et al.: DiffMorpher. CVPR 2024, arXiv:2312.07409"


@dataclass(frozen=True, repr=False)
class _Steps(Judge):
    """What the judges of steps have in common: the mean over walks."""

    takes: ClassVar[str] = FRAMES
    compares: ClassVar[bool] = False
    points: ClassVar[str] = "walks"
    min_points: ClassVar[int] = 1

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        def judging(frames: Floats) -> Judgement:
            self._check_frames(len(frames))
            each = self._of(steps(frames))
            value, n = float(each.mean()), len(each)
            return Judgement(value, value, n, each, float(each.std(ddof=1)) / n**0.5 if n > 1 else float("nan"))

        return judging

    def _check_frames(self, frames: int) -> None:
        if frames < 3:
            raise InputError(f"{self.name} needs 3 frames of each walk or more, got {frames}")

    @abstractmethod
    def _of(self, steps: Floats) -> Floats:
        """A number for each walk, shape (n,), of its steps, shape (f - 1, n)."""


@dataclass(frozen=True, repr=False)
class PathLength(_Steps):
    """Length of the walk over its frames, sum_s d_s.

    Args:
        frames: how many a walk has; 17 where the length is to be held against published ones.

    References:
        Zhang et al.: DiffMorpher. CVPR 2024, arXiv:2312.07409 (MorphBench calls it PPL)
    """

    name: ClassVar[str] = "path-length"
    title: ClassVar[str] = "length of the walk in features, over 17 frames"
    formula: ClassVar[str] = "sum_s d_s, d_s = |x_{s+1} - x_s|"
    unit: ClassVar[str] = "feature units"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = MORPHBENCH

    frames: int = COUNTED

    def _check_frames(self, frames: int) -> None:
        if frames != self.frames:
            raise InputError(
                f"path-length is a sum over {self.frames} frames, got {frames}: decode at linspace(0, 1, {self.frames})"
                f", or say frames = {frames}"
            )

    def _of(self, steps: Floats) -> Floats:
        return np.asarray(steps.sum(axis=0))


@dataclass(frozen=True, repr=False)
class MaxJump(_Steps):
    """The largest step as a share of the walk, beyond that of an even walk: 0 where steps are even, near 1 for one
    jump.

    A walk that stands still does not jump: 0.

    References:
        Berthelot et al.: Understanding and improving interpolation in autoencoders via an adversarial regularizer
        (ACAI). ICLR 2019, arXiv:1807.07543
    """

    name: ClassVar[str] = "max-jump"
    title: ClassVar[str] = "largest step as a share of the walk, beyond that of an even one"
    formula: ClassVar[str] = "max_s d_s / sum_s d_s - 1/(f - 1), f frames"
    unit: ClassVar[str] = "share of the walk"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = (
        "Berthelot et al.: Understanding and improving interpolation in autoencoders via an adversarial regularizer. "
        "ICLR 2019, arXiv:1807.07543"
    )

    def _of(self, steps: Floats) -> Floats:
        total = steps.sum(axis=0)
        share = steps.max(axis=0) / np.where(total > 0, total, 1)
        return np.where(total > 0, share - 1 / len(steps), 0)


@dataclass(frozen=True, repr=False)
class StepVariance(_Steps):
    """Variance of the steps, over the frames of a walk; in squared units, so that short walks have little.

    References:
        Zhang et al.: DiffMorpher. CVPR 2024, arXiv:2312.07409 (PDV, perceptual distance variance)
    """

    name: ClassVar[str] = "pdv"
    title: ClassVar[str] = "variance of the steps of a walk (perceptual distance variance)"
    formula: ClassVar[str] = "(1/(f - 1)) sum_s (d_s - mean d)^2, f frames"
    unit: ClassVar[str] = "squared feature units"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = MORPHBENCH

    def _of(self, steps: Floats) -> Floats:
        return np.asarray(steps.var(axis=0))


@dataclass(frozen=True, repr=False)
class GiniSmoothness(_Steps):
    """1 - the Gini coefficient of the steps: 1 where they are even, 1/(f - 1) for one jump.

    A walk that stands still is even: 1.

    References:
        He et al.: AID, attention interpolation of text-to-image diffusion. NeurIPS 2024, arXiv:2403.17924
    """

    name: ClassVar[str] = "gini-smoothness"
    title: ClassVar[str] = "evenness of the steps, 1 - Gini coefficient"
    formula: ClassVar[str] = "1 - sum_rs |d_r - d_s| / (2 (f - 1) sum_s d_s), f frames"
    unit: ClassVar[str] = "that of an even walk"
    better: ClassVar[str] = "higher"
    citation: ClassVar[str] = (
        "He et al.: AID, attention interpolation of text-to-image diffusion. NeurIPS 2024, arXiv:2403.17924"
    )

    def _of(self, steps: Floats) -> Floats:
        total, count = steps.sum(axis=0), len(steps)
        ranks = 2 * np.arange(1, count + 1) - count - 1
        differences = ranks @ np.sort(steps, axis=0)
        return 1 - differences / (count * np.where(total > 0, total, 1))


def steps(frames: Floats) -> Floats:
    """Distances of adjacent frames, shape (f - 1, n), of features of frames, shape (f, n, k).

    >>> steps(np.array([[[0.0, 0.0]], [[3.0, 4.0]]]))
    array([[5.]])
    """
    return np.asarray(np.linalg.norm(np.diff(frames.astype(np.float64, copy=False), axis=0), axis=2))
