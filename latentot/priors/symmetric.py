"""Laws that are symmetric about zero, stated on the upper half of the line."""

__all__ = ["SymmetricLaw"]

import functools
import math
from abc import abstractmethod

import numpy as np
from array_api_compat import array_namespace

from latentot.numerics.special import Array, clip
from latentot.priors.law import Law, greatest_period

LOG_QUARTER = math.log(0.25)


class SymmetricLaw(Law):
    """A law with F(-x) = 1 - F(x) on the whole line.

    A subclass states its charts on the upper half and inherits the named functions. In JAX and torch
    gradients flow through all of them.
    """

    @property
    @abstractmethod
    def upper_quartile(self) -> float:
        """The x with F(x) = 3/4."""

    @abstractmethod
    def _period(self, x: Array) -> Array:
        """1 / (1 - F(x)), x from the upper quartile on."""

    @abstractmethod
    def _period_inverse(self, w: Array) -> Array:
        """The x with 1 / (1 - F(x)) = w, w of at least 4."""

    @abstractmethod
    def _log_period(self, x: Array) -> Array:
        """-log(1 - F(x)), x from the upper quartile on, however far."""

    @abstractmethod
    def _log_period_inverse(self, log_w: Array) -> Array:
        """The x with -log(1 - F(x)) = log_w, log_w of at least log 4, however great."""

    @property
    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    @property
    def quartiles(self) -> tuple[float, float]:
        return -self.upper_quartile, self.upper_quartile

    def period(self, x: Array, upper: Array) -> Array:  # noqa: ARG002 - |x| says it
        xp = array_namespace(x)
        return self._period(clip(xp.abs(x), self.upper_quartile, _reach(self, x)))

    def period_inverse(self, w: Array, upper: Array) -> Array:
        x = self._period_inverse(w)
        # Not by `where`, which is several times as slow in NumPy where signs follow no pattern.
        return x * (2 * array_namespace(x).astype(upper, x.dtype) - 1)

    def cdf(self, x: Array) -> Array:
        return self.sf(-x)

    def sf(self, x: Array) -> Array:
        xp = array_namespace(x)
        beyond, c, tail = self._parts(x)
        return xp.where(beyond, xp.where(x > 0, tail, 1 - tail), 0.5 - c)

    def mid(self, x: Array) -> Array:
        xp = array_namespace(x)
        beyond, c, tail = self._parts(x)
        return xp.where(beyond, xp.where(x > 0, 0.5 - tail, tail - 0.5), c)

    def log_cdf(self, x: Array) -> Array:
        return self.log_sf(-x)

    def log_sf(self, x: Array) -> Array:
        xp = array_namespace(x)
        beyond, c, tail = self._parts(x)
        log_tail = -self._log_period(clip(xp.abs(x), self.upper_quartile, None))
        log_beyond = xp.where(x > 0, log_tail, xp.log1p(-tail))
        return xp.where(beyond, log_beyond, xp.log(0.5 - c))

    def quantile(self, q: Array) -> Array:
        return -self.isf(q)

    def isf(self, q: Array) -> Array:
        xp = array_namespace(q)
        upper = q < 0.5
        tail = xp.where(upper, q, 1 - q)
        # Tails too small for a return period are taken as 0, where the line ends.
        beyond, proper = tail < 0.25, tail >= 1 / greatest_period(q)
        far = self.period_inverse(1 / xp.where(beyond & proper, tail, xp.full_like(q, 0.25)), upper)
        near = self.center_inverse(xp.where(beyond, xp.zeros_like(q), 0.5 - q))
        end = xp.where(upper, xp.full_like(q, math.inf), xp.full_like(q, -math.inf))
        outside = xp.full_like(q, math.nan)
        return xp.where(beyond, xp.where(proper, far, xp.where(tail >= 0, end, outside)), near)

    def mid_inverse(self, c: Array) -> Array:
        xp = array_namespace(c)
        beyond = xp.abs(c) > 0.25
        near = self.center_inverse(xp.where(beyond, xp.zeros_like(c), c))
        return xp.where(beyond, self.isf(xp.where(beyond, 0.5 - c, xp.full_like(c, 0.25))), near)

    def quantile_log(self, log_q: Array) -> Array:
        return -self.isf_log(log_q)

    def isf_log(self, log_q: Array) -> Array:
        xp = array_namespace(log_q)
        upper = log_q < LOG_QUARTER
        far = self._log_period_inverse(-clip(log_q, None, LOG_QUARTER))
        # Where q is not small the lower tail is 1 - q.
        near = self.isf(xp.exp(xp.where(upper, xp.full_like(log_q, LOG_QUARTER), log_q)))
        return xp.where(upper, far, near)

    def _parts(self, x: Array) -> tuple[Array, Array, Array]:
        """Where x is beyond the quartiles; F(x) - 1/2 where it is not; the probability beyond |x| where it is."""
        xp = array_namespace(x)
        distance = xp.abs(x)
        reach = _reach(self, x)
        near = 1 / self._period(clip(distance, self.upper_quartile, reach))
        far = xp.exp(-self._log_period(clip(distance, reach, None)))
        beyond = distance > self.upper_quartile
        return beyond, self.center(xp.where(beyond, xp.zeros_like(x), x)), xp.where(distance > reach, far, near)


def _reach(law: SymmetricLaw, x: Array) -> float:
    """The number of x's dtype with the greatest return period, or the greatest number itself, less a margin."""
    return min(_with_period(law, greatest_period(x)), float(array_namespace(x).finfo(x.dtype).max) / 4)


@functools.lru_cache(maxsize=256)
def _with_period(law: SymmetricLaw, period: float) -> float:
    """The x with this return period.

    Raises:
        ArithmeticError: the law cannot say, and would give NaN for every number.
    """
    x = law._period_inverse(np.asarray([period]))
    if not (np.isfinite(x) & np.isfinite(law._period(x))).all():
        raise ArithmeticError(f"{law!r} has no number with the return period {period:g}: its charts disagree")
    return float(x[0])
