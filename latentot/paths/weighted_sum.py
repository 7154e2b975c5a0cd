"""The law of a weighted sum of independent numbers of one law, by quadrature."""

__all__ = ["keeps_its_law", "weighted_sum_law"]

import dataclasses
import functools
import math

import numpy as np
import scipy.special
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.numerics.quadrature import gauss_legendre
from latentot.paths.law_table import law_table
from latentot.paths.log_odds import BOUND, TOLERANCE, LogOdds, differentiated, horner, masses, tabulate
from latentot.priors import Law

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

GROWTH, RATIO = 8.0, 2.0
"""A panel ends where the log-odds, or the logarithm of the distance from an anchor, have changed by this."""
NEGLIGIBLE = 34.0
"""Panels that contribute less than exp(-NEGLIGIBLE) of the greatest are left out."""
BLOCK = 1 << 18
"""Bounds of panels, of all points together, in memory at a time: 2 MiB an array, which stays in the cache."""
LEVELS = np.concatenate([-np.geomspace(BOUND, 0.5, 13), np.geomspace(0.5, BOUND, 13)])
"""Log-odds at which cells of a sum begin: where both terms have them, their sum nearly has; halving refines it."""
MAX_PAIRS = 40
"""Anchors of a sum, one for each pair of its terms' anchors; of more, as of histograms, only the outermost are kept."""
SMOOTH, ROUGH = (TOLERANCE, 0.0, 250), (3e-7, 1e-9, 1_500)
"""Relative tolerance of tails, tolerance of probabilities, number of cells: sums of histograms are rough everywhere."""
MAX_STEP, MAX_ERROR = 1e-4, 1e-6
"""Probability between neighbouring floating-point numbers above which a law has steps, and relative error of a tail
above which a table is refused."""
UNRESOLVED = 1e-10
"""Probability between neighbouring floating-point numbers from which on a further term is affected."""


def _rule(n: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre points and weights; both ends have weight 0, but their log-odds say how much a panel holds."""
    at, weights = gauss_legendre(n)
    return np.concatenate([[0], at, [1]]), np.concatenate([[0], 2 * weights, [0]])


LONG, SHORT, SLIGHT = _rule(12), _rule(5), 0.7
"""Points of the rules; the short one, for panels over which the log-odds change by less than SLIGHT, integrates an
exponential over so much to 1e-14."""


def weighted_sum_law(law: Law, weights: tuple[float, ...]) -> LogOdds:
    """The law of a weighted sum, either right to 1e-6 of the smaller tail or refused.

    Terms are added in the order of decreasing |w|. Each table is compared with quadrature with the roles of the two
    terms exchanged, at points that it was not made from.

    Args:
        law: the law of each x_i.
        weights: the w_i, not all zero.

    Raises:
        InputError: the law of the sum has steps, as of atoms, or is too rough.

    >>> import latentot as lot
    >>> law = weighted_sum_law(lot.Normal(1).marginal, (0.5, 0.5))
    >>> bool(abs(law.log_tails(np.array([5.0]))[1][0] - scipy.special.log_ndtr(-5 * 2**0.5)) < 1e-6)
    True
    """
    found = _tabulated(law, weights)
    if isinstance(found, str):
        raise InputError(
            f"matched cannot tabulate sums of draws of {law!r} to {MAX_ERROR:g}: {found}; "
            "use 'cauchy' or 'stable', which need no sums, or 'earth-mover'"
        )
    return found


def keeps_its_law(law: Law) -> bool:
    """Whether sums of two draws can be tabulated."""
    return not isinstance(_tabulated(law, (0.5, 0.5)), str)


@functools.lru_cache(maxsize=64)
def _tabulated(law: Law, weights: tuple[float, ...]) -> LogOdds | str:
    """A table, or the reason why there is none."""
    first, *others = sorted((weight for weight in weights if weight), key=abs, reverse=True)
    try:
        total = law_table(law).scaled(first)
        for weight in others:
            total = _joined(total, law_table(law).scaled(weight))
    except InputError as error:
        return str(error)
    return total


def _joined(s: LogOdds, x: LogOdds) -> LogOdds:
    anchors, grains = _pairs(s, x)
    ends = s.nodes[[0, -1]] + x.nodes[[0, -1]]
    nodes = np.concatenate([s.point(LEVELS) + x.point(LEVELS), ends, anchors])
    table = _fitted(Quadrature(s, x), nodes, anchors, grains, math.hypot(s.scale, x.scale))
    if table.step > MAX_STEP:
        raise InputError(
            f"a probability of {table.step:.1g} lies between neighbouring floating-point numbers, "
            "as at atoms and at poles of the density away from 0"
        )
    noise = [sum(each) for each in zip(s.noise, x.noise, table.noise, strict=True)]
    y = table.cells.place(np.full(1, 0.35))[:, 0]
    found = table(y)
    # Steps between a few neighbouring numbers, and the terms' own noise, limit what can be reached.
    width = table.cells.high - table.cells.low
    asked = width > np.maximum(1e3 * table.cells.spacing, 1e-290)
    rounded = 20 * np.diff(table.at_nodes) * table.cells.spacing / width
    expected = Quadrature(x, s)(y)
    side = np.where(expected < 0, -1.0, 1.0)
    tail = scipy.special.expit(-side * expected)
    error = np.abs(scipy.special.expit(-side * found) - tail)
    if (asked & (error > tail * (MAX_ERROR + rounded) + 4 * np.where(side < 0, *noise))).any():
        raise InputError("two quadratures disagree")
    unresolved = table.step if table.step > UNRESOLVED else 0.0
    return dataclasses.replace(table, noise=(noise[0] + unresolved, noise[1] + unresolved))


def _fitted(quadrature: "Quadrature", nodes: Floats, anchors: Floats, grains: Floats, scale: float) -> LogOdds:
    smooth = len(quadrature.s.at_nodes) + len(quadrature.x.at_nodes) < SMOOTH[-1]
    for tolerance, noise, most in (SMOOTH, ROUGH) if smooth else (ROUGH,):
        try:
            return tabulate(
                quadrature, nodes, anchors, scale, grains=grains, noise=(noise, noise), tolerance=tolerance, most=most
            )
        except InputError as error:
            reason = error
    raise reason


def _pairs(s: LogOdds, x: LogOdds) -> tuple[Floats, Floats]:
    """Where the sum may be singular, and how coarsely the terms are rounded there."""
    points = (s.anchors[:, None] + x.anchors).ravel()
    size = np.maximum(np.abs(s.anchors)[:, None], np.abs(x.anchors))
    near = 8 * np.spacing(size)
    beside = _mass_about(s, s.anchors[:, None], near) * _mass_about(x, x.anchors, near)
    grain = np.where((size > 0) & (beside > UNRESOLVED), np.spacing(size), 0)
    grains = np.maximum(grain, np.maximum(s.grains[:, None], x.grains)).ravel()
    order = np.argsort(points)
    points, grains = points[order], grains[order]
    begins = np.flatnonzero(np.diff(points, prepend=-math.inf) > 4 * grains)
    anchors, grains = points[begins], np.maximum.reduceat(grains, begins)
    return (anchors, grains) if len(anchors) <= MAX_PAIRS else (anchors[[0, -1]], grains[[0, -1]])


def _mass_about(table: LogOdds, point: Floats, distance: Floats) -> Floats:
    return masses(table(np.stack([point - distance, point + distance], axis=-1)))[..., 0]


class Quadrature:
    """The log-odds of s + x: P(s + x > y) = E[P(s > y - x)], panel by panel of x.

    Panels are bounded wherever the law of x changes, and wherever that of y - s does, so that modes, gaps, kinks and
    poles of both fall on bounds. Negligible panels are left out, and it is the smaller tail that is summed.
    """

    def __init__(self, s: LogOdds, x: LogOdds) -> None:
        self.s, self.x = s, x
        self.s_bounds, self.x_bounds = _bounds(s), _bounds(x)
        self.s_values, self.x_values = s(self.s_bounds), x(self.x_bounds)

    def __call__(self, y: Floats) -> Floats:
        flat = np.asarray(y).reshape(-1)
        size = max(1, BLOCK // (len(self.s_bounds) + len(self.x_bounds)))
        parts = [self._block(flat[start : start + size]) for start in range(0, len(flat), size)]
        return np.concatenate(parts).reshape(np.shape(y))

    def _block(self, y: Floats) -> Floats:
        n = len(self.x_bounds)
        bounds = np.empty((len(y), n + len(self.s_bounds)))
        bounds[:, :n] = self.x_bounds
        bounds[:, n:] = np.clip(y[:, None] - self.s_bounds, self.x_bounds[0], self.x_bounds[-1])
        bounds.sort(axis=1)
        of_x = np.interp(bounds, self.x_bounds, self.x_values)
        of_s = np.interp(y[:, None] - bounds, self.s_bounds, self.s_values)
        log_mass = np.minimum(np.minimum(-of_x[:, :-1], of_x[:, 1:]), 0)
        upper, lower = np.minimum(-of_s[:, 1:], 0) + log_mass, np.minimum(of_s[:, :-1], 0) + log_mass
        above, below = upper.max(axis=1), lower.max(axis=1)
        side = np.where(above < below, 1.0, -1.0)
        log_part = np.where(side[:, None] > 0, upper, lower)
        least = np.minimum(above, below)[:, None] - NEGLIGIBLE
        rows, columns = np.nonzero((log_part > least) & (np.diff(of_x, axis=1) > 1e-11))
        low, high, y_of, side_of = bounds[rows, columns], bounds[rows, columns + 1], y[rows], side[rows]
        middle = (low + high) / 2
        in_x, in_s = self.x.cell(middle), self.s.cell(y_of - middle)
        change = (np.diff(of_x, axis=1) - np.diff(of_s, axis=1))[rows, columns]
        slight = (change < SLIGHT) & (self.x.cells.log_ratio[in_x] == 0) & (self.s.cells.log_ratio[in_s] == 0)
        parts = np.empty(len(rows))
        for rule, which in ((LONG, ~slight), (SHORT, slight)):
            panels = (each[which] for each in (y_of, low, high, side_of, in_x, in_s))
            parts[which] = self._of_panels(rule, *panels)
        beyond = scipy.special.expit(-np.abs(self.x_values[[-1, 0]]))
        tail = np.bincount(rows, parts, minlength=len(y)) + np.where(side > 0, *beyond)
        with np.errstate(divide="ignore"):
            return -side * (np.log(tail) - np.log1p(-np.minimum(tail, 0.999)))

    def _of_panels(
        self,
        rule: tuple[Floats, Floats],
        y: Floats,
        low: Floats,
        high: Floats,
        side: Floats,
        in_x: Indices,
        in_s: Indices,
    ) -> Floats:
        """What panels of x contribute to the tail P(s + x > y), or P(s + x <= y) where side is -1."""
        shares, weights = rule
        cells, coefficients = self.x.cells.take(in_x), self.x.coefficients[in_x]
        ends = cells.coordinate(np.stack([low, high], axis=1))
        coordinate = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * shares
        of_x = horner(coefficients, coordinate)
        slope = np.maximum(horner(differentiated(coefficients), coordinate), 0)
        density = weights * slope * scipy.special.expit(of_x) * scipy.special.expit(-of_x)
        rest = self.s.cells.take(in_s).coordinate(y[:, None] - cells.place(coordinate))
        tails = scipy.special.expit(-side[:, None] * horner(self.s.coefficients[in_s], rest))
        total = density.sum(axis=1)
        mean = (density * tails).sum(axis=1) / np.where(total > 0, total, 1)
        return np.where(total > 0, mean, tails.mean(axis=1)) * masses(of_x[:, [0, -1]])[:, 0]


def _bounds(table: LogOdds) -> Floats:
    """Bounds of panels: those of cells, and others inside cells that are too long for one rule."""
    at = np.linspace(-1, 1, 33)
    values = horner(table.coefficients, np.broadcast_to(at, (len(table.coefficients), len(at))))
    bounds = [table.nodes]
    for i, value in enumerate(np.maximum.accumulate(values, axis=1)):
        levels = math.ceil((value[-1] - value[0]) / GROWTH)
        ratios = math.ceil(abs(table.cells.log_ratio[i]) / RATIO)
        even = np.linspace(value[0], value[-1], levels + 1)[1:-1]
        inside = np.concatenate([np.interp(even, value, at), np.linspace(-1, 1, ratios + 1)[1:-1]])
        if len(inside):
            bounds.append(table.cells.take([i]).place(inside)[0])
    return np.unique(np.concatenate(bounds))
