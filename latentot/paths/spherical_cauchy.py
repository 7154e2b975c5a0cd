"""Spherical-Cauchy interpolation: the great circle for the direction, Cauchy-linear for the norm."""

__all__ = ["SphericalCauchy"]

from dataclasses import dataclass
from typing import ClassVar

from array_api_compat import array_namespace

from latentot.numerics.special import Array
from latentot.paths.laws import PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY, kept_by_laws
from latentot.paths.path import Interpolation, radius_of
from latentot.paths.spherical import directions, slerp
from latentot.paths.stable import combine_stable
from latentot.paths.weights import Weights


@dataclass(frozen=True, repr=False)
class SphericalCauchy(Interpolation):
    """z_t = slerp(z0 / |z0|, z1 / |z1|, t) * h^-1((1 - t) h(|z0|) + t h(|z1|)), h = C^-1 o F_r.

    F_r is the law of the norm and C the Cauchy law. Direction and norm of an isotropic prior are independent; slerp of
    directions keeps the first, Cauchy-linear interpolation of the norms the second. Where an endpoint is zero, h is
    minus infinity, and points on the way are zero.

    Args:
        prior: a prior with a radius law.

    >>> import latentot as lot, numpy as np
    >>> SphericalCauchy(lot.Normal(2))(np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.5).round(4)
    array([0.7071, 0.7071])
    """

    name: ClassVar[str] = "spherical-cauchy"
    title: ClassVar[str] = "spherical-Cauchy"
    formula: ClassVar[str] = "z_t = slerp(z0/|z0|, z1/|z1|) h^-1((1-t) h(|z0|) + t h(|z1|)), h = C^-1 o F_r"
    citation: ClassVar[str] = (
        "Lesniak, Sieradzki, Podolak: Distribution-interpolation trade off in generative models. ICLR 2019"
    )
    needs: ClassVar[frozenset[str]] = frozenset({"radius"})
    in_double: ClassVar[bool] = True
    by_laws: ClassVar[bool] = True

    def claims(self) -> frozenset[str]:
        # Of one coordinate half of all directions are opposite, and between those there is none.
        kept = kept_by_laws(self.prior) if self.prior.dim > 1 else frozenset()
        return frozenset({SYMMETRY, SELF_CONSISTENCY, ROTATION, PERMUTATION}) | kept

    def _between(self, z0: Array, z1: Array, weights: Weights) -> Array:
        xp = array_namespace(z0, z1)
        (norm0, u0), (norm1, u1) = directions(xp, z0), directions(xp, z1)
        # h(0) is minus infinity, and its logarithm beyond any table.
        present = xp.astype((norm0 > 0) & (norm1 > 0), norm0.dtype)
        radius = present * combine_stable(radius_of(self), 1.0, (norm0, norm1), weights)
        return slerp(xp, (u0, present, u0), (u1, present, u1), weights) * radius
