"""The law of the norm of a weighted sum of independent isotropic vectors, by quadrature."""

__all__ = ["NormOfSum", "ScaledNorm", "norm_of_sum"]

import functools
import math
from dataclasses import dataclass

import numpy as np
import scipy.special
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.priors import Law

Floats = NDArray[np.float64]

LOG_ODDS = 30 * np.sinh(np.linspace(-2.5, 2.5, 241)) / math.sinh(2.5)
"""Log-odds of tables: the probability beyond +-30 is 1e-13, and steps grow from 0.1 at the median to 0.6."""
PANELS = LOG_ODDS[::3]
"""Bounds of panels of the lesser norm, with two Gauss points in each."""
NEAR = np.exp(np.linspace(math.log(1e-9), 0, 24, endpoint=False))
GRADED = np.concatenate([1 - NEAR[::-1], [1.0], 1 + NEAR])
"""Bounds of further panels, in units of r: where the lesser norm passes r the integrand has a kink, under heavy tails
nearly a step, which is smooth in the logarithm of the distance only."""
GAUSS = 0.5 + 0.5 / math.sqrt(3) * np.array([-1.0, 1.0])
ANGLES = 24
"""Points in a right angle, up to `WIDE` standard deviations of the cosine: the probability beyond is 1e-18."""
WIDE = 9.0
DENSE, EVEN = 4000, 80
"""Points of a table that is read linearly, to 1e-6; and points of the result that are even in log r, for its tails."""
GAP = 0.01
"""The least step of the result's log r, in interquartile ranges: closer points would have slopes of rounding errors."""
MIN_LOG = -700.0
"""Least logarithm of a probability: that of the least float is -745."""


@dataclass(frozen=True)
class ScaledNorm:
    """The law of w |z|, w positive."""

    radius: Law
    weight: float

    def log_tails(self, r: Floats) -> tuple[Floats, Floats]:
        """Logarithms of both tails."""
        return self.radius.log_cdf(r / self.weight), self.radius.log_sf(r / self.weight)


@dataclass(frozen=True, eq=False)
class NormOfSum:
    """Both tails of the norm r = |y| of a sum, as curves of their logarithms over log r.

    Args:
        ends: least and greatest log r that was tabulated.
        lower: log F_r.
        upper: log(1 - F_r).
    """

    ends: tuple[float, float]
    lower: "scipy.interpolate.PchipInterpolator"
    upper: "scipy.interpolate.PchipInterpolator"

    def log_tails(self, r: Floats) -> tuple[Floats, Floats]:
        """log F_r(r) and log(1 - F_r(r))."""
        at = np.clip(np.log(np.maximum(r, 1e-300)), *self.ends)
        return np.minimum(self.lower(at), 0), np.minimum(self.upper(at), 0)

    def points(self, log_odds: Floats) -> Floats:
        """Norms where F_r / (1 - F_r) has these logarithms."""
        at = self.lower.x
        return np.exp(np.interp(log_odds, self.lower(at) - self.upper(at), at))


@functools.lru_cache(maxsize=64)
def norm_of_sum(radius: Law, dim: int, weights: tuple[float, ...]) -> "NormOfSum | ScaledNorm":
    """The law of |sum of w_i z_i| for isotropic z_i in dim >= 2 coordinates.

    |a u + b v| <= r where the norm a lies between two bounds that depend on the norm b and on the angle of u and v: the
    law of the greater of two terms is averaged over the lesser norm and over the angle, whose density is its sine
    to the power of d - 2. So the law is accurate however small the lesser weight is. Probabilities are
    right to 1e-4, under tails as heavy as Cauchy's to 5e-4.

    Args:
        radius: the law of |z_i|.
        dim: coordinates of z_i.
        weights: the w_i, not all zero.

    Raises:
        InputError: there is only one coordinate: the angle is then 0 or pi, and there is nothing to average.

    >>> import latentot as lot
    >>> log_sf = norm_of_sum(lot.Normal(6).radius, 6, (0.6, 0.8)).log_tails(np.array([3.0]))[1]
    >>> bool(abs(log_sf[0] - lot.Normal(6).radius.log_sf(np.array(3.0))) < 1e-3)
    True
    """
    if dim < 2:
        raise InputError("isotropic vectors of one coordinate have no angle: use a product prior, such as StudentT")
    first, *others = sorted((abs(weight) for weight in weights if weight), reverse=True)
    norms = _points(radius, LOG_ODDS)
    total: NormOfSum | ScaledNorm = ScaledNorm(radius, first)
    so_far = first * norms
    for weight in others:
        total = _tabulated(_Dense.of(total, so_far), _Dense.of(ScaledNorm(radius, weight), weight * norms), dim)
        so_far = total.points(LOG_ODDS)
    return total


@dataclass(frozen=True, eq=False)
class _Dense:
    """The log-odds of a norm by its logarithm, read linearly."""

    log_norm: Floats
    log_odds: Floats
    quantiles: Floats
    """Norms at `LOG_ODDS`."""

    @classmethod
    def of(cls, law: NormOfSum | ScaledNorm, quantiles: Floats) -> "_Dense":
        known = np.log(quantiles[quantiles > 0])
        log_norm = np.unique(np.concatenate([known, np.linspace(known[0], known[-1], DENSE)]))
        lower, upper = law.log_tails(np.exp(log_norm))
        return cls(log_norm, np.maximum.accumulate(np.clip(lower - upper, MIN_LOG, -MIN_LOG)), quantiles)

    def __call__(self, norm: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.interp(np.log(norm), self.log_norm, self.log_odds)

    def panels(self, r: float) -> tuple[Floats, Floats]:
        """Norms and their probabilities, in panels that are bounded where the integrand at r is not smooth."""
        bounds = np.unique(np.concatenate([PANELS, np.clip(self(r * GRADED), PANELS[0], PANELS[-1])]))
        at = (bounds[:-1, None] + np.diff(bounds)[:, None] * GAUSS).ravel()
        share = np.repeat(np.diff(bounds) / 2, 2) * scipy.special.expit(at) * scipy.special.expit(-at)
        return np.exp(np.interp(at, self.log_odds, self.log_norm)), share / share.sum()


def _tabulated(a: _Dense, b: _Dense, dim: int) -> NormOfSum:
    sine, share = _angles(dim)
    log_r = _grid(a, b)
    tails = np.array([_tails(a, *b.panels(r), r, dim, sine, share) for r in np.exp(log_r)])
    with np.errstate(divide="ignore"):
        logs = np.maximum(np.log(tails), MIN_LOG)
    curves = (scipy.interpolate.PchipInterpolator(log_r, log) for log in logs.T)
    return NormOfSum((float(log_r[0]), float(log_r[-1])), *curves)


def _angles(dim: int) -> tuple[Floats, Floats]:
    """Sines of angles from a right one up to a quarter turn, and their shares, 1/2 in all, density cos^(d-2)."""
    at, weight = np.polynomial.legendre.leggauss(ANGLES)
    turn = (at + 1) / 2 * min(math.pi / 2, WIDE / math.sqrt(max(dim - 2, 1)))
    share = weight * np.cos(turn) ** (dim - 2)
    return np.sin(turn), share / (2 * share.sum())


def _tails(
    a: _Dense, b: Floats, weight: Floats, r: float, dim: int, sine: Floats, share: Floats
) -> tuple[float, float]:
    """P(|a u + b v| <= r) and the rest.

    The line from b v along u enters the ball of radius r at a = near and leaves it at far, if b > r; else it begins
    inside, and leaves it at far to the one side, and at near to the other. For b > r the angle is the one at which it
    cuts the sphere: its density has the factor below.
    """
    inside, b = b <= r, b[:, None]
    most, least = np.maximum(r, b), np.minimum(r, b)
    # most^2 - least^2 cos^2, without the difference of what is nearly equal.
    root = np.sqrt((most - least) * (most + least) + (least * sine) ** 2)
    far = root + least * sine
    log_far, log_near = a(far), a((most - least) * (most + least) / far)
    below, beside = scipy.special.expit(log_far), scipy.special.expit(log_near)
    factor = (least / most) ** (dim - 1) * sine * most / root
    lower = np.where(inside[:, None], below + beside, factor * (below - beside)) @ share
    above = (scipy.special.expit(-log_far) + scipy.special.expit(-log_near)) @ share
    return float(weight @ lower), float(weight @ np.where(inside, above, 1 - lower))


def _grid(a: _Dense, b: _Dense) -> Floats:
    """The log r of a table: where either term may decide the law, and evenly in the tails."""
    sums = [np.hypot(a.quantiles, other) for other in (b.quantiles, np.median(b.quantiles))]
    ends = a.log_norm[0], math.log(a.quantiles[-1] + b.quantiles[-1])
    log_r = np.unique(np.concatenate([*map(np.log, sums), np.linspace(*ends, EVEN)]))
    low, high = np.interp([-math.log(3), math.log(3)], a.log_odds, a.log_norm)
    return np.asarray(log_r[np.unique(np.floor((log_r - log_r[0]) / (GAP * (high - low))), return_index=True)[1]])


def _points(law: Law, log_odds: Floats) -> Floats:
    tail = scipy.special.expit(-np.abs(log_odds))
    norms: Floats = np.asarray(np.where(log_odds < 0, law.quantile(tail), law.isf(tail)))
    return norms
