"""Energy distance: how much farther points are from the other sample than from their own."""

__all__ = ["Energy"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.options import at_least
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.pairs import Squares, total
from latentot.numerics.points import Points


@dataclass(frozen=True, repr=False)
class Energy(TwoSample):
    """Energy distance, 2 E|z - r| - E|z - z'| - E|r - r'|, unbiased.

    Pairs of a point with itself are left out, so the mean is 0 where nothing drifts (it can be negative); the raw value
    keeps them. Only equal laws have 0, and shifts are seen better than changes of scale. Quadratic in the number of
    points.

    Args:
        max_points: points of each sample that are used, chosen at random.

    References:
        Székely, Rizzo: Energy statistics: a class of statistics based on distances. J. Stat. Plan. Infer. 2013

    >>> import latentot as lot
    >>> z, reference = lot.Normal(2).sample(1000, rng=0) + [3, 0], lot.Normal(2).sample(1000, rng=1)
    >>> 2.8 < lot.drift("energy")(z, reference, rng=0) < 3.4
    True
    """

    name = "energy"
    title = "energy distance, unbiased"
    formula = "2 E|z - r| - E|z - z'| - E|r - r'|"
    unit = "latent units"
    citation = "Székely, Rizzo: Energy statistics: a class of statistics based on distances. J. Stat. Plan. Infer. 2013"
    moments = 1
    degree = 1
    precision = np.float64
    min_points = 2

    max_points: int = 2_000

    def __post_init__(self) -> None:
        at_least(self, max_points=2)

    @property
    def cost(self) -> str:
        return f"O(k^2 d), k = min(n, {self.max_points})"

    @property
    def error(self) -> str:
        return f"{self.max_points:,} points of each sample, chosen at random"

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        m, own = len(reference), total(_distances, reference, reference)

        def judge(z: Points) -> Measurement:
            n = len(z)
            within, cross = total(_distances, z, z), total(_distances, z, reference) / (n * m)
            value = 2 * cross - within / (n * (n - 1)) - own / (m * (m - 1))
            return Measurement(value, 2 * cross - within / n**2 - own / m**2, n)

        return judge


def _distances(squares: Squares) -> float:
    """Sum of the distances of a block."""
    return float(np.sqrt(squares, out=squares).sum(axis=1).sum(dtype=np.float64))
