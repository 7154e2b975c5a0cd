"""A law that is shifted and scaled."""

__all__ = ["AffineLaw", "affine"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.priors.law import Law
from latentot.special import Array


@dataclass(frozen=True)
class AffineLaw(Law):
    """The law of shift + scale * X: F(x) = F_X((x - shift) / scale), scale > 0.

    Args:
        law: the law of X.
        shift: added to X.
        scale: multiplies X, positive.

    >>> from latentot.priors.cauchy import CauchyLaw
    >>> AffineLaw(CauchyLaw(), shift=1, scale=2).quartiles
    (-1.0, 3.0)
    """

    law: Law
    shift: float
    scale: float

    def standard(self, x: Array) -> Array:
        """(x - shift) / scale, a value of X."""
        return (x - self.shift) / self.scale

    def own(self, x: Array) -> Array:
        """shift + scale * x, for a value x of X."""
        return x * self.scale + self.shift

    @property
    def moments(self) -> float:
        return self.law.moments

    @property
    def support(self) -> tuple[float, float]:
        low, high = self.law.support
        return self.own(low), self.own(high)

    @property
    def quartiles(self) -> tuple[float, float]:
        low, high = self.law.quartiles
        return self.own(low), self.own(high)

    def cdf(self, x: Array) -> Array:
        return self.law.cdf(self.standard(x))

    def sf(self, x: Array) -> Array:
        return self.law.sf(self.standard(x))

    def mid(self, x: Array) -> Array:
        return self.law.mid(self.standard(x))

    def log_cdf(self, x: Array) -> Array:
        return self.law.log_cdf(self.standard(x))

    def log_sf(self, x: Array) -> Array:
        return self.law.log_sf(self.standard(x))

    def quantile(self, q: Array) -> Array:
        return self.own(self.law.quantile(q))

    def isf(self, q: Array) -> Array:
        return self.own(self.law.isf(q))

    def mid_inverse(self, c: Array) -> Array:
        return self.own(self.law.mid_inverse(c))

    def quantile_log(self, log_q: Array) -> Array:
        return self.own(self.law.quantile_log(log_q))

    def isf_log(self, log_q: Array) -> Array:
        return self.own(self.law.isf_log(log_q))

    def log_pdf(self, x: Array) -> Array:
        return self.law.log_pdf(self.standard(x)) - math.log(self.scale)

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.own(self.law.sample(size, rng=rng))

    def center(self, x: Array) -> Array:
        return self.law.center(self.standard(x))

    def center_inverse(self, c: Array) -> Array:
        return self.own(self.law.center_inverse(c))

    def period(self, x: Array, upper: Array) -> Array:
        return self.law.period(self.standard(x), upper)

    def period_inverse(self, w: Array, upper: Array) -> Array:
        return self.own(self.law.period_inverse(w, upper))


def affine(law: Law, shift: float, scale: float) -> Law:
    """The law of shift + scale * X; the law of X itself where that changes nothing."""
    return law if (shift, scale) == (0.0, 1.0) else AffineLaw(law, shift, scale)
