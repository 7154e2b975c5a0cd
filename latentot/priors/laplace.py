"""The Laplace prior and its marginal."""

__all__ = ["Laplace", "LaplaceLaw"]

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.numerics.special import Array
from latentot.priors.independent import IndependentPrior
from latentot.priors.prior import Shape, latent_shape
from latentot.priors.symmetric import SymmetricLaw

LOG_2 = math.log(2)


@dataclass(frozen=True)
class LaplaceLaw(SymmetricLaw):
    """The standard Laplace law, of density exp(-|x|) / 2: 1 - F(x) = exp(-x) / 2 for x >= 0.

    >>> LaplaceLaw().isf(np.array([0.5, 0.5 * np.exp(-3)]))
    array([0., 3.])
    """

    @property
    def upper_quartile(self) -> float:
        return LOG_2

    def center(self, x: Array) -> Array:
        xp = array_namespace(x)
        return xp.where(x < 0, xp.expm1(x), -xp.expm1(-x)) / 2

    def center_inverse(self, c: Array) -> Array:
        xp = array_namespace(c)
        return xp.where(c < 0, xp.log1p(2 * c), -xp.log1p(-2 * c))

    def _period(self, x: Array) -> Array:
        return 2 * array_namespace(x).exp(x)

    def _period_inverse(self, w: Array) -> Array:
        return array_namespace(w).log(w / 2)

    def _log_period(self, x: Array) -> Array:
        return x + LOG_2

    def _log_period_inverse(self, log_w: Array) -> Array:
        return log_w - LOG_2

    def log_pdf(self, x: Array) -> Array:
        return array_namespace(x).where(x < 0, x, -x) - LOG_2

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.laplace(size=size)


@dataclass(frozen=True)
class Laplace(IndependentPrior):
    """The product of standard Laplace laws, of density exp(-|z|_1) / 2^d.

    Args:
        shape: shape of one latent, or its number of coordinates.

    >>> Laplace(16).sample(3, rng=0).shape
    (3, 16)
    """

    name: ClassVar[str] = "laplace"
    shape: tuple[int, ...]

    def __init__(self, shape: Shape) -> None:
        object.__setattr__(self, "shape", latent_shape(shape))

    @property
    def marginal(self) -> LaplaceLaw:
        return LaplaceLaw()

    @property
    def radius(self) -> None:
        return None
