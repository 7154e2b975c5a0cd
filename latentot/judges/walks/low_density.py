"""How much of a walk lies where real data are rare, beside those that are nearest to it.

A frame's distance to its k nearest real data is held against theirs to their own: the local outlier factor, without its
smoothing. A frame is in low density where that is greater than for 95 % of real data, so that real data which are held
out are there for 5 % of the time or little more. Distances alone would not do: averages of two images are near to many
real ones, while real ones are far from each other.
"""

__all__ = ["LowDensity"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.judges.judgement import FRAMES, Floats, Judge, Judgement, Judging
from latentot.judges.neighbours import Cloud, nearest


@dataclass(frozen=True, repr=False)
class LowDensity(Judge):
    """Share of the frames between the endpoints that are farther from real data than these from each other.

    Args:
        k: neighbours that are looked at.
        quantile: of the real data's own factors, which a frame in low density is above.

    References:
        Breunig et al.: LOF, identifying density-based local outliers. SIGMOD 2000

    >>> import latentot as lot
    >>> real = lot.Normal(8).sample(500, rng=0)
    >>> lot.judge("low-density")(9 * lot.Normal(8).sample(40, rng=1).reshape(4, 10, 8), real, rng=0).value
    1.0
    """

    name: ClassVar[str] = "low-density"
    title: ClassVar[str] = "share of the walk in low density of real data"
    formula: ClassVar[str] = (
        "share of frames with D(x) / mean_{r near x} D(r) > q, D the mean distance to the k nearest other real data, q "
        "the 95 % quantile of this for real data"
    )
    unit: ClassVar[str] = "share"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = (
        "Breunig, Kriegel, Ng, Sander: LOF, identifying density-based local outliers. SIGMOD 2000; Schubert, Zimek, "
        "Kriegel: Local outlier detection reconsidered. DMKD 2014 (the simplified factor)"
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
        distances, which = _others(*nearest(cloud, cloud, self.k + 1))
        own = distances.mean(axis=1)
        limit = float(np.quantile(_ratio(own, own[which].mean(axis=1)), self.quantile, method="higher"))

        def judging(frames: Floats) -> Judgement:
            if len(frames) < 3:
                raise InputError(f"low-density needs 3 frames of each walk or more, got {len(frames)}")
            inner = frames[1:-1]
            distances, which = nearest(Cloud.of(inner.reshape(-1, inner.shape[-1]), cloud), cloud, self.k)
            rare = _ratio(distances.mean(axis=1), own[which].mean(axis=1)) > limit
            each = rare.reshape(inner.shape[:2]).mean(axis=0)
            value, n = float(each.mean()), len(each)
            return Judgement(value, value, n, each, float(each.std(ddof=1)) / n**0.5 if n > 1 else float("nan"))

        return judging


def _others(distances: Floats, which: NDArray[np.intp]) -> tuple[Floats, NDArray[np.intp]]:
    """Neighbours of real data without themselves; of many copies, which are at the same distance, without one."""
    n, k = distances.shape
    own = which == np.arange(n)[:, None]
    own[~own.any(axis=1), -1] = True
    return distances[~own].reshape(n, k - 1), which[~own].reshape(n, k - 1)


def _ratio(distance: Floats, usual: Floats) -> Floats:
    """A distance beside the usual one; 1 where both are 0."""
    with np.errstate(divide="ignore"):
        return np.where(distance > 0, distance / np.where(distance > 0, usual, 1), np.where(usual > 0, 0, 1))
