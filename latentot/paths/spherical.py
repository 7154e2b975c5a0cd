"""Spherical interpolation, along the great circle."""

__all__ = ["Spherical", "directions", "orthogonal", "slerp"]

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from array_api_compat import array_namespace, is_numpy_array

from latentot.numerics.special import Array, constant
from latentot.paths.laws import DISTRIBUTION, PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY
from latentot.paths.path import Interpolation
from latentot.paths.weights import Weight, Weights, rows_of
from latentot.priors import Sphere

ANTIPODAL = 16
"""Pairs are antipodal where |u0 + u1| is below this many rounding errors: the great circle is then undetermined."""

NEARLY = 0.9
"""Below this cosine the angle follows from it without loss of digits."""

SMALL, TERMS = 0.05, 13
"""Below this q the series is used, with so many terms: the next is less than 0.05^13 = 1e-17."""

End = tuple[Array, Array, Array]


@dataclass(frozen=True, repr=False)
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

    def _between(self, z0: Array, z1: Array, weights: Weights) -> Array:
        return _ordinary(z0, z1, weights) if is_numpy_array(z0) else _careful(z0, z1, weights)


def _ordinary(z0: Array, z1: Array, weights: Weights) -> Array:
    """Three times as fast, in NumPy, where the cosine tells the angle: far from 1, from squares of middling size."""
    with np.errstate(all="ignore"):
        square0, square1 = np.vecdot(z0, z0), np.vecdot(z1, z1)
        cosine = np.vecdot(z0, z1) / np.sqrt(square0) / np.sqrt(square1)
    least = np.sqrt(np.finfo(z0.dtype).tiny)
    careful = ~((np.abs(cosine) < NEARLY) & (np.minimum(square0, square1) > least))
    careful |= np.maximum(square0, square1) > 1 / least
    angle = np.arccos(np.where(careful, 0, cosine))[:, None]
    sine = np.sin(angle)
    points = np.sin(weights[0] * angle) / sine * z0
    points += np.sin(weights[1] * angle) / sine * z1
    rows = np.flatnonzero(careful)
    if rows.size:
        points[rows] = _careful(z0[rows], z1[rows], rows_of(weights, rows))
    return points


def _careful(z0: Array, z1: Array, weights: Weights) -> Array:
    xp = array_namespace(z0, z1)
    return slerp(xp, (z0, *directions(xp, z0)), (z1, *directions(xp, z1)), weights)


def slerp(xp: Any, end0: End, end1: End, weights: Weights) -> Array:
    """Points on the great circle between two ends.

    sin(t W) / sin W = t F(1 + t, 1 - t; 3/2; q), q = sin^2(W / 2) = |u0 - u1|^2 / 4, F the hypergeometric series. It is
    taken at small angles where a library has derivatives: those of sin(t W) and sin W cancel, and W has none at 0.

    Args:
        xp: the namespace of all arrays.
        end0: points, shape (n, d), their norms, shape (n, 1), and unit vectors, zero for a zero row.
        end1: the same of the other end.
        weights: 1 - t and t.

    References:
        Abramowitz, Stegun: Handbook of mathematical functions, 15.1.16.
    """
    (z0, norm0, u0), (z1, norm1, u1) = end0, end1
    sine, cosine = length(xp, u0 - u1) / 2, length(xp, u0 + u1) / 2
    has_directions = (norm0 > 0) & (norm1 > 0)
    antipodal = (cosine < ANTIPODAL * xp.finfo(u0.dtype).eps) & has_directions
    straight = ~has_directions | antipodal
    one = xp.ones_like(sine)
    if is_numpy_array(sine):
        near, small = straight | (sine == 0), 0.0
    else:
        square = xp.sum((u0 - u1) ** 2, axis=-1, keepdims=True) / 4
        near = straight | (square < SMALL)
        small = xp.where(near & ~straight, square, xp.zeros_like(square))
    angle = 2 * xp.atan2(xp.where(near, one, sine), xp.where(near, one, cosine))
    sine_of_angle = xp.where(near, one, 2 * sine * cosine)

    def share(t: Weight) -> Array:
        # NumPy has no derivatives: there what is near is straight.
        level = t * one if is_numpy_array(one) else t * _series(t, small)
        return xp.where(near, level, xp.sin(t * angle) / sine_of_angle)

    s, t = weights
    arc = share(s) * z0 + share(t) * z1
    if is_numpy_array(antipodal) and not antipodal.any():
        return arc
    cos, sin = (math.cos, math.sin) if isinstance(t, float) else (xp.cos, xp.sin)
    turned = cos(math.pi * t) * u0 + sin(math.pi * t) * orthogonal(xp, u0)
    return xp.where(antipodal, (s * norm0 + t * norm1) * turned, arc)


def _series(t: Weight, q: Array) -> Array:
    """F(1 + t, 1 - t; 3/2; q), right to 1e-17 where q is small."""
    total: Array = 1.0
    for k in range(TERMS, 0, -1):
        total = 1 + total * q * ((k * k - t * t) / (k * (k + 0.5)))
    return total


def directions(xp: Any, z: Array) -> tuple[Array, Array]:
    """Norms, shape (n, 1), and unit vectors, zero for a zero row; scaled, so that squares cannot overflow."""
    scale = constant(xp.max(xp.abs(z), axis=-1, keepdims=True))
    scaled = z / xp.where(scale == 0, xp.ones_like(scale), scale)
    norm = length(xp, scaled)
    return scale * norm, scaled / xp.where(norm == 0, xp.full_like(norm, math.inf), norm)


def length(xp: Any, z: Array) -> Array:
    """Norms, shape (n, 1), whose derivatives are zero at zero."""
    if is_numpy_array(z):
        return xp.linalg.vector_norm(z, axis=-1, keepdims=True)
    square = xp.sum(z * z, axis=-1, keepdims=True)
    zero = square == 0
    return xp.where(zero, xp.zeros_like(square), xp.sqrt(xp.where(zero, xp.ones_like(square), square)))


def orthogonal(xp: Any, u: Array) -> Array:
    """A unit vector orthogonal to u, in the plane of u and the axis on which u is least; zero in one dimension."""
    axis = xp.astype(xp.arange(u.shape[-1]) == xp.argmin(xp.abs(u), axis=-1, keepdims=True), u.dtype)
    return directions(xp, axis - xp.sum(axis * u, axis=-1, keepdims=True) * u)[1]
