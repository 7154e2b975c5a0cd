"""The normal prior, its marginal and the law of its norm."""

__all__ = ["ChiLaw", "Normal", "NormalLaw"]

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy.special
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.priors.law import Law
from latentot.priors.prior import Prior, Shape, latent_shape
from latentot.special import Array, special_functions

SQRT2 = math.sqrt(2)


@dataclass(frozen=True)
class NormalLaw(Law):
    """N(0, 1): F(x) = Phi(x)."""

    @property
    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def cdf(self, x: Array) -> Array:
        return special_functions(x).ndtr(x)

    def sf(self, x: Array) -> Array:
        return special_functions(x).ndtr(-x)

    def mid(self, x: Array) -> Array:
        return special_functions(x).erf(x / SQRT2) / 2

    def quantile(self, q: Array) -> Array:
        return special_functions(q).ndtri(q)

    def isf(self, q: Array) -> Array:
        return -special_functions(q).ndtri(q)

    def mid_inverse(self, c: Array) -> Array:
        return SQRT2 * special_functions(c).erfinv(2 * c)

    def log_pdf(self, x: Array) -> Array:
        return -(x**2 + math.log(2 * math.pi)) / 2

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.standard_normal(size)


@dataclass(frozen=True)
class ChiLaw(Law):
    """chi(d), the law of the norm of N(0, I_d): F(r) = P(d/2, r^2/2), P the regularised lower incomplete gamma."""

    dim: int

    @property
    def support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def cdf(self, x: Array) -> Array:
        return scipy.special.gammainc(self.dim / 2, x**2 / 2)

    def sf(self, x: Array) -> Array:
        return scipy.special.gammaincc(self.dim / 2, x**2 / 2)

    def mid(self, x: Array) -> Array:
        return self.cdf(x) - 0.5

    def quantile(self, q: Array) -> Array:
        return np.sqrt(2 * scipy.special.gammaincinv(self.dim / 2, q))

    def isf(self, q: Array) -> Array:
        return np.sqrt(2 * scipy.special.gammainccinv(self.dim / 2, q))

    def mid_inverse(self, c: Array) -> Array:
        return self.quantile(c + 0.5)

    def log_pdf(self, x: Array) -> Array:
        xp = array_namespace(x)
        half = self.dim / 2
        return (self.dim - 1) * xp.log(x) - x**2 / 2 - (half - 1) * math.log(2) - math.lgamma(half)

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return np.sqrt(rng.chisquare(self.dim, size))


@dataclass(frozen=True)
class Normal(Prior):
    """The standard normal prior N(0, I).

    Args:
        shape: shape of one latent, or its number of coordinates.

    >>> Normal(128).sample(3, rng=0).shape
    (3, 128)
    """

    name: ClassVar[str] = "normal"
    shape: tuple[int, ...]

    def __init__(self, shape: Shape) -> None:
        object.__setattr__(self, "shape", latent_shape(shape))

    @property
    def marginal(self) -> NormalLaw:
        return NormalLaw()

    @property
    def radius(self) -> ChiLaw:
        return ChiLaw(self.dim)

    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.marginal.sample((n, *self.shape), rng=rng)
