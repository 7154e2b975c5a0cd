"""Maps from weighted sums of draws onto a prior of known laws: increasing functions of one number."""

__all__ = ["CoordinateMap", "coordinate_map", "radial_map"]

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from array_api_compat import array_namespace, device
from numpy.typing import NDArray

from latentot.numerics.special import Array
from latentot.priors import Law
from latentot.priors.affine import AffineLaw
from latentot.priors.column_laws import ColumnLaws
from latentot.transport.fitted import Floats, TransportMap
from latentot.transport.grid import Gridded, gridded
from latentot.transport.monotone import Monotone, levels
from latentot.transport.placed import placed
from latentot.transport.radial import RadialMap

Columns = NDArray[np.intp]
Draw = Callable[[int, np.random.Generator], Floats]

CHUNK = 1 << 20
"""Draws that are sorted at once; order statistics of several chunks are averaged."""
KNOTS = 4_096
OUTER = 64
"""A tail continues with the mean slope over so many outermost knots."""


class Standard(NamedTuple):
    """Coordinates that are shift + scale X, X of one law."""

    law: Law
    columns: Columns
    shift: Floats
    scale: Floats


class Part(NamedTuple):
    """The map of some coordinates: T(z) = shift + scale carry((z - mean) / scale)."""

    carry: Gridded | Monotone
    columns: Columns
    shift: Floats
    scale: Floats
    mean: Floats


@dataclass(frozen=True, eq=False, repr=False)
class CoordinateMap(TransportMap):
    """T(z)_j = T_j(z_j), one increasing function for all coordinates of one law up to shift and scale."""

    parts: tuple[Part, ...]

    def __call__(self, z: Array) -> Array:
        if len(self.parts) == 1:
            return _carried(self.parts[0], z)
        xp, order = array_namespace(z), np.argsort(np.concatenate([part.columns for part in self.parts]))

        def taken(x: Array, columns: Columns) -> Array:
            return xp.take(x, xp.asarray(columns.copy(), device=device(x)), axis=1)

        return taken(xp.concat([_carried(part, taken(z, part.columns)) for part in self.parts], axis=1), order)


def coordinate_map(law: Law, dim: int, weights: Sequence[float], n: int, rng: np.random.Generator) -> CoordinateMap:
    """The map from sum of w_i z_i onto independent coordinates of a law: Q o F_n, F_n from draws of the sum, Q exact.

    Its error is that of F_n: a Kolmogorov-Smirnov distance of 0.87 / sqrt(n) on average, in every coordinate.

    Args:
        law: the law of the coordinates.
        dim: how many there are.
        weights: the w_i, not all zero.
        n: draws of the sum for each law that is another up to shift and scale.
        rng: a Generator.

    >>> import latentot as lot
    >>> carry = coordinate_map(lot.Laplace(2).marginal, 2, [0.5, 0.5], 10_000, np.random.default_rng(0))
    >>> carry(np.array([[0.0, 1.0]])).shape
    (1, 2)
    """
    carries: dict[Law, Gridded | Monotone] = {}
    parts = []
    for own in _standard(law, np.arange(dim)):
        if own.law not in carries:
            carries[own.law] = _fitted(_sums(own.law, weights), own.law, _support(own.law, weights), n, rng)
        parts.append(Part(carries[own.law], own.columns, own.shift, own.scale, sum(weights) * own.shift))
    return CoordinateMap(tuple(parts))


def radial_map(radius: Law, dim: int, weights: Sequence[float], n: int, rng: np.random.Generator) -> RadialMap:
    """The map from sum of w_i z_i onto an isotropic law: z / |z| Q_r(F_n(|z|)), F_n from draws of |sum of w_i z_i|.

    Norms are drawn from norms and angles, whatever the dimension: the cosine c of the angle between isotropic vectors
    has (1 + c) / 2 ~ Beta((d - 1) / 2, (d - 1) / 2).

    Args:
        radius: the law of |z_i|.
        dim: coordinates of z_i.
        weights: the w_i, not all zero.
        n: draws of the norm.
        rng: a Generator.

    >>> import latentot as lot
    >>> carry = radial_map(lot.Normal(8).radius, 8, [0.5, 0.5], 10_000, np.random.default_rng(0))
    >>> carry(np.ones((1, 8))).round(1)
    array([[1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4]])
    """
    least, greatest = radius.support
    if least == greatest:
        return RadialMap(Monotone(np.array([0.0, 1.0]), np.array([least, least]), (0.0, 0.0)))
    carry = _fitted(_norms(radius, dim, weights), radius, (0.0, sum(map(abs, weights)) * greatest), n, rng)
    return RadialMap(carry)


def _carried(part: Part, z: Array) -> Array:
    if not part.shift.any() and (part.scale == 1).all():
        return part.carry(z)
    shift, scale, mean = (placed(each, z) for each in (part.shift, part.scale, part.mean))
    return shift + scale * part.carry((z - mean) / scale)


def _standard(law: Law, columns: Columns) -> Iterator[Standard]:
    """Coordinates in groups of one law each, shifts and scales taken off."""
    shift, scale = np.zeros(len(columns)), np.ones(len(columns))
    if isinstance(law, ColumnLaws):
        for own, places in zip(law.laws, law.columns, strict=True):
            yield from _standard(own, columns[places])
    elif isinstance(law, AffineLaw):
        yield Standard(law.law, columns, shift + law.shift, scale * law.scale)
    elif law.size is None:
        yield Standard(law, columns, shift, scale)
    else:
        for j in range(len(columns)):
            yield from _standard(law.coordinate(j), columns[j : j + 1])


def _sums(law: Law, weights: Sequence[float]) -> Draw:
    return lambda n, rng: np.sum([weight * law.sample((n,), rng=rng) for weight in weights], axis=0)


def _norms(radius: Law, dim: int, weights: Sequence[float]) -> Draw:
    half = (dim - 1) / 2

    def draw(n: int, rng: np.random.Generator) -> Floats:
        first, *others = map(abs, weights)
        norm = first * radius.sample((n,), rng=rng)
        for weight in others:
            other = weight * radius.sample((n,), rng=rng)
            cosine = 2 * (rng.beta(half, half, n) if half else rng.integers(0, 2, n)) - 1
            norm = np.sqrt(np.maximum(norm**2 + other**2 + 2 * cosine * norm * other, 0))
        return norm

    return draw


def _support(law: Law, weights: Sequence[float]) -> tuple[float, float]:
    """Least and greatest sum."""
    low, high = map(float, law.support)
    pairs = [(weight * low, weight * high) if weight > 0 else (weight * high, weight * low) for weight in weights]
    return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)


def _fitted(draw: Draw, law: Law, support: tuple[float, float], n: int, rng: np.random.Generator) -> Gridded | Monotone:
    """The increasing map from draws of numbers within a support to a law, whose ends it never leaves."""
    chunks = max(1, n // CHUNK)
    size = n // chunks
    edges = np.rint(levels(size, KNOTS) * size).astype(np.intp)
    ranks: Columns = np.unique((edges[:-1] + edges[1:]) // 2)
    x: Floats = np.mean([np.sort(draw(size, rng))[ranks] for _ in range(chunks)], axis=0)
    share = (ranks + 1) / (size + 1)
    lower, upper = law.quantile(np.minimum(share, 0.5)), law.isf(np.minimum(1 - share, 0.5))
    y: Floats = np.asarray(np.where(share < 0.5, lower, upper))
    kept = np.concatenate([[True], np.diff(x) > 0])
    x, y, share = x[kept], np.maximum.accumulate(y[kept]), share[kept]
    slopes = [_slope(x[:OUTER], y[:OUTER]), _slope(x[-OUTER:], y[-OUTER:])]
    ends: list[tuple[Any, ...]] = [(support[0], law.support[0], 0, x[0]), (support[1], law.support[1], 1, x[-1])]
    for at, to, side, last in ends:
        if np.isfinite(at) and np.isfinite(to):
            slopes[side] = 0.0
            if (last - at) * (1 - 2 * side) > 0:
                x, y = np.insert(x, len(x) * side, at), np.insert(y, len(y) * side, to)
                share = np.insert(share, len(share) * side, float(side))
    return gridded(Monotone(x, y, (slopes[0], slopes[1])), share)


def _slope(x: Floats, y: Floats) -> float:
    return float((y[-1] - y[0]) / (x[-1] - x[0])) if x[-1] > x[0] else 1.0
