"""The chi law, the law of a normal latent's norm."""

__all__ = ["ChiLaw"]

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.numerics.special import Array
from latentot.priors.norm_law import NormLaw, log_power

Floats = NDArray[Any]


@dataclass(frozen=True)
class ChiLaw(NormLaw):
    """chi(d), the law of the norm of N(0, I_d): F(r) = P(d/2, r^2/2), P the regularised lower incomplete gamma.

    Args:
        dim: number of coordinates d.

    >>> ChiLaw(2).sf(np.array([1.0])) == np.exp(-0.5)
    array([ True])
    """

    dim: int

    def _host_cdf(self, r: Floats) -> Floats:
        return scipy.special.gammainc(self.dim / 2, r**2 / 2)

    def _host_sf(self, r: Floats) -> Floats:
        return scipy.special.gammaincc(self.dim / 2, r**2 / 2)

    def _host_quantile(self, q: Floats) -> Floats:
        return np.sqrt(2 * scipy.special.gammaincinv(self.dim / 2, q))

    def _host_isf(self, q: Floats) -> Floats:
        return np.sqrt(2 * scipy.special.gammainccinv(self.dim / 2, q))

    def log_pdf(self, x: Array) -> Array:
        """From the mode m = sqrt(d - 1) on, log f(r) = log f(m) + (d - 1) (log(1 + u) - u - u^2 / 2), u = r / m - 1.

        The terms of log r^(d - 1) - r^2 / 2 are d times as large as their difference.
        """
        if self.dim == 1:
            return math.log(2 / math.pi) / 2 - x**2 / 2
        xp, mode = array_namespace(x), math.sqrt(self.dim - 1)
        u = (x - mode) / mode
        near = xp.abs(u) < 0.5
        log_ratio = xp.where(near, xp.log1p(xp.where(near, u, xp.zeros_like(u))), log_power(x / mode, 1))
        return _log_at_mode(self.dim) + (self.dim - 1) * (log_ratio - u - u**2 / 2)

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> Floats:
        return np.sqrt(rng.chisquare(self.dim, size))


def _log_at_mode(dim: int) -> float:
    """log f(sqrt(d - 1)), for d >= 2; from d = 20 on by Stirling's series, whose terms do not cancel."""
    half = dim / 2
    if half < 10:
        return (half - 0.5) * (math.log(dim - 1) - 1) - (half - 1) * math.log(2) - math.lgamma(half)
    series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / half**2) / half**2) / half**2) / half
    return (half - 0.5) * math.log1p(-0.5 / half) + (1 - math.log(math.pi)) / 2 - series
