"""Kullback-Leibler divergence from distances to nearest neighbours: a density is high where neighbours are near."""

__all__ = ["NeighbourKL"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.options import at_least
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.points import Points, location


@dataclass(frozen=True, repr=False)
class NeighbourKL(TwoSample):
    """Kullback-Leibler divergence, KL(z || r) = (d / n) sum_i log(nu_i / rho_i) + log(m / (n - 1)).

    rho_i is the distance of z_i to its k-th neighbour among the other z, nu_i among m points of the reference. With m =
    n - 1, as here, both have one law where nothing drifts, so the mean is 0 exactly (it can be negative). For N(0, s I)
    against N(0, I) it is d/2 (s - 1 - ln s), in few dimensions: from about d = 4 on, neighbours are as far as densities
    are wide, and the estimate is too large where z shrinks and negative where z spreads, which a test of large values
    then misses.

    Args:
        neighbours: k.
        max_points: points of each sample that are used, chosen at random.

    References:
        Wang, Kulkarni, Verdú: Divergence estimation for multidimensional densities via k-nearest-neighbor distances.
        IEEE Trans. Inf. Theory 2009

    >>> import latentot as lot
    >>> z, reference = lot.Normal(2).sample(2000, rng=0) / 2**0.5, lot.Normal(2).sample(2000, rng=1)
    >>> 0.15 < lot.drift("knn-kl")(z, reference, rng=0) < 0.25
    True
    """

    name = "knn-kl"
    title = "Kullback-Leibler divergence by nearest neighbours"
    formula = (
        "(d / n) sum_i log(nu_i / rho_i), rho_i and nu_i the distances of z_i to its k-th neighbour among the other z "
        "and among n - 1 reference points"
    )
    unit = "nats"
    citation = (
        "Wang, Kulkarni, Verdú: Divergence estimation for multidimensional densities via k-nearest-neighbor distances. "
        "IEEE Trans. Inf. Theory 2009"
    )
    precision = np.float64

    neighbours: int = 5
    max_points: int = 5_000

    def __post_init__(self) -> None:
        at_least(self, neighbours=1)
        at_least(self, max_points=self.min_points)

    @property
    def min_points(self) -> int:
        return self.neighbours + 1

    @property
    def cost(self) -> str:
        return f"O(k^2 d), k = min(n, {self.max_points}); O(k log k) in few dimensions"

    @property
    def error(self) -> str:
        return (
            f"{self.max_points:,} points of each sample, chosen at random; biased from about 4 dimensions on, negative "
            "where z spreads"
        )

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        fitted: dict[int, Any] = {}

        def judge(z: Points) -> Measurement:
            n = min(len(z), len(reference) + 1)
            if n not in fitted:
                fitted[n] = self._fitted(reference[: n - 1])
            points = z[:n]
            # Far from the reference, squares of coordinates would hide the distances of points from each other.
            own = _farthest(self._fitted(points - location(points)), None)
            other = _farthest(fitted[n], points)
            self._refuse_ties(own, "points of the same sample")
            self._refuse_ties(other, "reference points")
            value = z.shape[1] * float(np.log(other / own).mean())
            return Measurement(value, value, n)

        return judge

    def _fitted(self, points: Points) -> Any:
        from sklearn.neighbors import NearestNeighbors

        return NearestNeighbors(n_neighbors=self.neighbours).fit(points)

    def _refuse_ties(self, distances: NDArray[np.float64], what: str) -> None:
        ties = int((distances == 0).sum())
        if ties:
            raise InputError(
                f"knn-kl compares densities, and {ties} points coincide with {self.neighbours} or more {what}: "
                "give samples of a continuous law, without copies"
            )


def _farthest(neighbours: Any, points: Points | None) -> NDArray[np.float64]:
    """Distance of each point to its k-th neighbour; without points, of those fitted among each other."""
    return neighbours.kneighbors(points)[0][:, -1]
