"""The uniform prior on a box and its marginal."""

__all__ = ["Uniform", "UniformLaw"]

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.priors.law import Law
from latentot.priors.prior import Prior, Shape, latent_shape
from latentot.special import Array


@dataclass(frozen=True)
class UniformLaw(Law):
    """U(low, high): F(x) = (x - low) / (high - low)."""

    low: float
    high: float

    @property
    def support(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def width(self) -> float:
        """Length of the interval."""
        return self.high - self.low

    def cdf(self, x: Array) -> Array:
        return (x - self.low) / self.width

    def sf(self, x: Array) -> Array:
        return (self.high - x) / self.width

    def mid(self, x: Array) -> Array:
        return (x - (self.low + self.high) / 2) / self.width

    def quantile(self, q: Array) -> Array:
        return self.low + self.width * q

    def isf(self, q: Array) -> Array:
        return self.high - self.width * q

    def mid_inverse(self, c: Array) -> Array:
        return (self.low + self.high) / 2 + self.width * c

    def log_pdf(self, x: Array) -> Array:
        xp = array_namespace(x)
        inside = (x >= self.low) & (x <= self.high)
        return xp.where(inside, xp.full_like(x, -math.log(self.width)), xp.full_like(x, -math.inf))

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.uniform(self.low, self.high, size)


@dataclass(frozen=True)
class Uniform(Prior):
    """The uniform prior on a box, U(low, high) in each coordinate.

    Args:
        shape: shape of one latent, or its number of coordinates.
        low: least value of a coordinate.
        high: greatest value of a coordinate.

    Raises:
        InputError: low and high are not finite, or low is not below high.

    >>> bool(abs(Uniform(8, low=-2, high=2).sample(100, rng=0)).max() <= 2)
    True
    """

    name: ClassVar[str] = "uniform"
    shape: tuple[int, ...]
    low: float = -1.0
    high: float = 1.0

    def __init__(self, shape: Shape, low: float = -1.0, high: float = 1.0) -> None:
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise InputError(f"a uniform prior needs finite low < high, got low={low}, high={high}")
        object.__setattr__(self, "shape", latent_shape(shape))
        object.__setattr__(self, "low", float(low))
        object.__setattr__(self, "high", float(high))

    @property
    def marginal(self) -> UniformLaw:
        return UniformLaw(self.low, self.high)

    @property
    def radius(self) -> None:
        return None

    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.marginal.sample((n, *self.shape), rng=rng)
