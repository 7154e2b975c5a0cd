"""The gamma-norm prior of Kilcher et al., and the half-normal law of its norm."""

__all__ = ["GammaNorm", "HalfNormalLaw"]

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.numerics.special import Array, clip
from latentot.priors.affine import affine
from latentot.priors.law import Law, greatest_period
from latentot.priors.normal_law import NormalLaw
from latentot.priors.prior import Prior, Shape, latent_shape
from latentot.priors.sphere import uniform_directions

NORMAL = NormalLaw()
LOG_2 = math.log(2)


@dataclass(frozen=True)
class HalfNormalLaw(Law):
    """The law of |X|, X ~ N(0, 1): F(r) = 2 Phi(r) - 1 for r >= 0.

    >>> HalfNormalLaw().quantile(np.array([0.0, 0.5])).round(4)
    array([0.    , 0.6745])
    """

    @property
    def support(self) -> tuple[float, float]:
        return 0.0, math.inf

    @property
    def quartiles(self) -> tuple[float, float]:
        return 0.31863936396437516, 1.1503493803760079

    def cdf(self, x: Array) -> Array:
        return 2 * NORMAL.mid(_positive(x))

    def sf(self, x: Array) -> Array:
        return 2 * NORMAL.sf(_positive(x))

    def mid(self, x: Array) -> Array:
        return self.cdf(x) - 0.5

    def log_cdf(self, x: Array) -> Array:
        xp, cdf, sf = array_namespace(x), self.cdf(x), self.sf(x)
        tiny = xp.finfo(cdf.dtype).smallest_normal
        near = xp.where(cdf > 0, xp.log(clip(cdf, tiny, None)), xp.full_like(cdf, -math.inf))
        return xp.where(sf < 0.5, xp.log1p(-clip(sf, None, 0.5)), near)

    def log_sf(self, x: Array) -> Array:
        xp, cdf = array_namespace(x), self.cdf(x)
        return xp.where(cdf < 0.5, xp.log1p(-clip(cdf, None, 0.5)), LOG_2 + NORMAL.log_sf(_positive(x)))

    def quantile(self, q: Array) -> Array:
        return NORMAL.mid_inverse(q / 2)

    def isf(self, q: Array) -> Array:
        return NORMAL.isf(q / 2)

    def mid_inverse(self, c: Array) -> Array:
        return self.quantile(c + 0.5)

    def quantile_log(self, log_q: Array) -> Array:
        return self.quantile(array_namespace(log_q).exp(log_q))

    def isf_log(self, log_q: Array) -> Array:
        return NORMAL.isf_log(log_q - LOG_2)

    def center(self, x: Array) -> Array:
        return self.mid(x)

    def center_inverse(self, c: Array) -> Array:
        return self.mid_inverse(c)

    def period(self, x: Array, upper: Array) -> Array:
        xp = array_namespace(x)
        cdf = clip(self.cdf(x), 1 / greatest_period(x), None)
        return xp.where(upper, NORMAL.period(x, upper) / 2, 1 / cdf)

    def period_inverse(self, w: Array, upper: Array) -> Array:
        return array_namespace(w).where(upper, abs(NORMAL.period_inverse(2 * w, upper)), self.quantile(1 / w))

    def log_pdf(self, x: Array) -> Array:
        xp = array_namespace(x)
        return xp.where(x >= 0, LOG_2 + NORMAL.log_pdf(x), xp.full_like(x, -math.inf))

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return np.abs(rng.standard_normal(size))


@dataclass(frozen=True)
class GammaNorm(Prior):
    """z = sqrt(r) v, r ~ Gamma(1/2, theta), v a uniform direction: isotropic, with much of its mass near 0.

    The norm is half-normal, sqrt(theta / 2) |X| with X ~ N(0, 1).

    Args:
        shape: shape of one latent, or its number of coordinates.
        theta: scale of the gamma law, positive; at 2 the norm is |X|.

    Raises:
        InputError: theta is not finite and positive.

    References:
        Kilcher, Lucchi, Hofmann: Semantic interpolation in implicit models. ICLR 2018, arXiv:1710.11381.

    >>> GammaNorm(64).sample(3, rng=0).shape
    (3, 64)
    """

    name: ClassVar[str] = "gamma-norm"
    shape: tuple[int, ...]
    theta: float = 2.0

    def __init__(self, shape: Shape, theta: float = 2.0) -> None:
        if not (math.isfinite(theta) and theta > 0):
            raise InputError(f"a gamma-norm prior needs a finite theta > 0, got theta={theta}")
        object.__setattr__(self, "shape", latent_shape(shape))
        object.__setattr__(self, "theta", float(theta))

    @property
    def marginal(self) -> None:
        return None

    @property
    def radius(self) -> Law:
        return affine(HalfNormalLaw(), 0.0, math.sqrt(self.theta / 2))

    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        norms = self.radius.sample((n, *[1] * len(self.shape)), rng=rng)
        return norms * uniform_directions(n, self.shape, rng=rng)


def _positive(x: Array) -> Array:
    return clip(x, 0, None)
