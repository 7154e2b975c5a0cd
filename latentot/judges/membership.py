"""Membership: the share of data that are near real ones, and beyond all of them in no feature.

Nearness is that of `precision`, with balls that reach no farther than the median of their radii, so that a real outlier
welcomes few. In many dimensions it sees little of what is off in one of them: with 1,000 features a shift of one by six
standard deviations hardly changes a distance. So it is asked as well whether a feature lies beyond those of all real
data. Of many features some do for any datum: a real one is beyond all others in 2 k / m of k features, m real data. As
many are let pass as it takes for a tenth of real data to pass: none as long as k is below m. The share is divided by
that of real data among each other, so that it reads as a share of good data.

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
from latentot.judges.neighbours import Cloud, radii, within

LEAST = 0.1
"""Share of real data that are within the range of the others, at least: fewer would not do to divide by."""
ROWS = 4_096


@dataclass(frozen=True, repr=False)
class Membership(Judge):
    """The share of data near real ones that are beyond all of them in no feature.

    The raw value is before it is divided by that of real data.

    Args:
        k: a ball reaches to the k-th neighbour of its middle, or to the median of these distances.

    References:
        Kynkäänniemi et al.: Improved precision and recall metric. NeurIPS 2019, arXiv:1904.06991;
        Salvy, Talbot, Thirion: Enhanced generative model evaluation. ICLR 2026, arXiv:2507.01761 (the median)
    """

    name: ClassVar[str] = "membership"
    title: ClassVar[str] = "membership, the share of data near real ones and within their range"
    formula: ClassVar[str] = (
        "min(1, a / b), a the share with some j: |x_i - r_j| <= min(R_j, median R) and all l: min_j r_jl <= x_il <= "
        "max_j r_jl, b the same of real data among each other"
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
        cloud, span = Cloud.of(reference), _Range.of(reference)
        reach = radii(cloud, self.k)
        reach = np.minimum(reach, np.median(reach))
        own = span.beyond(reference, others=True)
        allowed = float(np.quantile(own, LEAST, method="higher"))
        # Each real point is in its own ball, where no datum has one.
        usual = float(((within(cloud, cloud, reach)[0] > 1) & (own <= allowed)).mean())

        def judging(data: Floats) -> Judgement:
            near = within(Cloud.of(data, cloud), cloud, reach)[0] > 0
            each = (near & (span.beyond(data) <= allowed)).astype(np.float64)
            raw, n = float(each.mean()), len(each)
            if not usual:
                raise InputError(f"of {len(reference)} real data none is near others and within their range: give more")
            return Judgement(min(1.0, raw / usual), raw, n, each, float(each.std(ddof=1)) / n**0.5 / usual)

        return judging


@dataclass(frozen=True)
class _Range:
    """The two lowest and the two highest real values of each feature, ascending, shape (2, k)."""

    lowest: NDArray[Any]
    highest: NDArray[Any]

    @classmethod
    def of(cls, real: NDArray[Any]) -> "_Range":
        ordered = np.sort(real, axis=0) if len(real) < 4 else np.partition(real, [0, 1, -2, -1], axis=0)
        return cls(ordered[:2], ordered[-2:])

    def beyond(self, x: NDArray[Any], *, others: bool = False) -> NDArray[np.intp]:
        """In how many features each lies beyond all real data; or a real one beyond all others, shape (n,)."""
        low, high = (self.lowest[1], self.highest[0]) if others else (self.lowest[0], self.highest[1])
        blocks = (x[start : start + ROWS] for start in range(0, len(x), ROWS))
        return np.concatenate([((block < low) | (block > high)).sum(axis=1) for block in blocks])
