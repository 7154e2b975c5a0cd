"""How much of a walk lies where real data are rare.

A frame is in low density where its k-th real neighbour is farther than 95 % of real data have theirs. So real data that
are held out are there for 5 % of the time or little more, and a walk that ghosts, for most of it.
"""

__all__ = ["LowDensity"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.judges.judge import FRAMES, Floats, Judge, Judgement, Judging
from latentot.judges.neighbours import Cloud, nearest, radii


@dataclass(frozen=True, repr=False)
class LowDensity(Judge):
    """Share of the frames between the endpoints whose k-th real neighbour is farther than most real data have theirs.

    Args:
        k: which neighbour.
        quantile: of the real data's own distances to their k-th neighbour; 1 minus it is the share of real data.

    References:
        Loftsgaarden, Quesenberry: A nonparametric estimate of a multivariate density function. Ann. Math. Statist. 1965

    >>> import latentot as lot
    >>> real = lot.Normal(8).sample(500, rng=0)
    >>> lot.judge("low-density")(9 * lot.Normal(8).sample(40, rng=1).reshape(4, 10, 8), real, rng=0).value
    1.0
    """

    name: ClassVar[str] = "low-density"
    title: ClassVar[str] = "share of the walk in low density of real data"
    formula: ClassVar[str] = "share of frames with |x_t - r_(k)| > q, q the 95 % quantile of real data's own"
    unit: ClassVar[str] = "share"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = (
        "Loftsgaarden, Quesenberry: A nonparametric estimate of a multivariate density function. Annals of "
        "Mathematical Statistics 1965"
    )
    takes: ClassVar[str] = FRAMES
    points: ClassVar[str] = "walks"
    min_points: ClassVar[int] = 1

    k: int = 5
    quantile: float = 0.95

    def __post_init__(self) -> None:
        if self.k < 1 or not 0 < self.quantile < 1:
            raise InputError(f"low-density has k = 1 or more and a quantile between 0 and 1, got {self!r}")

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        cloud = Cloud.of(reference)
        limit = float(np.quantile(radii(cloud, self.k), self.quantile))

        def judging(frames: Floats) -> Judgement:
            if len(frames) < 3:
                raise InputError(f"low-density needs 3 frames of each walk or more, got {len(frames)}")
            inner = frames[1:-1]
            flat = inner.reshape(-1, inner.shape[-1])
            far = nearest(Cloud.of(flat, cloud), cloud, self.k)[0][:, -1] > limit
            each = far.reshape(inner.shape[:2]).mean(axis=0)
            value, n = float(each.mean()), len(each)
            return Judgement(value, value, n, each, float(each.std(ddof=1)) / n**0.5 if n > 1 else float("nan"))

        return judging
