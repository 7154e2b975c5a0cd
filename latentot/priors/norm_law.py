"""Laws of a norm: exact on NumPy arrays through SciPy, through a table in every other library."""

__all__ = ["NormLaw", "log_power"]

import functools
import math
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from array_api_compat import array_namespace, device, is_numpy_array
from numpy.typing import NDArray

from latentot.numerics.special import Array, clip
from latentot.priors.law import Law, greatest_period
from latentot.priors.normal_law import NormalLaw

Floats = NDArray[Any]

NORMAL = NormalLaw()
SCORES = np.linspace(-37.5, 37.5, 1501)
"""Normal scores of the table, up to the last whose tail is a floating-point number."""


class NormLaw(Law):
    """A law of positive numbers whose distribution function is available in SciPy only.

    torch and JAX lack the inverses (torch also the incomplete beta function). There the law goes through the
    normal score s = Phi^-1(F(r)): log r is a smooth function of it, tabulated as a spline, so that nothing is copied to
    the host and gradients flow; within 1e-9 relative.
    """

    @abstractmethod
    def _host_cdf(self, r: Floats) -> Floats:
        """F(r)."""

    @abstractmethod
    def _host_sf(self, r: Floats) -> Floats:
        """1 - F(r)."""

    @abstractmethod
    def _host_quantile(self, q: Floats) -> Floats:
        """The r with F(r) = q."""

    @abstractmethod
    def _host_isf(self, q: Floats) -> Floats:
        """The r with 1 - F(r) = q."""

    @property
    def support(self) -> tuple[float, float]:
        return 0.0, math.inf

    @property
    def quartiles(self) -> tuple[float, float]:
        return _quartiles(self)

    def cdf(self, x: Array) -> Array:
        return _on_host(self._host_cdf, x) if is_numpy_array(x) else NORMAL.cdf(self._score(x))

    def sf(self, x: Array) -> Array:
        return _on_host(self._host_sf, x) if is_numpy_array(x) else NORMAL.sf(self._score(x))

    def mid(self, x: Array) -> Array:
        return self.cdf(x) - 0.5 if is_numpy_array(x) else NORMAL.mid(self._score(x))

    def log_cdf(self, x: Array) -> Array:
        if is_numpy_array(x):
            return _on_host(lambda r: _log(self._host_cdf(r), self._host_sf(r)), x)
        return NORMAL.log_cdf(self._score(x))

    def log_sf(self, x: Array) -> Array:
        if is_numpy_array(x):
            return _on_host(lambda r: _log(self._host_sf(r), self._host_cdf(r)), x)
        return NORMAL.log_sf(self._score(x))

    def quantile(self, q: Array) -> Array:
        return _on_host(self._host_quantile, q) if is_numpy_array(q) else self._at_score(NORMAL.quantile(q))

    def isf(self, q: Array) -> Array:
        return _on_host(self._host_isf, q) if is_numpy_array(q) else self._at_score(NORMAL.isf(q))

    def mid_inverse(self, c: Array) -> Array:
        return self.quantile(0.5 + c) if is_numpy_array(c) else self._at_score(NORMAL.mid_inverse(c))

    def quantile_log(self, log_q: Array) -> Array:
        return self.quantile(np.exp(log_q)) if is_numpy_array(log_q) else self._at_score(NORMAL.quantile_log(log_q))

    def isf_log(self, log_q: Array) -> Array:
        return self.isf(np.exp(log_q)) if is_numpy_array(log_q) else self._at_score(NORMAL.isf_log(log_q))

    def center(self, x: Array) -> Array:
        return self.mid(x)

    def center_inverse(self, c: Array) -> Array:
        return self.mid_inverse(c)

    def period(self, x: Array, upper: Array) -> Array:
        if is_numpy_array(x):
            return 1 / np.maximum(np.where(upper, self.sf(x), self.cdf(x)), 1 / greatest_period(x))
        return NORMAL.period(self._score(x), upper)

    def period_inverse(self, w: Array, upper: Array) -> Array:
        if is_numpy_array(w):
            return np.where(upper, self.isf(1 / w), self.quantile(1 / w))
        return self._at_score(NORMAL.period_inverse(w, upper))

    def _score(self, r: Array) -> Array:
        xp = array_namespace(r)
        return _table(self).score(xp.log(clip(r, float(xp.finfo(r.dtype).smallest_normal), None)))

    def _at_score(self, score: Array) -> Array:
        return array_namespace(score).exp(_table(self).log_norm(score))


def log_power(r: Array, k: int) -> Array:
    """log r^k: 0 at k = 0 for any r, and minus infinity for k > 0 where r is not positive.

    >>> log_power(np.array([0.0, 1.0]), 2)
    array([-inf,   0.])
    """
    xp = array_namespace(r)
    if k == 0:
        return xp.zeros_like(r)
    inside = r > 0
    return xp.where(inside, k * xp.log(xp.where(inside, r, xp.ones_like(r))), xp.full_like(r, -math.inf))


@dataclass(frozen=True, eq=False)
class Curve:
    """A piecewise polynomial; constant beyond its ends.

    Args:
        knots: where its m pieces begin and the last one ends, shape (m + 1,).
        coefficients: of the powers of the distance to a piece's begin, highest first, shape (k, m).
    """

    knots: Floats
    coefficients: Floats

    @classmethod
    def through(cls, x: Floats, y: Floats) -> "Curve":
        """The quintic spline through points with increasing x."""
        spline = scipy.interpolate.make_interp_spline(x, y, k=5)
        pieces = scipy.interpolate.PPoly.from_spline((spline.t, spline.c, spline.k))
        proper = np.diff(pieces.x) > 0
        return cls(np.append(pieces.x[:-1][proper], pieces.x[-1]), pieces.c[:, proper])

    def __call__(self, x: Array) -> Array:
        xp = array_namespace(x)

        def like_x(values: Floats) -> Any:
            return xp.asarray(values, dtype=x.dtype, device=device(x))

        inside = xp.reshape(clip(x, float(self.knots[0]), float(self.knots[-1])), (-1,))
        begins = like_x(self.knots[:-1])
        piece = clip(xp.searchsorted(begins, inside, side="right") - 1, 0, len(self.knots) - 2)
        distance = inside - xp.take(begins, piece)
        value = xp.zeros_like(inside)
        for coefficients in self.coefficients:
            value = value * distance + xp.take(like_x(coefficients), piece)
        return xp.reshape(value, x.shape)


@dataclass(frozen=True, eq=False)
class Table:
    """The norm's logarithm as a function of its normal score, and the inverse."""

    log_norm: Curve
    score: Curve


@functools.lru_cache(maxsize=32)
def _table(law: NormLaw) -> Table:
    tail = NORMAL.sf(np.abs(SCORES))
    norms = np.where(SCORES < 0, law._host_quantile(tail), law._host_isf(tail))
    known = np.isfinite(norms) & (norms > np.finfo(np.float64).smallest_normal)
    scores, log_norm = SCORES[known], np.log(norms[known])
    rising = np.append(True, np.diff(log_norm) > 0)
    return Table(Curve.through(scores, log_norm), Curve.through(log_norm[rising], scores[rising]))


@functools.lru_cache(maxsize=256)
def _quartiles(law: NormLaw) -> tuple[float, float]:
    quarter = np.asarray([0.25])
    return float(law._host_quantile(quarter)[0]), float(law._host_isf(quarter)[0])


def _on_host(function: Callable[[Floats], Floats], x: Floats) -> Floats:
    """A function of the positive part of x; single precision is computed in double, which squares need."""
    return np.asarray(function(np.maximum(x, 0).astype(np.float64)), dtype=x.dtype)


def _log(q: Floats, rest: Floats) -> Floats:
    """log q, q = 1 - rest."""
    with np.errstate(divide="ignore"):
        return np.where(q < 0.5, np.log(q), np.log1p(-np.minimum(rest, 0.5)))
