"""Exact transport: an optimal matching of samples, extended to points outside them."""

__all__ = ["Exact"]

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.transport.transport import Floats, Transport, TransportMap

PIVOTS = 10_000_000


@dataclass(frozen=True, eq=False)
class NearestDisplacement(TransportMap):
    """T(z) = z + (T(x_i) - x_i), x_i the nearest fitted point."""

    neighbours: Any
    displacement: Floats

    def __call__(self, z: Floats) -> Floats:
        nearest = self.neighbours.kneighbors(z, n_neighbors=1, return_distance=False)[:, 0]
        return z + self.displacement[nearest]


@dataclass(frozen=True)
class Exact(Transport):
    """The optimal matching of at most `most` points of each sample; a new point is moved as its nearest fitted one.

    Exact on the points fitted, by construction. It does not generalise by itself: the error on new points falls as
    n^(-1/d). Time grows as the cube of the points matched.

    Args:
        most: points of each sample that are matched.
    """

    name: ClassVar[str] = "exact"
    citation: ClassVar[str] = (
        "Ferradans, Papadakis, Peyré, Aujol: Regularized discrete optimal transport. SIAM J. Imaging Sciences 2014; "
        "Flamary et al.: POT. JMLR 2021"
    )

    most: int = 2_000

    def _fit(self, source: Floats, target: Floats, rng: np.random.Generator) -> NearestDisplacement:
        import ot
        from sklearn.neighbors import NearestNeighbors

        k = min(self.most, len(source), len(target))
        x, y = rng.permutation(source)[:k], rng.permutation(target)[:k]
        weights = np.full(k, 1 / k)
        plan, log = ot.emd(weights, weights, ot.dist(x, y), numItermax=PIVOTS, log=True)
        if log["warning"] is not None:
            raise InputError(f"the transport of {k} points was not solved: {log['warning']}; fit fewer points")
        return NearestDisplacement(NearestNeighbors().fit(x), k * (plan @ y) - x)
