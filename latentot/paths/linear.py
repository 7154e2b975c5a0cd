"""Linear interpolation, the straight line."""

__all__ = ["Linear", "weighted_sum"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from latentot.paths.interpolation import Combination
from latentot.paths.laws import CONTINUITY, DISTRIBUTION, PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY
from latentot.priors import Cauchy
from latentot.special import Array


@dataclass(frozen=True)
class Linear(Combination):
    """The straight line y_t = (1 - t) z0 + t z1; of several points the sum of w_i z_i.

    It carries N(0, I) to N(0, ((1 - t)^2 + t^2) I): at t = 1/2 norms shrink to 0.7071 of what they were.

    Args:
        prior: any prior.

    >>> import latentot as lot, numpy as np
    >>> Linear(lot.Normal(2))(np.array([0.0, 0.0]), np.array([1.0, 2.0]), 0.5)
    array([0.5, 1. ])
    """

    name: ClassVar[str] = "linear"
    title: ClassVar[str] = "linear"
    formula: ClassVar[str] = "y_t = (1 - t) z0 + t z1"
    citation: ClassVar[str] = "folklore"
    needs: ClassVar[frozenset[str]] = frozenset()

    def claims(self) -> frozenset[str]:
        always = {SYMMETRY, CONTINUITY, SELF_CONSISTENCY, ROTATION, PERMUTATION}
        return frozenset(always | ({DISTRIBUTION} if isinstance(self.prior, Cauchy) else set()))

    def _combine(self, z: Sequence[Array], weights: Sequence[float]) -> Array:
        return weighted_sum(z, weights)


def weighted_sum(z: Sequence[Array], weights: Sequence[float]) -> Array:
    """y = sum of w_i z_i."""
    total = weights[0] * z[0]
    for weight, point in zip(weights[1:], z[1:], strict=True):
        total = total + weight * point
    return total
