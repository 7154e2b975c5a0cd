"""Energy distance: how much farther points are from the other sample than from their own.

2 E|z - r| - E|z - z'| - E|r - r'|, unbiased: pairs of a point with itself are left out, so the mean is 0 where nothing
drifts (it can be negative); the raw value keeps them. Only equal laws have 0, and shifts are seen better than changes
of scale. Quadratic in the number of points: it uses 2,000 of each.

>>> import latentot as lot
>>> z, reference = lot.Normal(2).sample(1000, rng=0) + [3, 0], lot.Normal(2).sample(1000, rng=1)
>>> 2.8 < lot.drift("energy")(z, reference, rng=0) < 3.4
True
"""

__all__ = ["energy"]

import numpy as np

from latentot.metrics.metric import Judge, Measurement, Points, TwoSample
from latentot.metrics.pairs import Squares, total

MAX_POINTS = 2_000


def _prepare(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
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


energy = TwoSample(
    name="energy",
    title="energy distance, unbiased",
    formula="2 E|z - r| - E|z - z'| - E|r - r'|",
    unit="latent units",
    cost="O(k^2 d), k = min(n, 2000)",
    error="2,000 points of each sample, chosen at random",
    citation="Székely, Rizzo: Energy statistics: a class of statistics based on distances. J. Stat. Plan. Infer. 2013",
    min_points=2,
    max_points=MAX_POINTS,
    moments=1,
    degree=1,
    precision=np.float64,
    prepare=_prepare,
)
