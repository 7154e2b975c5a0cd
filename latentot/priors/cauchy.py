"""The Cauchy prior, whose averages are Cauchy again, and its marginal."""

__all__ = ["Cauchy", "CauchyLaw"]

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.numerics.special import Array, clip, log1p_square
from latentot.priors.independent import IndependentPrior
from latentot.priors.prior import Shape, latent_shape
from latentot.priors.symmetric import SymmetricLaw

FAR = 1e9
"""From here on arctan(1 / x) = 1 / x to the last digit, in float64 too."""


@dataclass(frozen=True)
class CauchyLaw(SymmetricLaw):
    """The standard Cauchy law: F(x) = 1/2 + arctan(x) / pi.

    >>> CauchyLaw().quantile(np.array([0.25, 0.75]))
    array([-1.,  1.])
    """

    @property
    def upper_quartile(self) -> float:
        return 1.0

    def center(self, x: Array) -> Array:
        return array_namespace(x).atan(x) / math.pi

    def center_inverse(self, c: Array) -> Array:
        return array_namespace(c).tan(math.pi * c)

    def _period(self, x: Array) -> Array:
        xp = array_namespace(x)
        return xp.where(x >= FAR, math.pi * x, math.pi / xp.atan(1 / clip(x, None, FAR)))

    def _period_inverse(self, w: Array) -> Array:
        xp = array_namespace(w)
        return xp.where(w >= FAR, w / math.pi, 1 / xp.tan(math.pi / clip(w, None, FAR)))

    def _log_period(self, x: Array) -> Array:
        xp = array_namespace(x)
        return xp.where(x >= FAR, xp.log(x) + math.log(math.pi), xp.log(math.pi / xp.atan(1 / clip(x, None, FAR))))

    def _log_period_inverse(self, log_w: Array) -> Array:
        xp = array_namespace(log_w)
        near = self._period_inverse(xp.exp(clip(log_w, None, math.log(FAR))))
        return xp.where(log_w >= math.log(FAR), xp.exp(log_w - math.log(math.pi)), near)

    @property
    def moments(self) -> float:
        return 1.0

    def log_pdf(self, x: Array) -> Array:
        return -math.log(math.pi) - log1p_square(x)

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.standard_cauchy(size)


@dataclass(frozen=True)
class Cauchy(IndependentPrior):
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
