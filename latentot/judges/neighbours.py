"""Exact distances between many points, a block at a time: to the nearest neighbours, and who lies within which radius.

A matrix product in single precision bounds every squared distance from below; only pairs that the bound leaves open are
subtracted, in double precision. So d(x, x) is 0, copies are copies, and 512695 and 512804 are 109 apart, at about the
speed of the product and in the memory of one block.

>>> cloud = Cloud.of(np.array([[512695.0], [512804.0], [512695.0]]))
>>> radii(cloud, 1)
array([  0., 109.,   0.])
"""

__all__ = ["Cloud", "Overlap", "nearest", "overlap", "radii", "within", "within_each"]

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Rows = NDArray[np.intp]

BLOCK = 4_000_000
"""Numbers of a block of squared distances: 16 MB."""
SUBTRACTED = 1_000_000
"""Coordinates that are subtracted at a time: 8 MB a copy."""
GROUP = 64
"""Columns of which the least bound is looked at together, to find out which may be among the nearest."""
ROUNDING = 2.0**-24
"""Unit roundoff of single precision."""
LEAST = 1e-35
"""What squares in single precision may lose where they are no normal numbers."""
FARTHEST = 2.0**40
"""Largest distance from the middle, in units of the first cloud's reach: single precision holds its square by far."""
NONE = np.float32(1e38)
"""The squared distance of a column that is none."""


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points, and what the product takes of them.

    Args:
        points: shape (n, k).
        centre: what is subtracted for the product, shape (k,).
        exponent: the product, and all that is computed here, is in units of 2^exponent.
        single: the points for the product, shape (n, k).
        squares: |x|^2 of them, shape (n,).
    """

    points: NDArray[Any]
    centre: Floats
    exponent: int
    single: Singles = field(repr=False)
    squares: Floats = field(repr=False)

    @classmethod
    def of(cls, points: NDArray[Any], beside: "Cloud | None" = None) -> "Cloud":
        """Points, shape (n, k), beside a cloud that they are to be compared with.

        Raises:
            InputError: points are too far from those beside them.
        """
        centre = points.mean(axis=0, dtype=np.float64) if beside is None else beside.centre
        reach = max(float(np.abs(block - centre).max()) for block in _blocks(points))
        exponent = int(np.frexp(reach)[1]) if beside is None else beside.exponent
        if not reach < np.ldexp(FARTHEST, exponent):
            raise InputError(
                f"features up to {reach:.3g} from the middle of the reference, which has none beyond "
                f"{np.ldexp(1.0, exponent):.3g}: leave out outliers"
            )
        single = np.concatenate([np.ldexp(block - centre, -exponent).astype(np.float32) for block in _blocks(points)])
        squares = np.concatenate([np.square(block, dtype=np.float64).sum(axis=1) for block in _blocks(single)])
        return cls(points, centre, exponent, single, squares)

    def __len__(self) -> int:
        return len(self.points)

    @property
    def slack(self) -> Floats:
        """A point's share of the error of a squared distance: of rounding its coordinates, |x|^2 and the product."""
        return (3 * self.points.shape[1] + 16) * ROUNDING * self.squares + LEAST

    def distances(self, rows: Rows, other: "Cloud", columns: Rows) -> Floats:
        """|x_i - y_j| of pairs, in units of 2^exponent, from their differences."""
        found, size = np.empty(len(rows)), max(1, SUBTRACTED // self.points.shape[1])
        for start in range(0, len(rows), size):
            part = slice(start, start + size)
            x, y = (one.points[at[part]].astype(np.float64) for one, at in ((self, rows), (other, columns)))
            x -= y
            np.ldexp(x, -self.exponent, out=x)
            found[part] = np.sqrt(np.vecdot(x, x))
        return found


def radii(cloud: Cloud, k: int) -> Floats:
    """Distance of each point to its k-th neighbour, itself left out, shape (n,).

    Raises:
        InputError: there are not k others.
    """
    if len(cloud) <= k:
        raise InputError(f"{len(cloud)} points have no {k} neighbours each: give more points, or take a smaller k")
    # It is itself its nearest neighbour, or one of those at distance 0.
    return nearest(cloud, cloud, k + 1)[0][:, k]


def nearest(x: Cloud, y: Cloud, k: int) -> tuple[Floats, Rows]:
    """The k nearest of y to each x.

    Args:
        x, y: clouds, one beside the other.
        k: how many.

    Returns:
        Their distances, ascending, and which they are, both of shape (n, k).

    Raises:
        InputError: y has fewer points.

    >>> cloud = Cloud.of(np.array([[0.0], [1.0], [5.0]]))
    >>> nearest(Cloud.of(np.array([[4.0]]), cloud), cloud, 2)
    (array([[1., 3.]]), array([[2, 1]]))
    """
    if len(y) < k:
        raise InputError(f"{len(y)} reference points are fewer than {k} neighbours: give more, or take a smaller k")
    group = int(np.clip(len(y) // (4 * k), 1, GROUP))
    distances, indices = np.empty((len(x), k)), np.empty((len(x), k), np.intp)
    own, other = x.slack, np.resize(y.slack, -(-len(y) // group) * group)
    for part, bounds in _bounds(x, y, group):
        highest = _kth_at_most(bounds, own[part], other, k, group)
        rows, columns = np.nonzero(bounds <= highest[:, None])
        found = x.distances(rows + part.start, y, columns)
        order = np.lexsort([columns, found, rows])
        # Candidates come row by row, k or more of each.
        firsts = np.searchsorted(rows, np.arange(len(bounds)))[:, None] + np.arange(k)
        distances[part], indices[part] = found[order][firsts], columns[order][firsts]
    return np.ldexp(distances, x.exponent), indices


def within(x: Cloud, y: Cloud, radius: Floats) -> tuple[Rows, Rows]:
    """How many balls hold each x, and how many x each ball holds: pairs with |x_i - y_j| <= r_j.

    Args:
        x, y: clouds, one beside the other.
        radius: of the ball about each y, shape (m,).

    Returns:
        Counts, shapes (n,) and (m,).

    >>> cloud = Cloud.of(np.array([[0.0], [1.0], [5.0]]))
    >>> within(cloud, cloud, np.array([1.0, 0.0, 4.0]))
    (array([1, 3, 1]), array([2, 1, 2]))
    """
    return within_each(x, y, [radius])[0]


def within_each(x: Cloud, y: Cloud, several: Sequence[Floats]) -> list[tuple[Rows, Rows]]:
    """What `within` counts, for several radii of each ball, by one product.

    >>> cloud = Cloud.of(np.array([[0.0], [1.0], [5.0]]))
    >>> [holding for _, holding in within_each(cloud, cloud, [np.ones(3), np.full(3, 4.0)])]
    [array([2, 2, 1]), array([2, 3, 2])]
    """
    held, holding = np.zeros((len(several), len(x)), np.intp), np.zeros((len(several), len(y)), np.intp)
    for each in _pairs(x, y, [radius[None] for radius in several]):
        for number, found in enumerate(each):
            held[number] += np.bincount(found.rows, minlength=len(x))
            holding[number] += np.bincount(found.columns, minlength=len(y))
    return list(zip(held, holding, strict=True))


@dataclass(frozen=True)
class Overlap:
    """Which of two clouds lie in balls about the other's points.

    Args:
        in_balls: how many balls about y hold each x, shape (n,); those on a surface share the places left of k.
        holding: how many x the ball about each y holds, shape (m,).
        covered: how many balls about x hold each y, shape (m,).
    """

    in_balls: Floats
    holding: Rows
    covered: Rows


def overlap(x: Cloud, y: Cloud, radius: Floats, k: int, own_radius: Floats | None = None) -> Overlap:
    """All that can be said of the balls of both clouds, by one product.

    Points on the surface of a ball share what places are left of the k that it has: without any it is what `within`
    counts, which may be more than k. So a ball about one of x itself that reaches to its k-th neighbour holds k,
    whatever points coincide.

    Args:
        x, y: clouds, one beside the other.
        radius: of the ball about each y, shape (m,).
        k: places of a ball about y.
        own_radius: of the ball about each x, shape (n,); without it `covered` is not counted.

    >>> cloud = Cloud.of(np.zeros((4, 1)))
    >>> overlap(cloud, cloud, np.zeros(4), 2).in_balls
    array([2., 2., 2., 2.])
    """
    held, inside, surface = np.zeros(len(x)), np.zeros(len(y), np.intp), np.zeros(len(y), np.intp)
    covered = np.zeros(len(y), np.intp)
    both = [radius[None]] if own_radius is None else [radius[None], own_radius[:, None]]
    for about_y, *about_x in _pairs(x, y, both):
        held += np.bincount(about_y.rows[~about_y.touching], minlength=len(x))
        inside += np.bincount(about_y.columns[~about_y.touching], minlength=len(y))
        surface += np.bincount(about_y.columns[about_y.touching], minlength=len(y))
        for found in about_x:
            covered += np.bincount(found.columns, minlength=len(y))
    if surface.any():
        share = np.clip((k - inside) / np.maximum(surface, 1), 0, 1)
        for (found,) in _pairs(x, y, [radius[None]]):
            touching = found.touching
            held += np.bincount(found.rows[touching], share[found.columns[touching]], minlength=len(x))
    return Overlap(held, inside + surface, covered)


class _Pairs(NamedTuple):
    """Pairs no farther apart than a radius, and whether they are just as far."""

    rows: Rows
    columns: Rows
    touching: NDArray[np.bool_]


def _pairs(x: Cloud, y: Cloud, radii: Sequence[Floats]) -> Iterator[list[_Pairs]]:
    """Pairs with |x_i - y_j| <= r_ij for each kind of radius, of shape (n, 1) or (1, m), some rows of x at a time."""
    scaled = [np.ldexp(radius, -x.exponent) for radius in radii]
    own, other = x.slack, y.slack
    for part, bounds in _bounds(x, y, 1):
        found = []
        for radius in scaled:
            limit = radius if len(radius) == 1 else radius[part]
            squares = np.square(limit)
            rows, columns = np.nonzero(bounds <= np.nextafter(squares.astype(np.float32), np.float32(np.inf)))
            most, square = (np.broadcast_to(one, bounds.shape)[rows, columns] for one in (limit, squares))
            sure = bounds[rows, columns] + 2 * (own[part][rows] + other[columns]) < square
            rows += part.start
            still, touching = np.flatnonzero(~sure), np.zeros(len(rows), np.bool_)
            distances = x.distances(rows[still], y, columns[still])
            sure[still], touching[still] = distances <= most[still], distances == most[still]
            found.append(_Pairs(rows[sure], columns[sure], touching[sure]))
        yield found


def _bounds(x: Cloud, y: Cloud, group: int) -> Iterator[tuple[slice, Singles]]:
    """Lower bounds of |x_i - y_j|^2, some rows at a time; columns are filled up to whole groups by none."""
    m, k = y.single.shape
    size = -(-m // group) * group
    right = np.zeros((size, k + 2), np.float32)
    right[:m, :k], right[:, k], right[m:, k + 1] = y.single, 1, NONE
    right[:m, k + 1] = y.squares - y.slack
    step = max(1, BLOCK // size)
    slack = x.slack
    for start in range(0, len(x), step):
        part = slice(start, min(start + step, len(x)))
        constant = (x.squares[part] - slack[part]).astype(np.float32)
        left = np.column_stack([-2 * x.single[part], constant, np.ones(len(constant), np.float32)])
        yield part, left @ right.T


def _kth_at_most(bounds: Singles, own: Floats, other: Floats, k: int, group: int) -> Floats:
    """What the k-th least squared distance of each row is at most.

    Some k columns with small bounds do: those with the least of k groups.
    """
    grouped = bounds.reshape(len(bounds), -1, group)
    groups = np.argpartition(grouped.min(axis=2), k - 1, axis=1)[:, :k]
    members = np.take_along_axis(grouped, groups[:, :, None], axis=1)
    least = members.argmin(axis=2)
    value = np.take_along_axis(members, least[:, :, None], axis=2)[:, :, 0].astype(np.float64)
    return (value + 2 * (own[:, None] + other[groups * group + least])).max(axis=1)


def _blocks(points: NDArray[Any]) -> Iterator[NDArray[Any]]:
    return (points[start : start + 4_096] for start in range(0, len(points), 4_096))
