"""Membership: the share of data that are near real ones, and beyond their range in no feature.

Nearness is that of `precision`, with balls that reach no farther than the median of their radii, so that a real outlier
welcomes few; copies of one datum count once, so that rounded numbers have balls too. In many dimensions it sees little
of what is off in one of them: with 1,000 features a shift of one by six standard deviations hardly changes a distance.
So it is asked as well whether a feature lies beyond the range of real data, which goes on beyond the highest as far as
the three highest are beyond the fourth on average: next to nothing where a law ends, more where it tails off.
Of many features some lie beyond for any datum; as many are let pass as it takes for a tenth of real data to pass: none
as long as features are fewer than real data.

The share is divided by that of real data among each other, so that it reads as a share of good data. Real data at the
edge of what is real pass less often, and data that are like those alone are held to what *they* pass: each real one
counts as often as data lie in its ball, where as often as real ones do is once. So much of the data as are near no real
ones are held to what all real data pass.

>>> import latentot as lot
>>> real, data = lot.Normal(500).sample(1_000, rng=0), lot.Normal(500).sample(1_000, rng=1)
>>> data[400:, 0] += 6
>>> round(lot.judge("membership")(data, real, rng=0).value, 1)
0.4
"""

__all__ = ["Membership"]

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.judges.judgement import Floats, Judge, Judgement, Judging
from latentot.judges.neighbours import Cloud, radii, within_each

TAIL = 3
"""Highest values, and lowest, that tell how far a range goes on: with more, one that ends would go on."""
LEAST = 0.1
"""Share of real data that are within the range of the others, at least: fewer would not do to divide by."""
ROWS = 4_096


@dataclass(frozen=True, repr=False)
class Membership(Judge):
    """The share of data near real ones that are beyond their range in no feature.

    The raw value is before it is divided by that of real data.

    Args:
        k: a ball reaches to the k-th neighbour of its middle that is not the same, or to the median of these
            distances.

    References:
        Kynkäänniemi et al.: Improved precision and recall metric. NeurIPS 2019, arXiv:1904.06991;
        Salvy, Talbot, Thirion: Enhanced generative model evaluation. ICLR 2026, arXiv:2507.01761 (the median)
    """

    name: ClassVar[str] = "membership"
    title: ClassVar[str] = "membership, the share of data near real ones and within their range"
    formula: ClassVar[str] = (
        "min(1, a / b), a the share with some j: |x_i - r_j| <= min(R_j, median R) and all l: x_il in the range of "
        "r_l, b the same of real data among each other, s sum_j w_j b_j / sum_j w_j + (1 - s) mean_j b_j, w_j the data "
        "in the ball of r_j over the real ones, s the share of data near real ones over that of real ones"
    )
    unit: ClassVar[str] = "share of good data"
    better: ClassVar[str] = "higher"
    citation: ClassVar[str] = (
        "latentot, after Kynkäänniemi et al.: Improved precision and recall metric for assessing generative models. "
        "NeurIPS 2019, arXiv:1904.06991"
    )
    points: ClassVar[str] = "data"

    k: int = 5

    def __post_init__(self) -> None:
        if self.k < 1:
            raise InputError(f"membership looks for the k-th neighbour, k = 1 or more, got {self.k}")

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        if len(reference) <= self.k:
            raise InputError(f"{len(reference)} points have no {self.k} neighbours each: give more, or a smaller k")
        distinct, which, copies = np.unique(reference, axis=0, return_inverse=True, return_counts=True)
        which, cloud, span = which.reshape(-1), Cloud.of(distinct), _Range.of(reference)
        full = radii(cloud, min(self.k, len(distinct) - 1)) if len(distinct) > 1 else np.zeros(1)
        cut = np.minimum(full, np.median(full))
        (held, _), (_, holding) = within_each(Cloud.of(reference, cloud), cloud, [cut, full])
        own = span.beyond(reference, others=True)
        allowed = float(np.quantile(own, LEAST, method="higher"))
        # Each real point is in its own ball, where no datum has one; so are its copies.
        near_real = (held > 1) | (copies[which] > 1)
        passing = near_real & (own <= allowed)
        others, usual, near_usual = np.maximum(holding - 1, 1), float(passing.mean()), float(near_real.mean())

        def judging(data: Floats) -> Judgement:
            if not usual:
                raise InputError(f"of {len(reference)} real data none is near others and within their range: give more")
            (held, _), (_, holding) = within_each(Cloud.of(data, cloud), cloud, [cut, full])
            near = held > 0
            each = (near & (span.beyond(data) <= allowed)).astype(np.float64)
            weights = (holding / others)[which]
            here = float(weights @ passing / weights.sum()) if weights.any() else 0.0
            share = min(1.0, float(near.mean()) / near_usual)
            # Near those alone that do not pass, all real ones are what there is to divide by.
            expected = share * here + (1 - share) * usual or usual
            raw, n = float(each.mean()), len(each)
            return Judgement(min(1.0, raw / expected), raw, n, each, float(each.std(ddof=1)) / n**0.5 / expected)

        return judging


@dataclass(frozen=True)
class _Range:
    """How far real values of each feature go, all of them and those of the others, shape (2, k).

    The highest, and as far beyond as the three highest are beyond the fourth on average; likewise the lowest. Of the
    others the second is the highest, for a datum that is not the highest is within their range anyway.
    """

    low: Floats
    high: Floats

    @classmethod
    def of(cls, real: NDArray[Any]) -> "_Range":
        most = min(TAIL + 2, len(real))
        at = [*range(most), *range(-most, 0)]
        ordered = np.partition(real, at, axis=0) if len(real) > 2 * most else np.sort(real, axis=0)
        lowest, highest = ordered[:most].astype(np.float64), ordered[-most:][::-1].astype(np.float64)
        return cls(*(_gone_on(ends) for ends in (lowest, highest)))

    def beyond(self, x: NDArray[Any], *, others: bool = False) -> NDArray[np.intp]:
        """In how many features each lies beyond real data; or a real one beyond the others, shape (n,)."""
        low, high = self.low[int(others)], self.high[int(others)]
        blocks = (x[start : start + ROWS] for start in range(0, len(x), ROWS))
        return np.concatenate([((block < low) | (block > high)).sum(axis=1) for block in blocks])


def _gone_on(ends: Floats) -> Floats:
    """Outermost values, from the outermost inwards, shape (5, k) or fewer, to the two ends of a range, shape (2, k)."""
    found = []
    for first in range(2):
        tail = ends[first : first + TAIL + 1]
        found.append(ends[first] + tail[:-1].mean(axis=0) - tail[-1] if len(tail) > 1 else ends[first])
    return np.array(found)
