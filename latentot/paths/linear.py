"""Linear interpolation, the straight line."""

__all__ = ["Linear", "weighted_sum"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from latentot.numerics.special import Array
from latentot.paths.laws import CONTINUITY, DISTRIBUTION, PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY
from latentot.paths.path import Combination
from latentot.paths.weights import Weights
from latentot.priors import Cauchy, MultivariateT, Sphere


@dataclass(frozen=True, repr=False)
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
    adds: ClassVar[bool] = True

    def claims(self) -> frozenset[str]:
        # On the sphere a point of the line is no endpoint of another: it is not in the prior's support.
        always = {SYMMETRY, CONTINUITY, ROTATION, PERMUTATION}
        always |= set() if isinstance(self.prior, Sphere) else {SELF_CONSISTENCY}
        stable = isinstance(self.prior, Cauchy) or (isinstance(self.prior, MultivariateT) and self.prior.df == 1)
        return frozenset(always | ({DISTRIBUTION} if stable else set()))

    def _combine(self, z: Sequence[Array], weights: Weights) -> Array:
        return weighted_sum(z, weights)


def weighted_sum(z: Sequence[Array], weights: Weights) -> Array:
    """y = sum of w_i z_i."""
    total = weights[0] * z[0]
    for weight, point in zip(weights[1:], z[1:], strict=True):
        total = total + weight * point
    return total
