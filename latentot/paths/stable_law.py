"""The symmetric alpha-stable law, tabulated on logarithmic scales so that no tail is out of reach."""

__all__ = ["StableTable", "stable_table"]

import functools
import math
from dataclasses import dataclass

import numpy as np
import scipy.special
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LOG_QUARTER = math.log(0.25)
LOG_OVERLAP, LOG_SERIES = math.log(0.3), math.log(1e-4)
"""Both curves extend beyond the upper quartile, where one replaces the other; and the tail below which the series is
used, since 1/2 minus the integral has lost four digits there."""
MIN_LOG_C, MIN_LOG_Q = math.log(1e-5), math.log(1e-12)
"""Where the table ends, and both curves are straight lines."""
NODES, TERMS = 2_000, 60
"""Points of the table; terms of the series, of which those before the least are used."""


@dataclass(frozen=True, eq=False)
class StableTable:
    """S(alpha), the law with characteristic function exp(-|s|^alpha), as two curves of its upper half.

    Around the median log u against log(F(u) - 1/2), in the tail log u against log(1 - F(u)). Both end as straight
    lines, of slopes 1 and -1 / alpha, and go on as such.

    Args:
        log_u: logarithms of u > 0, increasing, shape (m,).
        log_c: log(F(u) - 1/2) there.
        log_q: log(1 - F(u)) there.

    >>> table = stable_table(1.0)  # Cauchy, whose upper quartile is 1
    >>> bool(abs(table.log_quartile) < 1e-8)
    True
    """

    log_u: Floats
    log_c: Floats
    log_q: Floats

    def log_quantile(self, log_c: Floats, log_q: Floats) -> Floats:
        """log u where F(u) - 1/2 = c and 1 - F(u) = q; c is used up to the upper quartile, q beyond."""
        return np.where(log_c < LOG_QUARTER, self._u_of_c(log_c), self._u_of_q(log_q))

    def log_mid(self, log_u: Floats) -> Floats:
        """log(F(u) - 1/2), for u up to the upper quartile."""
        return self._c_of_u(log_u)

    def log_tail(self, log_u: Floats) -> Floats:
        """log(1 - F(u)), for u from the upper quartile on."""
        return self._q_of_u(log_u)

    @functools.cached_property
    def log_quartile(self) -> float:
        """log u at the upper quartile."""
        return float(self._u_of_c(np.array(LOG_QUARTER)))

    @functools.cached_property
    def _near(self) -> NDArray[np.bool_]:
        return self.log_c < LOG_OVERLAP

    @functools.cached_property
    def _far(self) -> NDArray[np.bool_]:
        return self.log_q < LOG_OVERLAP

    @functools.cached_property
    def _u_of_c(self) -> "Curve":
        return Curve.through(self.log_c[self._near], self.log_u[self._near])

    @functools.cached_property
    def _c_of_u(self) -> "Curve":
        return Curve.through(self.log_u[self._near], self.log_c[self._near])

    @functools.cached_property
    def _u_of_q(self) -> "Curve":
        return Curve.through(self.log_q[self._far][::-1], self.log_u[self._far][::-1])

    @functools.cached_property
    def _q_of_u(self) -> "Curve":
        return Curve.through(self.log_u[self._far], self.log_q[self._far])


@dataclass(frozen=True, eq=False)
class Curve:
    """A cubic spline that goes on as a straight line at both ends."""

    spline: "scipy.interpolate.CubicSpline"
    ends: Floats
    values: Floats
    slopes: Floats

    @classmethod
    def through(cls, x: Floats, y: Floats) -> "Curve":
        """The curve through points with increasing x."""
        spline, ends = scipy.interpolate.CubicSpline(x, y), x[[0, -1]]
        return cls(spline, ends, spline(ends), spline(ends, 1))

    def __call__(self, x: Floats) -> Floats:
        inside = np.clip(x, *self.ends)
        slope = np.where(x < self.ends[0], self.slopes[0], self.slopes[1])
        # A zero of log scale, -inf, is not inside the line: -inf + inf stays -inf.
        return np.where(x == inside, self.spline(inside), self.spline(inside) + slope * (x - inside))


@functools.lru_cache(maxsize=16)
def stable_table(alpha: float) -> StableTable:
    """Tabulate the symmetric stable law.

    F(u) - 1/2 = (1/pi) integral of sin(u s) exp(-s^alpha) ds / s. Turned by an angle phi into the complex plane the
    integral is phi + integral of Im exp(i u r e^(i phi) - r^alpha e^(i alpha phi)) dr / r, whose integrand decays on
    both sides of log r: the trapezoid rule is then exact to rounding. In the tail the series
    1 - F(u) = (1/pi) sum_k (-1)^(k+1) Gamma(alpha k) / k! sin(pi alpha k / 2) u^(-alpha k) takes over.

    Args:
        alpha: index of stability, 0.25 <= alpha < 2.

    References:
        Nolan: Univariate stable distributions. Springer 2020, section 3.
    """
    # From F(u) - 1/2 of about 1e-5 (slope Gamma(1 + 1/alpha) / pi) to 1 - F(u) of about 1e-12 (leading term).
    low = MIN_LOG_C + math.log(math.pi) - math.lgamma(1 + 1 / alpha)
    leading = math.lgamma(alpha) + math.log(math.sin(math.pi * alpha / 2) / math.pi)
    log_u = np.linspace(low, (leading - MIN_LOG_Q) / alpha, NODES)
    mid = np.concatenate([_mid(alpha, np.exp(part)) for part in np.array_split(log_u, 20)])
    log_tail = _log_tail(alpha, log_u)
    in_series = np.cumsum((mid < 0.5) & (mid > 0.4) & (np.log(0.5 - np.minimum(mid, 0.4999999)) < LOG_SERIES)) > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        log_q = np.where(in_series, log_tail, np.log(0.5 - mid))
    return StableTable(log_u, np.log(mid), log_q)


def _mid(alpha: float, u: Floats) -> Floats:
    phi = math.pi / (4 * max(alpha, 1.0))
    step = 0.05
    log_r = np.arange(-40 / min(alpha, 1.0), math.log(60 / math.cos(alpha * phi)) / alpha, step)
    r = np.exp(log_r)
    turn, turn_alpha = np.exp(1j * phi), np.exp(1j * alpha * phi)
    return phi / math.pi + np.exp(1j * turn * np.multiply.outer(u, r) - turn_alpha * r**alpha).imag.sum(axis=1) * (
        step / math.pi
    )


def _log_tail(alpha: float, log_u: Floats) -> Floats:
    """Log of the tail series; beyond alpha = 1 it diverges, and is cut at its least term."""
    k = np.arange(1, TERMS + 1)
    size = scipy.special.gammaln(alpha * k) - scipy.special.gammaln(k + 1) - alpha * k * log_u[:, None]
    used = np.cumprod(np.diff(size, axis=1, prepend=np.inf) < 0, axis=1).astype(bool)
    signs = (-1.0) ** (k + 1) * np.sin(math.pi * alpha * k / 2)
    total = np.where(used, signs * np.exp(np.minimum(size - size[:, :1], 0)), 0).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return size[:, 0] + np.log(total / math.pi)
