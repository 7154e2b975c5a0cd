"""The log-odds of a law of `latentot.priors`, tabulated from its distribution function alone."""

__all__ = ["law_table"]

import functools
import math
from collections.abc import Callable

import numpy as np
import scipy.special
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.paths.log_odds import BOUND, LogOdds, tabulate
from latentot.priors import Law

Floats = NDArray[np.float64]

FARTHEST = 1e300
"""Greater numbers are left out: their sums and ratios overflow."""
NOISES = (2e-15, 1e-12, 1e-10)
"""Absolute errors that a tail may have, tried in turn, where it ends near the rounding of 1 - F or is noise far out."""
RESOLVED = -45.0
"""A tail that is computed below this logarithm is not a difference 1 - F."""
MAX_KINKS = 12
"""If there are more kinks, as in a histogram, none becomes an anchor: sums of two would have over 12 x 12."""
MAX_MISSING = 1e-4
"""Probability beyond FARTHEST, or that the distribution function does not reach."""


@functools.lru_cache(maxsize=16)
def law_table(law: Law) -> LogOdds:
    """The log-odds of a law, to 2e-8 or to what its own functions resolve.

    Quantile functions are not used: those of SciPy fail in places.

    Raises:
        InputError: its distribution function falls, is no number, or is too rough.

    >>> import latentot as lot
    >>> table = law_table(lot.Logistic(1).marginal)
    >>> table(np.array([-30.0, 0.5])).round(6), table.point(np.array([2.0])).round(6)
    (array([-30. ,   0.5]), array([2.]))
    """
    lower, upper = (functools.partial(_log_tail, law, upper=upper) for upper in (False, True))
    low, high = max(law.support[0], -FARTHEST), min(law.support[1], FARTHEST)
    first = _least(lambda x: lower(x) > -BOUND - 15, low, high)
    last = _least(lambda x: upper(x) < -BOUND - 15, low, high)
    quartiles = [
        _least(lambda x: lower(x) > math.log(0.25), low, high),
        _least(lambda x: upper(x) < math.log(0.25), low, high),
    ]
    ends = [end if math.isfinite(end) else found for end, found in zip(law.support, (first, last), strict=True)]
    anchors = np.unique([end for end in law.support if math.isfinite(end)] + [0.0] * (ends[0] <= 0 <= ends[1]))
    if len(anchors) == 0:
        anchors = np.array(ends[:1])
    nodes = np.concatenate([anchors, ends, np.clip(quartiles, ends[0], ends[1])])
    # Numbers that are all far from 0 are rounded coarsely, and so are their differences.
    grain = float(np.spacing(min(map(abs, ends)))) if ends[0] * ends[1] > 0 else 0.0
    scale = max(quartiles[1] - quartiles[0], np.spacing(max(map(abs, quartiles))))
    rough = [lower(first) > RESOLVED and abs(first) > 1e-290]
    rough.append(upper(np.nextafter(last, -math.inf)) > RESOLVED and abs(last) > 1e-290)

    for noise in ((NOISES[0] * rough[0], NOISES[0] * rough[1]), *((one, one) for one in NOISES)):
        make = functools.partial(tabulate, functools.partial(_log_odds, law), scale=scale, grains=grain, noise=noise)
        try:
            table = make(nodes, anchors)
            narrow = _narrow(table)
            if narrow.any():
                # Of two halves of one cell, either may contain the kink.
                kinks = table.cells.low[narrow & ~np.append(False, narrow[:-1])]
                anchors_too = np.union1d(anchors, kinks) if len(kinks) <= MAX_KINKS else anchors
                table = make(np.concatenate([nodes, table.cells.low[narrow], table.cells.high[narrow]]), anchors_too)
        except InputError as error:
            reason = error
            continue
        wide = table.cells.high - table.cells.low > 1e4 * table.cells.spacing
        if (np.diff(table.at_nodes)[wide] < -1e-3).any():
            raise InputError("its distribution function decreases somewhere")
        missing = float(scipy.special.expit(table.at_nodes[[0, -1]] * [1, -1]).sum())
        if missing > MAX_MISSING:
            raise InputError(f"its distribution function leaves out a probability of {missing:.1g}")
        return table
    raise reason


def _log_tail(law: Law, x: float, *, upper: bool) -> float:
    with np.errstate(all="ignore"):
        value = float((law.log_sf if upper else law.log_cdf)(np.array([x]))[0])
    return -math.inf if math.isnan(value) else value


def _log_odds(law: Law, x: Floats) -> Floats:
    flat = x.reshape(-1)
    with np.errstate(all="ignore"):
        lower, upper = law.log_cdf(flat), law.log_sf(flat)
        # 1 - F may be negative by rounding.
        lower = np.where(np.isnan(lower) & (upper > -1e-9), -math.inf, lower)
        upper = np.where(np.isnan(upper) & (lower > -1e-9), -math.inf, upper)
        return np.asarray((lower - upper).reshape(x.shape))


def _narrow(table: LogOdds) -> NDArray[np.bool_]:
    """Which cells are much narrower than both neighbours, for their distance from an anchor: a slope jumps there."""
    distance = np.maximum(np.abs(table.cells.low - table.cells.anchor), np.abs(table.cells.high - table.cells.anchor))
    log_width = np.log((table.cells.high - table.cells.low) / distance)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(log_width, 8, mode="edge"), 17)
    wide = np.minimum(windows[:, :8].max(axis=1), windows[:, 9:].max(axis=1))
    return np.asarray((log_width < windows.min(axis=1) + 0.1) & (wide > log_width + math.log(30)))


def _least(true: Callable[[float], bool], low: float, high: float) -> float:
    """The least floating-point number from which on a condition is true, by bisection of their order."""
    a, b = _rank(low), _rank(high)
    while a < b:
        middle = (a + b) // 2
        if true(_ranked(middle)):
            b = middle
        else:
            a = middle + 1
    return _ranked(b)


def _rank(x: float) -> int:
    """The place of a floating-point number among all, 0 for 0."""
    rank = int(np.float64(abs(x)).view(np.int64))
    return rank if x >= 0 else -rank


def _ranked(rank: int) -> float:
    size = float(np.int64(abs(rank)).view(np.float64))
    return size if rank >= 0 else -size
