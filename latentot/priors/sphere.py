"""The uniform prior on a sphere, and the law of its norm."""

__all__ = ["PointMassLaw", "Sphere", "uniform_directions"]

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.brief import brief
from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.priors.direct import DirectLaw
from latentot.priors.prior import Prior, Shape, latent_shape


@dataclass(frozen=True)
class PointMassLaw(DirectLaw):
    """The law of a constant. Every law is carried onto that number; the constant is carried onto the median.

    Args:
        point: the number.

    >>> PointMassLaw(1.0).isf(np.array([0.1, 0.9]))
    array([1., 1.])
    """

    point: float

    @property
    def support(self) -> tuple[float, float]:
        return self.point, self.point

    @property
    def quartiles(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def cdf(self, x: Array) -> Array:
        return array_namespace(x).astype(x >= self.point, x.dtype)

    def sf(self, x: Array) -> Array:
        return array_namespace(x).astype(x < self.point, x.dtype)

    def mid(self, x: Array) -> Array:
        return array_namespace(x).sign(x - self.point) / 2

    def log_cdf(self, x: Array) -> Array:
        return _log_indicator(x >= self.point, x)

    def log_sf(self, x: Array) -> Array:
        return _log_indicator(x < self.point, x)

    def quantile(self, q: Array) -> Array:
        return array_namespace(q).full_like(q, self.point)

    def isf(self, q: Array) -> Array:
        return self.quantile(q)

    def mid_inverse(self, c: Array) -> Array:
        return self.quantile(c)

    def center(self, x: Array) -> Array:
        return array_namespace(x).zeros_like(x)

    def log_pdf(self, x: Array) -> Array:
        """Infinite at the point, minus infinity elsewhere: there is no density."""
        xp = array_namespace(x)
        return xp.where(x == self.point, xp.full_like(x, math.inf), xp.full_like(x, -math.inf))

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:  # noqa: ARG002
        return np.full(size, self.point)


def _log_indicator(is_so: Array, x: Array) -> Array:
    xp = array_namespace(x)
    return xp.where(is_so, xp.zeros_like(x), xp.full_like(x, -math.inf))


@dataclass(frozen=True)
class Sphere(Prior):
    """The uniform prior on a sphere of R^d: z = R v / |v|, v ~ N(0, I). Its norm is R; it has no density on R^d.

    Args:
        shape: shape of one latent, or its number of coordinates.
        radius: R, 1 by default; latents that are normalised to a mean square of 1 have sqrt(d). The prior's own
            `radius` is the law of the norm, as every prior's, and its `norm` this number.

    Raises:
        InputError: the radius is not finite and positive.

    >>> np.linalg.norm(Sphere(64, radius=8).sample(3, rng=0), axis=1).round(12)
    array([8., 8., 8.])
    """

    name: ClassVar[str] = "sphere"
    shape: tuple[int, ...]
    norm: float = 1.0

    def __init__(self, shape: Shape, radius: float = 1.0) -> None:
        object.__setattr__(self, "shape", latent_shape(shape))
        if self.dim < 2:
            raise InputError("a sphere has two coordinates or more: of one there are -1 and 1 only, and no way between")
        try:
            norm = float(radius)
        except (TypeError, ValueError):
            norm = math.nan
        if not (math.isfinite(norm) and norm > 0):
            raise InputError(f"a sphere needs a finite radius > 0, got radius={radius!r}")
        object.__setattr__(self, "norm", norm)

    def __repr__(self) -> str:
        shape = self.shape[0] if len(self.shape) == 1 else self.shape
        return f"Sphere({brief(shape)}{'' if self.norm == 1 else f', radius={brief(self.norm)}'})"

    @property
    def marginal(self) -> None:
        return None

    @property
    def radius(self) -> PointMassLaw:
        return PointMassLaw(self.norm)

    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.norm * uniform_directions(n, self.shape, rng=rng)


def uniform_directions(n: int, shape: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
    """Unit vectors, uniform on the sphere: normal numbers divided by their norm.

    Args:
        n: how many.
        shape: shape of each.
        rng: a Generator.

    Returns:
        Shape (n, *shape).
    """
    flat = rng.standard_normal((n, math.prod(shape)))
    return (flat / np.linalg.norm(flat, axis=1, keepdims=True)).reshape(n, *shape)
