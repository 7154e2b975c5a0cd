"""The chi law, the law of a normal latent's norm."""

__all__ = ["ChiLaw"]

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.special
from numpy.typing import NDArray

from latentot.priors.norm_law import NormLaw, log_power
from latentot.special import Array

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
        half = self.dim / 2
        return log_power(x, self.dim - 1) - x**2 / 2 - (half - 1) * math.log(2) - math.lgamma(half)

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> Floats:
        return np.sqrt(rng.chisquare(self.dim, size))
