"""Cauchy interpolation: linear in Cauchy numbers, whose averages follow the same law."""

__all__ = ["CauchyLinear"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from latentot.numerics.special import Array
from latentot.paths.laws import CONTINUITY, PERMUTATION, SELF_CONSISTENCY, SYMMETRY, kept_by_laws
from latentot.paths.path import Combination, marginal_of
from latentot.paths.stable import combine_stable, load_stable
from latentot.paths.weights import Weights


@dataclass(frozen=True, repr=False)
class CauchyLinear(Combination):
    """z_t = g^-1((1 - t) g(z0) + t g(z1)), g = C^-1 o F in each coordinate, F the prior's and C the Cauchy law.

    A weighted mean of independent Cauchy numbers is Cauchy again, so every point on the way follows the prior; of
    several points, z = g^-1(sum of w_i g(z_i) / sum of |w_i|). It is `Stable` with alpha = 1. Single precision
    is computed in double: g overflows it from |z| = 13.1 on.

    Args:
        prior: a prior with a marginal law.

    >>> import latentot as lot, numpy as np
    >>> CauchyLinear(lot.Normal(2))(np.array([1.0, 37.0]), np.array([-1.0, 37.0]), 0.5).round(12) + 0.0
    array([ 0., 37.])
    """

    name: ClassVar[str] = "cauchy"
    title: ClassVar[str] = "Cauchy-linear"
    formula: ClassVar[str] = "z_t = g^-1((1 - t) g(z0) + t g(z1)), g = C^-1 o F per coordinate"
    citation: ClassVar[str] = (
        "Lesniak, Sieradzki, Podolak: Distribution-interpolation trade off in generative models. ICLR 2019"
    )
    needs: ClassVar[frozenset[str]] = frozenset({"marginal"})
    in_double: ClassVar[bool] = True
    threaded: ClassVar[bool] = True
    by_laws: ClassVar[bool] = True

    def claims(self) -> frozenset[str]:
        permutes = {PERMUTATION} if marginal_of(self).size is None else set()
        return frozenset({SYMMETRY, CONTINUITY, SELF_CONSISTENCY} | permutes) | kept_by_laws(self.prior)

    def load(self, size: int) -> None:  # noqa: ARG002 - whatever the size
        load_stable(marginal_of(self), 1.0)

    def _combine(self, z: Sequence[Array], weights: Weights) -> Array:
        return combine_stable(marginal_of(self), 1.0, z, weights)
