"""Exact transport: an optimal matching of samples, extended to points outside them."""

__all__ = ["Exact"]

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from latentot.drift.matching import matching
from latentot.errors import InputError
from latentot.transport.fitted import Fitted, Floats, TransportMap
from latentot.transport.judging import Split
from latentot.transport.transport import Transport

PIVOTS = 10_000_000


@dataclass(frozen=True, eq=False)
class NearestResidual(TransportMap):
    """T(z) = z B + b + r_i, r_i = T(x_i) - (x_i B + b), x_i the fitted point nearest to z."""

    neighbours: Any
    matrix: Floats
    shift: Floats
    residual: Floats

    def __call__(self, z: Floats) -> Floats:
        nearest = self.neighbours.kneighbors(z, n_neighbors=1, return_distance=False)[:, 0]
        return z @ self.matrix + self.shift + self.residual[nearest]


@dataclass(frozen=True)
class Exact(Transport):
    """The optimal matching of at most `most` points of each sample; others follow its linear trend and their neighbour.

    A fitted point x_i goes to T(x_i), the point that it is matched with, or their barycentre where the samples differ
    in size. A new point z goes to z B + b + r_i: least squares of T(x) on x, and the residual of the nearest fitted
    point. Where neighbours are far (64 coordinates) a residual is as good as independent of z, and mean and covariance
    are still the target's; to move z as its nearest neighbour moves, z + T(x_i) - x_i, spreads points too far
    (N(0, I_64), 2,000 points: drift 0.135, this 0.068). Exact on the points fitted; the error on others falls as
    n^(-1/d). Time grows as the cube of `most`.

    Args:
        most: points of each sample that are matched (None: all).
    """

    name: ClassVar[str] = "exact"
    citation: ClassVar[str] = (
        "Ferradans, Papadakis, Peyré, Aujol: Regularized discrete optimal transport. SIAM J. Imaging Sciences 2014; "
        "Flamary et al.: POT. JMLR 2021"
    )

    most: int | None = 2_000

    def _learn(self, split: Split, rng: np.random.Generator) -> Fitted:  # noqa: ARG002
        from sklearn.neighbors import NearestNeighbors

        x, y = split.fitting(self.most)
        moved = y[matching(x, y)] if len(x) == len(y) else _barycentres(x, y)
        matrix, *_ = np.linalg.lstsq(x - x.mean(axis=0), moved - moved.mean(axis=0))
        shift = moved.mean(axis=0) - x.mean(axis=0) @ matrix
        neighbours = NearestNeighbors().fit(x)
        return split.judged(NearestResidual(neighbours, matrix, shift, moved - x @ matrix - shift), len(x))


def _barycentres(x: Floats, y: Floats) -> Floats:
    """Where an optimal plan between samples of different sizes sends each x, on average."""
    import ot

    plan, log = ot.emd([], [], ot.dist(x, y), numItermax=PIVOTS, log=True)
    if log["warning"] is not None:
        raise InputError(f"the transport of {len(x)} points was not solved: {log['warning']}; fit fewer points")
    return len(x) * (plan @ y)
