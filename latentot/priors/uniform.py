"""The uniform prior on a box and its marginal."""

__all__ = ["Uniform", "UniformLaw"]

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import ArrayLike, NDArray

from latentot.errors import InputError
from latentot.numerics.special import Array, clip
from latentot.priors.affine import affine
from latentot.priors.by_value import ByValue, shown
from latentot.priors.direct import DirectLaw
from latentot.priors.independent import IndependentPrior
from latentot.priors.law import Law
from latentot.priors.parameters import Parameter, flat, per_coordinate
from latentot.priors.prior import Shape, latent_shape


@dataclass(frozen=True)
class UniformLaw(DirectLaw):
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

    @property
    def quartiles(self) -> tuple[float, float]:
        return self.low + self.width / 4, self.high - self.width / 4

    def cdf(self, x: Array) -> Array:
        return clip((x - self.low) / self.width, 0, 1)

    def sf(self, x: Array) -> Array:
        return clip((self.high - x) / self.width, 0, 1)

    def mid(self, x: Array) -> Array:
        return clip((x - (self.low + self.high) / 2) / self.width, -0.5, 0.5)

    def log_cdf(self, x: Array) -> Array:
        return _log(self.cdf(x), self.sf(x))

    def log_sf(self, x: Array) -> Array:
        return _log(self.sf(x), self.cdf(x))

    def quantile(self, q: Array) -> Array:
        return self.low + self.width * q

    def isf(self, q: Array) -> Array:
        return self.high - self.width * q

    def mid_inverse(self, c: Array) -> Array:
        return (self.low + self.high) / 2 + self.width * c

    def log_pdf(self, x: Array) -> Array:
        xp = array_namespace(x)
        inside = (x >= self.low) & (x <= self.high)
        return xp.where(inside, 0 * x - math.log(self.width), xp.full_like(x, -math.inf))

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.uniform(self.low, self.high, size)


def _log(q: Array, rest: Array) -> Array:
    """log q, q = 1 - rest; -inf at 0, where NumPy would warn and a gradient be infinite."""
    xp = array_namespace(q)
    small = xp.log(xp.where(q > 0, q, xp.ones_like(q)))
    log_q = xp.where(q < 0.5, small, xp.log1p(-xp.where(q < 0.5, xp.zeros_like(q), rest)))
    return xp.where(q > 0, log_q, xp.full_like(q, -math.inf))


@dataclass(frozen=True, eq=False, repr=False)
class Uniform(ByValue, IndependentPrior):
    """The uniform prior on a box, U(low, high) in each coordinate.

    Args:
        shape: shape of one latent, or its number of coordinates.
        low: least value of a coordinate, or an array of one a coordinate that broadcasts to the shape.
        high: greatest value of a coordinate, or an array of them.

    Raises:
        InputError: low and high are not finite or do not fit the shape, or low is not below high.

    >>> bool(abs(Uniform(8, low=-2, high=2).sample(100, rng=0)).max() <= 2)
    True
    """

    name: ClassVar[str] = "uniform"
    shape: tuple[int, ...]
    low: Parameter = -1.0
    high: Parameter = 1.0

    def __init__(self, shape: Shape, low: ArrayLike = -1.0, high: ArrayLike = 1.0) -> None:
        object.__setattr__(self, "shape", latent_shape(shape))
        own_low, own_high = (per_coordinate(*of, self.shape) for of in (("low", low), ("high", high)))
        with np.errstate(over="ignore", invalid="ignore"):
            width = np.subtract(own_high, own_low)
        if not (np.isfinite(own_low).all() and np.isfinite(width).all() and (width > 0).all()):
            given = f"low={shown(own_low)}, high={shown(own_high)}"
            raise InputError(f"a uniform prior needs finite low < high, got {given}")
        object.__setattr__(self, "low", own_low)
        object.__setattr__(self, "high", own_high)

    @property
    def marginal(self) -> Law:
        low, high = (flat(end, self.shape) for end in (self.low, self.high))
        if isinstance(low, np.ndarray) or isinstance(high, np.ndarray):
            return affine(UniformLaw(0.0, 1.0), low, high - low)
        return UniformLaw(low, high)

    @property
    def radius(self) -> None:
        return None
