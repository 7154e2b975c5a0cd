"""The logistic prior and its marginal."""

__all__ = ["Logistic", "LogisticLaw"]

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

LOG_3 = math.log(3)


@dataclass(frozen=True)
class LogisticLaw(SymmetricLaw):
    """The standard logistic law: F(x) = 1 / (1 + exp(-x)).

    >>> LogisticLaw().cdf(np.array([0.0, np.log(3)]))
    array([0.5 , 0.75])
    """

    @property
    def upper_quartile(self) -> float:
        return LOG_3

    def center(self, x: Array) -> Array:
        return array_namespace(x).tanh(x / 2) / 2

    def center_inverse(self, c: Array) -> Array:
        return 2 * array_namespace(c).atanh(2 * c)

    def _period(self, x: Array) -> Array:
        return 1 + array_namespace(x).exp(x)

    def _period_inverse(self, w: Array) -> Array:
        return array_namespace(w).log(w - 1)

    def _log_period(self, x: Array) -> Array:
        xp = array_namespace(x)
        return x + xp.log1p(xp.exp(-x))

    def _log_period_inverse(self, log_w: Array) -> Array:
        xp = array_namespace(log_w)
        return log_w + xp.log1p(-xp.exp(-log_w))

    def log_pdf(self, x: Array) -> Array:
        xp = array_namespace(x)
        distance = xp.abs(x)
        return -distance - 2 * xp.log1p(xp.exp(-distance))

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.logistic(size=size)


@dataclass(frozen=True)
class Logistic(IndependentPrior):
    """The product of standard logistic laws, F(x) = 1 / (1 + exp(-x)) in each coordinate.

    Args:
        shape: shape of one latent, or its number of coordinates.

    >>> Logistic(16).sample(3, rng=0).shape
    (3, 16)
    """

    name: ClassVar[str] = "logistic"
    shape: tuple[int, ...]

    def __init__(self, shape: Shape) -> None:
        object.__setattr__(self, "shape", latent_shape(shape))

    @property
    def marginal(self) -> LogisticLaw:
        return LogisticLaw()

    @property
    def radius(self) -> None:
        return None
