"""CDF-linear interpolation: linear in probability."""

__all__ = ["CdfLinear"]

from dataclasses import dataclass
from typing import ClassVar

from array_api_compat import array_namespace

from latentot.numerics.special import Array
from latentot.paths.laws import CONTINUITY, PERMUTATION, SELF_CONSISTENCY, SYMMETRY
from latentot.paths.linear import weighted_sum
from latentot.paths.path import Interpolation, marginal_of
from latentot.paths.weights import Weights


@dataclass(frozen=True, repr=False)
class CdfLinear(Interpolation):
    """z_t = Q((1 - t) F(z0) + t F(z1)) in each coordinate, F the prior's marginal and Q its inverse.

    It does not keep the prior: the mean of two uniform numbers is not uniform.

    Args:
        prior: a prior with a marginal law.

    >>> import latentot as lot, numpy as np
    >>> CdfLinear(lot.Normal(2))(np.array([0.0, 1.0]), np.array([0.0, -1.0]), 0.5) + 0.0
    array([0., 0.])
    """

    name: ClassVar[str] = "cdf-linear"
    title: ClassVar[str] = "CDF-linear"
    formula: ClassVar[str] = "z_t = Q((1-t) F(z0) + t F(z1)) per coordinate"
    citation: ClassVar[str] = "White: plat, lerp_gaussian. 2016, github.com/dribnet/plat"
    needs: ClassVar[frozenset[str]] = frozenset({"marginal"})
    in_double: ClassVar[bool] = True

    def claims(self) -> frozenset[str]:
        permutes = {PERMUTATION} if marginal_of(self).size is None else set()
        return frozenset({SYMMETRY, CONTINUITY, SELF_CONSISTENCY} | permutes)

    def _between(self, z0: Array, z1: Array, weights: Weights) -> Array:
        xp, law = array_namespace(z0, z1), marginal_of(self)
        lower = weighted_sum((law.cdf(z0), law.cdf(z1)), weights)
        upper = weighted_sum((law.sf(z0), law.sf(z1)), weights)
        # The smaller of the two is the one that has kept its digits.
        in_lower = lower < upper
        quarter = xp.full_like(lower, 0.25)
        return xp.where(
            in_lower,
            law.quantile(xp.where(in_lower, lower, quarter)),
            law.isf(xp.where(in_lower, quarter, upper)),
        )
