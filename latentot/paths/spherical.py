"""Spherical interpolation, along the great circle."""

__all__ = ["Spherical", "directions", "orthogonal", "slerp"]

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from array_api_compat import array_namespace, is_numpy_array

from latentot.paths.interpolation import Interpolation
from latentot.paths.laws import DISTRIBUTION, PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY
from latentot.priors import Sphere
from latentot.special import Array

ANTIPODAL = 16
"""Pairs are antipodal where |u0 + u1| is below this many rounding errors: the great circle is then undetermined."""

NEARLY = 0.9
"""Below this cosine the angle follows from it without loss of digits."""


@dataclass(frozen=True)
class Spherical(Interpolation):
    """Slerp: y_t = [sin((1-t) W) z0 + sin(t W) z1] / sin W, W the angle between z0 and z1, pair by pair.

    On N(0, I) it keeps directions exactly and the mean of the norm nearly; the spread of the norms shrinks.

    With unit vectors u0, u1: W = 2 atan2(|u0 - u1|, |u0 + u1|) and sin W = |u0 - u1| |u0 + u1| / 2, accurate at every
    angle. Equal directions, and a zero row, which has none, give the straight line, the limit of the formula.
    Antipodal pairs, which every great circle through them joins, turn through the coordinate axis most nearly
    orthogonal to z0, with the norm interpolated linearly.

    Args:
        prior: any prior.

    >>> import latentot as lot, numpy as np
    >>> Spherical(lot.Normal(2))(np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.5).round(4)
    array([0.7071, 0.7071])
    """

    name: ClassVar[str] = "spherical"
    title: ClassVar[str] = "spherical (slerp)"
    formula: ClassVar[str] = "y_t = [sin((1-t) W) z0 + sin(t W) z1] / sin W, W the angle of the pair"
    citation: ClassVar[str] = "White: Sampling generative networks. 2016, arXiv:1609.04468"
    needs: ClassVar[frozenset[str]] = frozenset()

    def claims(self) -> frozenset[str]:
        on_sphere = {DISTRIBUTION, SELF_CONSISTENCY} if isinstance(self.prior, Sphere) else set()
        return frozenset({SYMMETRY, ROTATION, PERMUTATION} | on_sphere)

    def _between(self, z0: Array, z1: Array, t: float) -> Array:
        return _ordinary(z0, z1, t) if is_numpy_array(z0) else _careful(z0, z1, t)


def _ordinary(z0: Array, z1: Array, t: float) -> Array:
    """Three times as fast, in NumPy, where the cosine tells the angle: far from 1, from squares of middling size."""
    with np.errstate(all="ignore"):
        square0, square1 = np.vecdot(z0, z0), np.vecdot(z1, z1)
        cosine = np.vecdot(z0, z1) / np.sqrt(square0) / np.sqrt(square1)
    least = math.sqrt(np.finfo(z0.dtype).tiny)
    careful = ~((np.abs(cosine) < NEARLY) & (np.minimum(square0, square1) > least))
    careful |= np.maximum(square0, square1) > 1 / least
    angle = np.arccos(np.where(careful, 0, cosine))[:, None]
    sine = np.sin(angle)
    points = np.sin((1 - t) * angle) / sine * z0
    points += np.sin(t * angle) / sine * z1
    rows = np.flatnonzero(careful)
    if rows.size:
        points[rows] = _careful(z0[rows], z1[rows], t)
    return points


def _careful(z0: Array, z1: Array, t: float) -> Array:
    xp = array_namespace(z0, z1)
    return slerp(xp, directions(xp, z0), directions(xp, z1), t)


def slerp(xp: Any, end0: tuple[Array, Array], end1: tuple[Array, Array], t: float) -> Array:
    """Points on the great circle between ends given as norms, shape (n, 1), and unit vectors, shape (n, d)."""
    (norm0, u0), (norm1, u1) = end0, end1
    cosine, sine = (xp.linalg.vector_norm(u, axis=-1, keepdims=True) / 2 for u in (u0 + u1, u0 - u1))
    has_directions = (norm0 > 0) & (norm1 > 0)
    antipodal = (cosine < ANTIPODAL * xp.finfo(u0.dtype).eps) & has_directions
    straight = ~has_directions | (sine == 0) | antipodal
    one = xp.ones_like(sine)
    angle = 2 * xp.atan2(xp.where(straight, one, sine), xp.where(straight, one, cosine))
    sine_of_angle = xp.where(straight, one, 2 * sine * cosine)
    weight0 = xp.where(straight, (1 - t) * one, xp.sin((1 - t) * angle) / sine_of_angle)
    weight1 = xp.where(straight, t * one, xp.sin(t * angle) / sine_of_angle)
    arc = weight0 * norm0 * u0 + weight1 * norm1 * u1
    if is_numpy_array(antipodal) and not antipodal.any():
        return arc
    turned = math.cos(math.pi * t) * u0 + math.sin(math.pi * t) * orthogonal(xp, u0)
    return xp.where(antipodal, ((1 - t) * norm0 + t * norm1) * turned, arc)


def directions(xp: Any, z: Array) -> tuple[Array, Array]:
    """Norms, shape (n, 1), and unit vectors, zero for a zero row; scaled, so that squares cannot overflow."""
    scale = xp.max(xp.abs(z), axis=-1, keepdims=True)
    scaled = z / xp.where(scale == 0, xp.ones_like(scale), scale)
    norm = xp.linalg.vector_norm(scaled, axis=-1, keepdims=True)
    return scale * norm, scaled / xp.where(norm == 0, xp.ones_like(norm), norm)


def orthogonal(xp: Any, u: Array) -> Array:
    """A unit vector orthogonal to u, in the plane of u and the axis on which u is least; zero in one dimension."""
    axis = xp.astype(xp.arange(u.shape[-1]) == xp.argmin(xp.abs(u), axis=-1, keepdims=True), u.dtype)
    return directions(xp, axis - xp.sum(axis * u, axis=-1, keepdims=True) * u)[1]
