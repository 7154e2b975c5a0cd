"""The Cauchy prior, whose averages are Cauchy again, and its marginal."""

__all__ = ["Cauchy", "CauchyLaw"]

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.priors.law import Law
from latentot.priors.prior import Prior, Shape, latent_shape
from latentot.special import Array


@dataclass(frozen=True)
class CauchyLaw(Law):
    """The standard Cauchy law: F(x) = 1/2 + arctan(x) / pi."""

    @property
    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def cdf(self, x: Array) -> Array:
        xp = array_namespace(x)
        return xp.atan2(xp.ones_like(x), -x) / math.pi

    def sf(self, x: Array) -> Array:
        xp = array_namespace(x)
        return xp.atan2(xp.ones_like(x), x) / math.pi

    def mid(self, x: Array) -> Array:
        return array_namespace(x).atan(x) / math.pi

    def quantile(self, q: Array) -> Array:
        return -1 / array_namespace(q).tan(math.pi * q)

    def isf(self, q: Array) -> Array:
        return 1 / array_namespace(q).tan(math.pi * q)

    def mid_inverse(self, c: Array) -> Array:
        return array_namespace(c).tan(math.pi * c)

    def log_pdf(self, x: Array) -> Array:
        return -math.log(math.pi) - array_namespace(x).log1p(x**2)

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.standard_cauchy(size)


@dataclass(frozen=True)
class Cauchy(Prior):
    """The product of standard Cauchy laws ("the blind archer"): no mean, no variance, but averages keep it.

    Args:
        shape: shape of one latent, or its number of coordinates.

    >>> Cauchy(16).sample(3, rng=0).shape
    (3, 16)
    """

    name: ClassVar[str] = "cauchy"
    shape: tuple[int, ...]

    def __init__(self, shape: Shape) -> None:
        object.__setattr__(self, "shape", latent_shape(shape))

    @property
    def marginal(self) -> CauchyLaw:
        return CauchyLaw()

    @property
    def radius(self) -> None:
        return None

    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.marginal.sample((n, *self.shape), rng=rng)
