"""Betweenness: are in-betweens between the endpoints, or just one of the two, or elsewhere?

At t the frame x_t should be t of the way: a = |x_t - x_0| / |x_1 - x_0| and b = |x_1 - x_t| / |x_1 - x_0| are t and 1 -
t on the straight line. |a - t| + |b - (1 - t)| is compared with what it is for a walk that stands at one endpoint and
jumps to the other at a random moment, 4 t (1 - t) on average: 0 on the straight line, 1 for `switch`, about 1 for
points that are as far from both endpoints as these from each other.
"""

__all__ = ["Betweenness"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.judges.judgement import FRAMES, Floats, Judge, Judgement, Judging


@dataclass(frozen=True, repr=False)
class Betweenness(Judge):
    """Distance to both endpoints against the straight line, in units of what a walk has that jumps from one to the
    other.

    Frames are evenly spaced. Walks whose endpoints are the same have no between: they are left out, NaN in `per_point`.

    >>> import latentot as lot
    >>> line = np.linspace(0, 1, 5)[:, None, None] * np.ones((1, 3, 4))
    >>> jump = np.repeat([0.0, 0.0, 1.0, 1.0, 1.0], 12).reshape(5, 3, 4)
    >>> [round(lot.judge("betweenness")(walk, rng=0).value, 2) for walk in (line, jump)]
    [0.0, 0.8]
    """

    name: ClassVar[str] = "betweenness"
    title: ClassVar[str] = "distance to both endpoints against the straight line, in units of a jump's"
    formula: ClassVar[str] = (
        "sum_t (|a_t - t| + |b_t - (1 - t)|) / sum_t 4 t (1 - t), a_t = |x_t - x_0| / |x_1 - x_0|, b_t = |x_1 - x_t| / "
        "|x_1 - x_0|"
    )
    unit: ClassVar[str] = "that of a walk that jumps"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = "latentot"
    takes: ClassVar[str] = FRAMES
    compares: ClassVar[bool] = False
    points: ClassVar[str] = "walks"
    min_points: ClassVar[int] = 1

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        def judging(frames: Floats) -> Judgement:
            if len(frames) < 3:
                raise InputError(f"betweenness needs 3 frames of each walk or more, got {len(frames)}")
            x = frames.astype(np.float64, copy=False)
            t = np.linspace(0, 1, len(x))[1:-1, None]
            whole = np.linalg.norm(x[-1] - x[0], axis=1)
            apart = whole > 0
            if not apart.any():
                raise InputError(
                    "betweenness needs walks whose endpoints differ: here both are the same in all of them"
                )
            a, b = (np.linalg.norm(x[1:-1, apart] - x[end, apart], axis=2) / whole[apart] for end in (0, -1))
            each = np.full(len(whole), np.nan)
            each[apart] = (np.abs(a - t) + np.abs(b - (1 - t))).sum(axis=0) / (4 * t * (1 - t)).sum()
            n = int(apart.sum())
            value = float(each[apart].mean())
            error = float(each[apart].std(ddof=1)) / n**0.5 if n > 1 else float("nan")
            return Judgement(value, value, n, each, error)

        return judging
