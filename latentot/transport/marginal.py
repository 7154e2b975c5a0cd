"""Marginal transport: each coordinate is carried by its own increasing map."""

__all__ = ["Marginal", "MarginalMap"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace, is_numpy_array

from latentot.numerics.special import Array
from latentot.transport.fitted import Fitted, Floats, TransportMap
from latentot.transport.grid import Gridded, gridded
from latentot.transport.judging import Split
from latentot.transport.monotone import Monotone
from latentot.transport.transport import Transport

ROWS = 1 << 13
"""Points that are carried at a time."""
KS_SHARE = 0.087
"""A tenth of the mean of sqrt(n) times the Kolmogorov-Smirnov distance of n points from their law."""


@dataclass(frozen=True, eq=False, repr=False)
class MarginalMap(TransportMap):
    """T(z)_j = T_j(z_j)."""

    coordinates: tuple[Gridded | Monotone, ...]

    def __call__(self, z: Array) -> Array:
        if is_numpy_array(z):
            return self._by_rows(z)
        return array_namespace(z).stack([carry(z[:, j]) for j, carry in enumerate(self.coordinates)], axis=1)

    def _by_rows(self, z: Floats) -> Floats:
        """Some rows at a time, turned so that a coordinate's numbers lie side by side: three times as fast."""
        carried = np.empty_like(z)
        for start in range(0, len(z), ROWS):
            columns = np.ascontiguousarray(z[start : start + ROWS].T)
            for column, carry in zip(columns, self.coordinates, strict=True):
                column[:] = carry(column)
            carried[start : start + ROWS] = columns.T
        return carried


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
        return split.judged(MarginalMap(tuple(_carry(x, y, self.knots) for x, y in pairs)), len(source))


def _carry(source: Floats, target: Floats, knots: int) -> Gridded | Monotone:
    """The increasing map between two samples, on a grid where knots are means of many points."""
    x = np.sort(source)
    carry = Monotone.between(x, target, knots=knots)
    if len(x) <= knots:
        return carry
    shares = np.searchsorted(x, carry.source, side="right") / len(x)
    return gridded(carry, shares, wrong=KS_SHARE / len(x) ** 0.5)
