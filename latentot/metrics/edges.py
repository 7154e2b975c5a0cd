"""Nearest neighbours out of the same sample: more of them than by chance where two laws differ."""

__all__ = ["NeighbourEdges"]

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.options import at_least
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.points import Points

Indices = NDArray[np.intp]

ROWS = 1_000
"""Points whose distances from all are in memory together."""


@dataclass(frozen=True, repr=False)
class NeighbourEdges(TwoSample):
    """Neighbours within a sample, beyond chance: of either sample and several numbers of neighbours the greatest.

    (1/n + 1/m) max_k max_a (R_a,k - E) / sd, R_a,k the number of pairs of a point of sample a and one of its k nearest
    points in both samples together that is of sample a too; n points, m reference points; E and the sd those of R_a,k
    where labels are dealt out by chance, in closed form. Where one law has more mass than the other and its mass is
    denser, points find more of their own among their neighbours. Taking the samples apart sees more than their sum
    does: the narrower of two laws has more neighbours of its own and the wider one fewer. The numbers of neighbours
    are in proportion to the number of points, so what is fine is seen as well as what is coarse, whatever the scale
    of each part of space. Where nothing drifts values are about 0, a little above it on average, as of any maximum.

    Args:
        scales: numbers of neighbours, each half of the one before.
        part: the greatest of them, as a part of all points: an eighth.
        max_points: points of each sample that are used, chosen at random.

    References:
        Chen, Friedman: A new graph-based two-sample test for multivariate and object data. JASA 2017, arXiv:1307.6294
        Schilling: Multivariate two-sample tests based on nearest neighbors. JASA 1986

    >>> import latentot as lot
    >>> z, reference = lot.Normal(4).sample(300, rng=0), lot.Normal(4).sample(300, rng=1)
    >>> metric = lot.drift("knn-edges")
    >>> metric(z / 2, reference, rng=0) > 0.1 > 0.02 > metric(z, reference, rng=0)
    True
    """

    name = "knn-edges"
    title = "neighbours within a sample beyond chance, the most of either sample and several numbers of neighbours"
    formula = (
        "(1/n + 1/m) max_k max_a (R_a,k - E) / sd, R_a,k pairs of a point of sample a and one of its k nearest in both "
        "samples that is of sample a too"
    )
    unit = "pairs, in sd of their chance at 1/n + 1/m = 1"
    citation = (
        "Chen, Friedman: A new graph-based two-sample test for multivariate and object data. JASA 2017, arXiv:1307.6294"
    )
    precision = np.float64
    min_points = 2

    scales: int = 4
    part: int = 8
    max_points: int = 1_000

    def __post_init__(self) -> None:
        at_least(self, scales=1, part=2, max_points=2)

    @property
    def cost(self) -> str:
        return f"O(k^2 d), k = min(n, {self.max_points})"

    @property
    def error(self) -> str:
        return f"{self.max_points:,} points of each sample, chosen at random"

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        def judge(z: Points) -> Measurement:
            # Samples in turn, so that of points that coincide neither has more neighbours.
            turns = np.concatenate([np.linspace(0, 1, len(x)) for x in (z, reference)]).argsort(kind="stable")
            inside = turns < len(z)
            numbers = counts(len(turns), self.scales, self.part)
            near = nearest(np.concatenate([z, reference])[turns], numbers)
            value = max(beyond_chance(near[:, :k], inside) for k in numbers)
            value *= 1 / len(z) + 1 / len(reference)
            return Measurement(value, value, len(z))

        return judge


def counts(n: int, scales: int, part: int) -> list[int]:
    """Numbers of neighbours, the least first.

    Args:
        n: points in both samples together.
        scales: how many numbers, each half of the one before.
        part: the greatest is so large a part of n.

    >>> counts(1_000, 4, 8), counts(20, 4, 8)
    ([15, 31, 62, 125], [1, 2])
    """
    return sorted({max(1, n // (part * 2**scale)) for scale in range(scales)})


def nearest(points: Points, numbers: Sequence[int]) -> Indices:
    """The nearest of all other points, shape (n, greatest number): of each number k the first k are the k nearest.

    Args:
        points: shape (n, d).
        numbers: numbers of neighbours, the least first.
    """
    from scipy.spatial.distance import cdist

    found = []
    for start in range(0, len(points), ROWS):
        # From differences, not products: points of a sample may be far from those of the other and near to each other.
        apart = cdist(points[start : start + ROWS], points, "sqeuclidean")
        np.fill_diagonal(apart[:, start:], np.inf)
        found.append(apart.argpartition([k - 1 for k in numbers], axis=1)[:, : numbers[-1]])
    return np.concatenate(found)


def beyond_chance(near: Indices, inside: NDArray[np.bool_]) -> float:
    """Neighbours within a sample, less what chance gives, in its standard deviations: of both samples the greater.

    Args:
        near: the k neighbours of each of all points, shape (n, k).
        inside: which points are of the one sample, shape (n,).
    """
    table = Edges.of(near)
    return max(table.standardised(float(own[near[own]].sum()), int(own.sum())) for own in (inside, ~inside))


@dataclass(frozen=True)
class Edges:
    """What the number of neighbours within a sample depends on, if its points are drawn by chance.

    Args:
        n: points in both samples together.
        total: pairs of a point and one of its neighbours, each weighing 1/2 in either order.
        squares: the sum of squared weights.
        ends: the sum, over all points, of the square of the weights of a point.
    """

    n: int
    total: float
    squares: float
    ends: float

    @classmethod
    def of(cls, near: Indices) -> "Edges":
        """Of the k neighbours of each point, shape (n, k)."""
        n, k = near.shape
        edges = np.zeros((n, n), bool)
        np.put_along_axis(edges, near, values=True, axis=1)
        mutual, times = int(np.count_nonzero(edges & edges.T)), np.bincount(near.ravel(), minlength=n)
        return cls(n, float(n * k), (n * k + mutual) / 2, float(np.square((k + times) / 2).sum()))

    def chance(self, size: int) -> tuple[float, float]:
        """Mean and standard deviation of the number of neighbours within a sample of so many points."""
        two, three, four = (math.prod((size - i) / max(self.n - i, 1) for i in range(r)) for r in (2, 3, 4))
        mean = self.total * two
        variance = 2 * self.squares * two + 4 * (self.ends - self.squares) * three - mean**2
        variance += (self.total**2 - 4 * self.ends + 2 * self.squares) * four
        # Less is rounding.
        return mean, math.sqrt(variance) if variance > 1e-9 * mean**2 else 0.0

    def standardised(self, within: Any, size: int) -> Any:
        """Numbers of neighbours within a sample, less the mean, in standard deviations; 0 where they do not vary."""
        mean, sd = self.chance(size)
        return (within - mean) / sd if sd > 0 else 0.0 * within
