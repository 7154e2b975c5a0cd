"""Clipped density and clipped coverage: shares of good data, that no outlier of either side moves.

Balls reach from each real r_j to its k-th neighbour, at R_j. For density they reach no farther than the median of all
R, so that a real outlier welcomes nobody, and one of the data counts for 1 at most, however many balls it is in; the
mean is divided by that of real data among each other. For coverage a ball with k data is as full as can be, and the
mean share is read off the curve that it follows where m of n data are good: the number in a ball is beta-binomial
whatever the law.

>>> import latentot as lot
>>> real, good, bad = (lot.Normal(4).sample(n, rng=n) for n in (1_000, 700, 300))
>>> data = np.concatenate([good, bad + 50])
>>> [round(lot.judge(name)(data, real, rng=0).value, 1) for name in ("clipped-density", "clipped-coverage")]
[0.7, 0.7]
"""

__all__ = ["ClippedCoverage", "ClippedDensity", "clipped_coverage_by_chance"]

import functools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.judges.judgement import Floats, Judge, Judgement, Judging
from latentot.judges.neighbours import Cloud, radii, within

SALVY = "Salvy, Talbot, Thirion: Enhanced generative model evaluation with clipped density and coverage. ICLR 2026, "


@dataclass(frozen=True, repr=False)
class _Clipped(Judge):
    """What both have in common.

    Args:
        k: a ball reaches to this neighbour.
    """

    unit: ClassVar[str] = "share of good data"
    better: ClassVar[str] = "higher"
    citation: ClassVar[str] = f"{SALVY}arXiv:2507.01761"

    k: int = 5

    def __post_init__(self) -> None:
        if self.k < 1:
            raise InputError(f"{self.name} looks for the k-th neighbour, k = 1 or more, got {self.k}")


@dataclass(frozen=True, repr=False)
class ClippedDensity(_Clipped):
    """Density where real outliers and popular data count for no more than others: the share of data that could be real.

    The raw value is before it is divided by that of real data.

    Args:
        k: a ball reaches to the k-th neighbour of its middle, or to the median of these distances.

    References:
        Salvy, Talbot, Thirion: Enhanced generative model evaluation. ICLR 2026, arXiv:2507.01761
    """

    name: ClassVar[str] = "clipped-density"
    title: ClassVar[str] = "clipped density, the share of data that could be real"
    formula: ClassVar[str] = (
        "min(1, a / b), a = (1/n) sum_i min(1, (1/k) sum_j 1[|x_i - r_j| <= min(R_j, median R)]), b the same of real "
        "data among each other"
    )
    points: ClassVar[str] = "data"

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        cloud = Cloud.of(reference)
        reach = radii(cloud, self.k)
        reach = np.minimum(reach, np.median(reach))
        # Each real point is in its own ball, where no datum has one.
        usual = float(np.minimum((within(cloud, cloud, reach)[0] - 1) / self.k, 1).mean())

        def judging(data: Floats) -> Judgement:
            each = np.minimum(within(Cloud.of(data, cloud), cloud, reach)[0] / self.k, 1)
            raw, n = float(each.mean()), len(each)
            error = float(each.std(ddof=1)) / n**0.5 / usual
            return Judgement(min(1.0, raw / usual), raw, n, each, error)

        return judging


@dataclass(frozen=True, repr=False)
class ClippedCoverage(_Clipped):
    """Coverage that asks for as many data near each real one as there should be: read as the share of good data.

    The raw value is the mean share of k that balls have, which is 3/4 or so where all are good.

    Args:
        k: a ball reaches to the k-th neighbour of its middle.

    References:
        Salvy, Talbot, Thirion: Enhanced generative model evaluation. ICLR 2026, arXiv:2507.01761
    """

    name: ClassVar[str] = "clipped-coverage"
    title: ClassVar[str] = "clipped coverage, the share of reality that comes up as often as it should"
    formula: ClassVar[str] = (
        "g((1/m) sum_j min(1, (1/k) sum_i 1[|x_i - r_j| <= R_j])), g the inverse of its mean where a share of data is "
        "good"
    )
    points: ClassVar[str] = "reference"

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        cloud = Cloud.of(reference)
        reach, m = radii(cloud, self.k), len(reference)

        def judging(data: Floats) -> Judgement:
            each = np.minimum(within(Cloud.of(data, cloud), cloud, reach)[1] / self.k, 1)
            raw, n = float(each.mean()), len(data)
            good = _grid(n)
            value = float(np.interp(raw, _means(n, m, self.k), good / n))
            return Judgement(value, raw, n, each)

        return judging


def clipped_coverage_by_chance(good: int, m: int, k: int = 5) -> float:
    """Mean of min(1, C / k), C the number of good data in the ball of one of m real ones to its k-th neighbour.

    C is beta-binomial(good, k, m - k), whatever the law.

    >>> round(clipped_coverage_by_chance(1_000, 1_000), 2)
    0.75
    """
    from scipy.stats import betabinom

    counts = np.arange(k)
    below = betabinom.pmf(counts, good, k, m - k)
    return float(1 - ((1 - counts / k) * below).sum())


@functools.lru_cache(maxsize=16)
def _means(n: int, m: int, k: int) -> Floats:
    return np.array([clipped_coverage_by_chance(int(good), m, k) for good in _grid(n)])


def _grid(n: int) -> np.ndarray:
    """Numbers of good data, close enough to each other for straight lines between."""
    return np.unique(np.linspace(0, n, min(n, 200) + 1).round().astype(int))
