"""Marginal transport: each coordinate is carried by its own increasing map."""

__all__ = ["Marginal", "MarginalMap"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace

from latentot.numerics.special import Array
from latentot.transport.fitted import Fitted, TransportMap
from latentot.transport.judging import Split
from latentot.transport.monotone import Monotone
from latentot.transport.transport import Transport


@dataclass(frozen=True, eq=False, repr=False)
class MarginalMap(TransportMap):
    """T(z)_j = T_j(z_j)."""

    coordinates: tuple[Monotone, ...]

    def __call__(self, z: Array) -> Array:
        return array_namespace(z).stack([carry(z[:, j]) for j, carry in enumerate(self.coordinates)], axis=1)


@dataclass(frozen=True)
class Marginal(Transport):
    """T(z)_j = Q_j(F_j(z_j)): quantile matching in every coordinate, linear between order statistics.

    The optimal map, for every additive convex cost, where the coordinates of source and target are independent; it
    carries each coordinate's law and leaves their dependence as it was. Beyond the samples it goes on in the ratio of
    the two tails (`Monotone`).

    Args:
        max_points: points of each sample that are fitted on (None: all).
        knots: order statistics that are kept; of more points, means of as many blocks.

    >>> source, target = np.random.default_rng(0).standard_normal((2, 5_000, 3))
    >>> Marginal().fit(source, np.exp(target), rng=1)(np.zeros((1, 3))).round()
    array([[1., 1., 1.]])
    """

    name: ClassVar[str] = "marginal"
    citation: ClassVar[str] = (
        "Agustsson, Sage, Timofte, Van Gool: Optimal transport maps for distribution preserving operations on latent "
        "spaces of generative models. ICLR 2019"
    )

    max_points: int | None = None
    knots: int = 4_096

    def _fit(self, split: Split, rng: np.random.Generator) -> Fitted:  # noqa: ARG002
        source, target = split.fitting(self.max_points)
        pairs = zip(source.T, target.T, strict=True)
        return split.judged(MarginalMap(tuple(Monotone.between(x, y, knots=self.knots) for x, y in pairs)), len(source))
