"""Normalised interpolation: the straight line, pushed out to the norm of the endpoints."""

__all__ = ["Normalized"]

from dataclasses import dataclass
from typing import ClassVar

from array_api_compat import array_namespace

from latentot.numerics.special import Array
from latentot.paths.laws import DISTRIBUTION, PERMUTATION, ROTATION, SYMMETRY
from latentot.paths.linear import weighted_sum
from latentot.paths.path import Interpolation
from latentot.paths.spherical import directions
from latentot.paths.weights import Weights
from latentot.priors import Sphere


@dataclass(frozen=True, repr=False)
class Normalized(Interpolation):
    """z_t = y_t / |y_t| * ((1 - t) |z0| + t |z1|), y_t = (1 - t) z0 + t z1.

    On isotropic priors it keeps directions and the mean of the norm exactly; the spread of the norms shrinks. Where y_t
    is zero it has no direction, and the point is zero.

    Args:
        prior: any prior.

    >>> import latentot as lot, numpy as np
    >>> Normalized(lot.Normal(2))(np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.5).round(4)
    array([0.7071, 0.7071])
    """

    name: ClassVar[str] = "normalized"
    title: ClassVar[str] = "normalised (nlerp)"
    formula: ClassVar[str] = "z_t = y_t / |y_t| * ((1-t) |z0| + t |z1|), y_t = (1-t) z0 + t z1"
    citation: ClassVar[str] = "folklore"
    needs: ClassVar[frozenset[str]] = frozenset()

    def claims(self) -> frozenset[str]:
        return frozenset(
            {SYMMETRY, ROTATION, PERMUTATION} | ({DISTRIBUTION} if isinstance(self.prior, Sphere) else set())
        )

    def _between(self, z0: Array, z1: Array, weights: Weights) -> Array:
        xp = array_namespace(z0, z1)
        (norm0, _), (norm1, _) = directions(xp, z0), directions(xp, z1)
        return directions(xp, weighted_sum((z0, z1), weights))[1] * weighted_sum((norm0, norm1), weights)
