"""The log-odds log F - log(1 - F) of a law, as polynomials over cells that were halved until they fit."""

__all__ = ["BOUND", "LogOdds", "horner", "masses", "tabulate"]

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.special
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.paths.cells import LEAST, Cells, anchored

Floats = NDArray[np.float64]

BOUND = 690.0
"""Greatest log-odds, of a tail of about 1e-300."""
TOLERANCE = 2e-8
"""Relative error of a tail: that of a sum of two, at most 1e-6, includes the errors of both terms."""
DEGREE = 10
"""Degree of the polynomial in a cell; it is tested between its points, near both ends and in the middle."""
MAX_CELLS, MAX_HALVINGS = 6_000, 120
"""Most cells, and rounds of halving them, before a law is refused as too rough."""
DENSE = 32
"""Parts of a cell in which an inverse is bracketed."""

_FITTED = -np.cos(np.pi * np.arange(DEGREE + 1) / DEGREE)
_BESIDE = np.array([0, 1, DEGREE // 2, DEGREE - 2, DEGREE - 1])
_TESTED = -np.cos(np.pi * (_BESIDE + 0.5) / DEGREE)
_TO_COEFFICIENTS = np.linalg.inv(np.vander(_FITTED, increasing=True)).T
_AT_TESTED = np.vander(_TESTED, DEGREE + 1, increasing=True).T


@dataclass(frozen=True, eq=False)
class LogOdds:
    """The log-odds of a law as a piecewise polynomial.

    Args:
        cells: in rising order, without gaps.
        coefficients: of the powers of each cell's coordinate, lowest first, shape (cells, DEGREE + 1).
        at_nodes: log-odds where a cell begins or the last one ends, shape (cells + 1,).
        anchors: where the law may be singular.
        grains: distances from each that are less than these are rounding.
        noise: absolute errors of the lower and the upper tail.
    """

    cells: Cells
    coefficients: Floats
    at_nodes: Floats
    anchors: Floats
    grains: Floats
    noise: tuple[float, float]

    @functools.cached_property
    def nodes(self) -> Floats:
        """Where a cell begins or the last one ends."""
        return np.append(self.cells.low, self.cells.high[-1])

    @functools.cached_property
    def scale(self) -> float:
        """The interquartile range."""
        low, high = self.point(np.array([-1.0986, 1.0986]))
        return float(high - low)

    @functools.cached_property
    def step(self) -> float:
        """The greatest probability between two neighbouring floating-point numbers, approximately."""
        share = np.maximum(self.cells.spacing, LEAST) / (self.cells.high - self.cells.low)
        return float((masses(self.at_nodes) * np.minimum(1, share)).max())

    @functools.cached_property
    def has_gap(self) -> bool:
        """Whether the support has a gap."""
        rise, width = np.diff(self.at_nodes), self.cells.high - self.cells.low
        return bool((rise < 1e-12)[(width > 1e-3 * self.scale) & (np.abs(self.at_nodes[1:]) < 34)].any())

    def scaled(self, weight: float) -> "LogOdds":
        """The table of the law of weight x, weight not zero."""
        cells, anchors, grains = self.cells.scaled(weight), self.anchors * weight, self.grains * abs(weight)
        if weight > 0:
            return LogOdds(cells, self.coefficients, self.at_nodes, anchors, grains, self.noise)
        mirrored = self.coefficients[::-1] * -((-1.0) ** np.arange(DEGREE + 1))
        return LogOdds(cells, mirrored, -self.at_nodes[::-1], anchors[::-1], grains[::-1], self.noise[::-1])

    def cell(self, x: Floats) -> NDArray[np.intp]:
        """The number of the cell of each x."""
        return np.clip(np.searchsorted(self.nodes, x, side="right") - 1, 0, len(self.nodes) - 2)

    def __call__(self, x: Floats) -> Floats:
        """The log-odds at any numbers; constant beyond both ends."""
        flat = np.clip(x, self.nodes[0], self.nodes[-1]).reshape(-1)
        cell = self.cell(flat)
        coordinate = self.cells.take(cell).coordinate(flat[:, None])
        return horner(self.coefficients[cell], coordinate)[:, 0].reshape(np.shape(x))

    def log_tails(self, x: Floats) -> tuple[Floats, Floats]:
        """log F(x) and log(1 - F(x))."""
        log_odds = self(x)
        return scipy.special.log_expit(log_odds), scipy.special.log_expit(-log_odds)

    def point(self, log_odds: Floats) -> Floats:
        """Where the log-odds have these values: bracketed, then by Newton's method."""
        flat = np.clip(log_odds, *self.at_nodes[[0, -1]]).reshape(-1)
        place = np.searchsorted(self._dense, flat, side="right") - 1
        cell, part = np.divmod(np.clip(place, 0, len(self._dense) - 1), DENSE + 1)
        part = np.minimum(part, DENSE - 1)
        low, high = (self._dense[cell * (DENSE + 1) + part + one] for one in (0, 1))
        begin = (-1 + 2 * part / DENSE)[:, None]
        coordinate = begin + (2 / DENSE * np.clip((flat - low) / np.where(high > low, high - low, 1), 0, 1))[:, None]
        coefficients = self.coefficients[cell]
        for _ in range(3):
            slope = horner(differentiated(coefficients), coordinate)
            step = (horner(coefficients, coordinate) - flat[:, None]) / np.where(slope > 0, slope, math.inf)
            coordinate = np.clip(coordinate - step, begin, begin + 2 / DENSE)
        return self.cells.take(cell).place(coordinate)[:, 0].reshape(np.shape(log_odds))

    @functools.cached_property
    def _dense(self) -> Floats:
        at = np.broadcast_to(np.linspace(-1, 1, DENSE + 1), (len(self.coefficients), DENSE + 1))
        return np.maximum.accumulate(horner(self.coefficients, at).ravel())


def tabulate(
    log_odds: Callable[[Floats], Floats],
    nodes: Floats,
    anchors: Floats,
    scale: float,
    *,
    grains: Floats | float = 0.0,
    noise: tuple[float, float] = (0.0, 0.0),
    tolerance: float = TOLERANCE,
    most: int = MAX_CELLS,
) -> LogOdds:
    """Halve cells until the polynomial through DEGREE + 1 points predicts those between them.

    A distribution function never decreases, so that no feature is missed: any mass between two points shows in the
    difference of their values.

    Args:
        log_odds: of numbers of any shape.
        nodes: where cells begin and end at first.
        anchors: among the nodes; cells narrow down towards them by ratios.
        scale: a typical distance.
        grains: distances from each anchor that are less than these are rounding.
        noise: absolute errors of the lower and the upper tail.
        tolerance: of the log-odds, which is the relative error of the smaller tail.
        most: the greatest number of cells.

    Raises:
        InputError: so many cells were not enough, or values are NaN.
    """
    least, greatest = (-math.log(one) if one else BOUND for one in noise)
    nodes = np.unique(nodes)
    grains = np.broadcast_to(grains, anchors.shape)
    todo = anchored(nodes[:-1], nodes[1:], anchors, grains)
    done: list[Cells] = []
    fitted, values, count = [], [], 0
    for _ in range(MAX_HALVINGS):
        x = todo.place(np.concatenate([_FITTED, _TESTED]))
        x[:, 0], x[:, DEGREE] = todo.low, todo.high
        value = np.clip(log_odds(x), -least, greatest)
        at_fitted, at_tested = value[:, : DEGREE + 1], value[:, DEGREE + 1 :]
        with np.errstate(over="ignore"):
            noisy = noise[0] * np.exp(-at_tested) + noise[1] * np.exp(at_tested)
        if not np.isfinite(value).all():
            raise InputError("its distribution function is NaN somewhere")
        # A point is rounded, and its value with it.
        distance = np.maximum(np.diff(x[:, : DEGREE + 1]), todo.spacing[:, None])
        rounded = 2 * (np.diff(at_fitted) * (todo.spacing[:, None] / distance))[:, _BESIDE]
        coefficients = at_fitted @ _TO_COEFFICIENTS
        fits = (np.abs(coefficients @ _AT_TESTED - at_tested) <= tolerance + noisy + rounded).all(axis=1)
        middle = todo.middle(scale)
        width = todo.high - todo.low
        straight = ~fits & ~((todo.low < middle) & (middle < todo.high) & (width > 2 * todo.spacing))
        ends = at_fitted[:, [0, -1]]
        coefficients[straight] = 0
        coefficients[straight, :2] = ends[straight] @ np.array([[0.5, -0.5], [0.5, 0.5]])
        fits |= straight
        done.append(todo.take(fits))
        fitted.append(coefficients[fits])
        values.append(ends[fits])
        count += int(fits.sum())
        rest, middle = todo.take(~fits), middle[~fits]
        if not len(middle):
            break
        if count + 2 * len(middle) > most:
            raise InputError(f"its distribution function is too rough for {most} cells")
        todo = anchored(np.concatenate([rest.low, middle]), np.concatenate([middle, rest.high]), anchors, grains)
    else:
        raise InputError(f"its distribution function is too rough for {MAX_HALVINGS} halvings")
    ends = np.concatenate(values)
    cells = Cells(*(np.concatenate([getattr(part, name) for part in done]) for name in Cells.__dataclass_fields__))
    order = np.argsort(cells.low)
    order = order[(ends[order, 0] < BOUND) & (ends[order, 1] > -BOUND)]
    at_nodes = np.append(ends[order, 0], ends[order[-1], 1])
    return LogOdds(cells.take(order), np.concatenate(fitted)[order], at_nodes, anchors, grains, noise)


def horner(coefficients: Floats, at: Floats) -> Floats:
    """Polynomials, lowest power first, of shape (n, k), at numbers of shape (n, m)."""
    value = np.repeat(coefficients[:, -1:], at.shape[1], axis=1)
    for power in range(coefficients.shape[1] - 2, -1, -1):
        value *= at
        value += coefficients[:, power : power + 1]
    return value


def differentiated(coefficients: Floats) -> Floats:
    """The coefficients of the derivatives."""
    return coefficients[:, 1:] * np.arange(1, coefficients.shape[1])


def masses(log_odds: Floats) -> Floats:
    """Probabilities between rising log-odds along the last axis, out of the smaller tail."""
    low, high = log_odds[..., :-1], log_odds[..., 1:]
    upper = low + high > 0
    # P(l < L <= h) = s(h) - s(l) = s(-l) - s(-h), s the logistic function.
    greater = scipy.special.expit(np.where(upper, -low, high))
    return np.maximum(greater - scipy.special.expit(np.where(upper, -high, low)), 0)
