"""Kullback-Leibler divergence from distances to nearest neighbours: a density is high where neighbours are near.

KL(z || r) = (d / n) sum_i log(nu_i / rho_i) + log(m / (n - 1)), rho_i the distance of z_i to its fifth neighbour among
the other z, nu_i among m points of the reference. With m = n - 1, as here, both have one law where nothing drifts, so
the mean is 0 exactly (it can be negative). For N(0, s I) against N(0, I) it is d/2 (s - 1 - ln s), in few dimensions:
from about d = 4 on, neighbours are as far as densities are wide, and the estimate is too large where z shrinks and
negative where z spreads, which a test of large values then misses.

>>> import latentot as lot
>>> z, reference = lot.Normal(2).sample(2000, rng=0) / 2**0.5, lot.Normal(2).sample(2000, rng=1)
>>> 0.15 < lot.drift("knn-kl")(z, reference, rng=0) < 0.25
True
"""

__all__ = ["knn_kl"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.metrics.frame import location
from latentot.metrics.metric import Judge, Measurement, Points, TwoSample

MAX_POINTS, NEIGHBOURS = 5_000, 5


def _prepare(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    fitted: dict[int, Any] = {}

    def judge(z: Points) -> Measurement:
        n = min(len(z), len(reference) + 1)
        if n not in fitted:
            fitted[n] = _neighbours(reference[: n - 1])
        points = z[:n]
        # Far from the reference, squares of coordinates would hide the distances of points from each other.
        own = _farthest(_neighbours(points - location(points)), None)
        other = _farthest(fitted[n], points)
        _refuse_ties(own, "points of the same sample")
        _refuse_ties(other, "reference points")
        value = z.shape[1] * float(np.log(other / own).mean())
        return Measurement(value, value, n)

    return judge


def _neighbours(points: Points) -> Any:
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=NEIGHBOURS).fit(points)


def _farthest(neighbours: Any, points: Points | None) -> NDArray[np.float64]:
    """Distance of each point to its fifth neighbour; without points, of those fitted among each other."""
    return neighbours.kneighbors(points)[0][:, -1]


def _refuse_ties(distances: NDArray[np.float64], what: str) -> None:
    ties = int((distances == 0).sum())
    if ties:
        raise InputError(
            f"knn-kl compares densities, and {ties} points coincide with {NEIGHBOURS} or more {what}: "
            "give samples of a continuous law, without copies"
        )


knn_kl = TwoSample(
    name="knn-kl",
    title="Kullback-Leibler divergence by nearest neighbours",
    formula="(d / n) sum_i log(nu_i / rho_i), rho_i and nu_i the distances of z_i to its fifth neighbour among the "
    "other z and among n - 1 reference points",
    unit="nats",
    cost="O(k^2 d), k = min(n, 5000); O(k log k) in few dimensions",
    error="5,000 points of each sample, chosen at random; biased from about 4 dimensions on, negative where z spreads",
    citation="Wang, Kulkarni, Verdú: Divergence estimation for multidimensional densities via k-nearest-neighbor "
    "distances. IEEE Trans. Inf. Theory 2009",
    min_points=6,
    max_points=MAX_POINTS,
    precision=np.float64,
    prepare=_prepare,
)
