"""The law of a weighted sum of independent numbers of one law, by quadrature."""

__all__ = ["WeightedSum", "weighted_sum_law"]

import functools
import math
from dataclasses import dataclass

import numpy as np
import scipy.special
from numpy.typing import NDArray

from latentot.priors import Law

Floats = NDArray[np.float64]

STEP, REACH = 0.0125, 4.6
GRID = 1_601
LEAST = 1e-300
LEAST_LOG = -1e6


@dataclass(frozen=True)
class Scaled:
    """The law of w x, w not zero."""

    law: Law
    weight: float

    def mirrored(self) -> "Scaled":
        """The law of -w x."""
        return Scaled(self.law, -self.weight)

    def log_sf(self, y: Floats) -> Floats:
        """log P(w x > y)."""
        x = y / self.weight
        tail = self.law.log_sf(x) if self.weight > 0 else self.law.log_cdf(x)
        return np.maximum(tail, LEAST_LOG)

    def log_tails(self, y: Floats) -> tuple[Floats, Floats]:
        """log P(w x <= y) and log P(w x > y)."""
        return self.mirrored().log_sf(-y), self.log_sf(y)

    def points(self, p: Floats, q: Floats) -> Floats:
        """Values that w x stays below with probability p = 1 - q, out of the smaller of the two."""
        lower, upper = (p, q) if self.weight > 0 else (q, p)
        in_lower = lower < upper
        tail = np.maximum(np.minimum(lower, upper), LEAST)
        return np.where(in_lower, self.weight * self.law.quantile(tail), self.weight * self.law.isf(tail))


@dataclass(frozen=True, eq=False)
class WeightedSum:
    """Both tails of a sum y, as splines of their logarithms over asinh((y - centre) / scale), which takes in any tail.

    Args:
        centre: the median, or so.
        scale: where asinh turns from a straight line into a logarithm.
        ends: least and greatest asinh that was tabulated.
        lower: log F_y.
        upper: log(1 - F_y).
    """

    centre: float
    scale: float
    ends: tuple[float, float]
    lower: "scipy.interpolate.CubicSpline"
    upper: "scipy.interpolate.CubicSpline"

    def mirrored(self) -> "WeightedSum":
        """The law of -y."""
        low, high = self.ends
        flipped = (
            scipy.interpolate.CubicSpline(-spline.x[::-1], spline(spline.x[::-1]))
            for spline in (self.upper, self.lower)
        )
        return WeightedSum(-self.centre, self.scale, (-high, -low), *flipped)

    def log_tails(self, y: Floats) -> tuple[Floats, Floats]:
        """log F_y(y) and log(1 - F_y(y)); the smaller tail is right to 1e-6 of itself as far out as 1e-45."""
        at = np.clip(np.arcsinh((y - self.centre) / self.scale), *self.ends)
        return np.minimum(self.lower(at), 0), np.minimum(self.upper(at), 0)

    def log_sf(self, y: Floats) -> Floats:
        """log(1 - F_y(y))."""
        return self.log_tails(y)[1]

    def points(self, p: Floats, q: Floats) -> Floats:
        """Values that y stays below with probability p = 1 - q."""
        wanted = np.log(np.maximum(p, LEAST)) - np.log(np.maximum(q, LEAST))
        return self.centre + self.scale * np.sinh(self._of_log_odds(np.clip(wanted, *self._of_log_odds.x[[0, -1]])))

    @functools.cached_property
    def _of_log_odds(self) -> "scipy.interpolate.PchipInterpolator":
        log_odds = self.lower(self.lower.x) - self.upper(self.lower.x)
        rising = np.diff(np.maximum.accumulate(log_odds), prepend=-np.inf) > 0
        return scipy.interpolate.PchipInterpolator(log_odds[rising], self.lower.x[rising])


@functools.lru_cache(maxsize=64)
def weighted_sum_law(law: Law, weights: tuple[float, ...]) -> Scaled | WeightedSum:
    """The law of a weighted sum; terms join in the order of falling |w|.

    Args:
        law: the law of each x_i.
        weights: the w_i, not all zero.

    >>> import latentot as lot
    >>> law = weighted_sum_law(lot.Normal(1).marginal, (0.5, 0.5))
    >>> bool(abs(law.log_sf(np.array([5.0]))[0] - scipy.special.log_ndtr(-5 * 2**0.5)) < 1e-6)
    True
    """
    first, *others = sorted((weight for weight in weights if weight), key=abs, reverse=True)
    total: Scaled | WeightedSum = Scaled(law, first)
    for weight in others:
        total = _joined(total, Scaled(law, weight))
    return total


def _joined(s: Scaled | WeightedSum, x: Scaled) -> WeightedSum:
    p, q = _grid(mirrored=False)
    a, b = s.points(p, q), x.points(p, q)
    kept = np.flatnonzero(np.isfinite(a + b) & (np.diff(a + b, prepend=-np.inf) > 0))
    y = (a + b)[kept]
    lower_quartile, centre, upper_quartile = np.interp([0.25, 0.5, 0.75], p[kept], y)
    scale = float(upper_quartile - lower_quartile)
    at = np.arcsinh((y - centre) / scale)
    rising = np.diff(at, prepend=-np.inf) > 1e-9
    at, kept = at[rising], kept[rising]
    a, b = a[kept], b[kept]
    upper = scipy.interpolate.CubicSpline(at, _log_sf_of_sum(s, x, a, b, kept, mirrored=False))
    lower = scipy.interpolate.CubicSpline(at, _log_sf_of_sum(s.mirrored(), x.mirrored(), -a, -b, kept, mirrored=True))
    return WeightedSum(float(centre), scale, (float(at[0]), float(at[-1])), lower, upper)


@functools.cache
def _grid(*, mirrored: bool) -> tuple[Floats, Floats]:
    """Probabilities p of what is tabulated, denser in the tails, and q = 1 - p; the other way round for -y."""
    v = np.linspace(-1, 1, GRID)
    log_odds = np.sign(v) * math.log(1 / LEAST) * np.sinh(7 * np.abs(v)) / math.sinh(7)
    p, q = scipy.special.expit(log_odds), scipy.special.expit(-log_odds)
    return (q, p) if mirrored else (p, q)


def _log_sf_of_sum(
    s: Scaled | WeightedSum, x: Scaled, a: Floats, b: Floats, kept: NDArray[np.intp], *, mirrored: bool
) -> Floats:
    """log P(s + x > a + b), where s stays below a, and x below b, with probability p = 1 - q of the grid's kept points.

    P = E[P(s > y - x); x <= b] + E[P(x > y - s); s <= a] + P(x > b) P(s > a), y = a + b: each expectation is smooth up
    to its end, however heavy the tails, and a double exponential rule in probability resolves both of its ends.
    """
    _, _, log_weights = _rule()
    log_p, y = np.log(_grid(mirrored=mirrored)[0][kept]), (a + b)[:, None]
    parts = [
        log_p + scipy.special.logsumexp(one.log_sf(y - _nodes(other, mirrored)[kept]) + log_weights, axis=1)
        for one, other in ((s, x), (x, s))
    ]
    return scipy.special.logsumexp([*parts, s.log_sf(a) + x.log_sf(b)], axis=0)


def _nodes(law: Scaled | WeightedSum, mirrored: bool) -> Floats:
    """Where the rule takes a term that stays below each point of the grid, shape (GRID, m)."""
    if isinstance(law, WeightedSum):
        return law.points(*_shares(mirrored))
    return abs(law.weight) * _nodes_of_one(law.law, law.weight > 0, mirrored)


@functools.lru_cache(maxsize=4)
def _nodes_of_one(law: Law, positive: bool, mirrored: bool) -> Floats:
    """The same for weights of 1 and -1, which all sums of one law share: most of the work, 10 MB each."""
    return Scaled(law, 1.0 if positive else -1.0).points(*_shares(mirrored))


def _shares(mirrored: bool) -> tuple[Floats, Floats]:
    """Shares of each p of the grid that the rule takes, and what they leave of 1, of shape (GRID, m)."""
    p, q = (side[:, None] for side in _grid(mirrored=mirrored))
    share, rest, _ = _rule()
    return p * share, q + p * rest


@functools.cache
def _rule() -> tuple[Floats, Floats, Floats]:
    """The double exponential rule: shares of an interval, what they leave of it, logarithms of weights."""
    u = math.pi * np.sinh(np.arange(-REACH, REACH + STEP / 2, STEP))
    share, rest = scipy.special.expit(u), scipy.special.expit(-u)
    return share, rest, np.log(STEP * np.hypot(math.pi, u) * share * rest)
