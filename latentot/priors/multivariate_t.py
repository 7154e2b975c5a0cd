"""The multivariate t prior, isotropic with heavy tails, and the law of its norm."""

__all__ = ["MultivariateT", "TNormLaw"]

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betainccinv, betaincinv, betaln

from latentot.errors import InputError
from latentot.numerics.special import Array, log1p_square
from latentot.priors.norm_law import NormLaw, log_power
from latentot.priors.prior import Prior, Shape, latent_shape

Floats = NDArray[Any]


@dataclass(frozen=True)
class TNormLaw(NormLaw):
    """The law of the norm of a multivariate t, r^2 / d ~ F(d, df): F(r) = I_v(d/2, df/2), v = r^2 / (df + r^2).

    I is the regularised incomplete beta function. The tail is that of r^-df.

    Args:
        dim: number of coordinates d.
        df: degrees of freedom.

    >>> bool(abs(TNormLaw(2, 1.0).sf(np.array([1e8]))[0] - 1e-8) < 1e-20)
    True
    """

    dim: int
    df: float

    @property
    def moments(self) -> float:
        return self.df

    def _host_cdf(self, r: Floats) -> Floats:
        return self._shares(r)[0]

    def _host_sf(self, r: Floats) -> Floats:
        return self._shares(r)[1]

    def _shares(self, r: Floats) -> tuple[Floats, Floats]:
        """F(r) and 1 - F(r): the first from v = r^2 / (df + r^2), the second from 1 - v without cancellation."""
        whole = np.hypot(r, math.sqrt(self.df))
        root, other = r / whole, math.sqrt(self.df) / whole
        inner, outer = _of_root(self.dim / 2, self.df / 2, root), _of_root(self.df / 2, self.dim / 2, other)
        return np.where(inner < 0.5, inner, 1 - outer), np.where(outer < 0.5, outer, 1 - inner)

    def _host_quantile(self, q: Floats) -> Floats:
        root, other = _roots(self.dim / 2, self.df / 2, q)
        with np.errstate(divide="ignore"):
            return math.sqrt(self.df) * root / other

    def _host_isf(self, q: Floats) -> Floats:
        root, other = _roots(self.df / 2, self.dim / 2, q)
        with np.errstate(divide="ignore", over="ignore"):
            return math.sqrt(self.df) * other / root

    def log_pdf(self, x: Array) -> Array:
        half = self.dim / 2
        constant = math.lgamma(half + self.df / 2) - math.lgamma(half) - math.lgamma(self.df / 2)
        bulk = (half + self.df / 2) * log1p_square(x / math.sqrt(self.df))
        return math.log(2) + constant - half * math.log(self.df) + log_power(x, self.dim - 1) - bulk

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> Floats:
        return np.sqrt(rng.chisquare(self.dim, size) / (rng.chisquare(self.df, size) / self.df))


SMALL = 1e-9
"""Below this the square is negligible beside 1, and the incomplete beta function equals its leading term."""


def _of_root(a: float, b: float, root: Floats) -> Floats:
    """I_v(a, b) at v = root^2, even where the square underflows."""
    leading = np.exp(2 * a * np.log(np.where(root > 0, root, 1.0)) - math.log(a) - betaln(a, b))
    return np.where(root < SMALL, np.where(root > 0, leading, 0.0), betainc(a, b, root**2))


def _roots(a: float, b: float, q: Floats) -> tuple[Floats, Floats]:
    """sqrt(v) and sqrt(1 - v) where I_v(a, b) = q."""
    root, other = np.sqrt(betaincinv(a, b, q)), np.sqrt(betainccinv(b, a, q))
    with np.errstate(divide="ignore"):
        leading = np.exp((np.log(q) + math.log(a) + betaln(a, b)) / (2 * a))
    small = leading < SMALL
    return np.where(small, leading, root), np.where(small, 1.0, other)


@dataclass(frozen=True)
class MultivariateT(Prior):
    """The isotropic multivariate t prior, z = x / sqrt(g / df), x ~ N(0, I), g ~ chi^2(df).

    At df = 1 it is the multivariate Cauchy.

    Args:
        shape: shape of one latent, or its number of coordinates.
        df: degrees of freedom, finite and at least 0.5.

    Raises:
        InputError: df is not finite, or below 0.5.

    References:
        Kotz, Nadarajah: Multivariate t distributions and their applications. Cambridge University Press 2004.

    >>> MultivariateT(64, df=3).sample(3, rng=0).shape
    (3, 64)
    """

    name: ClassVar[str] = "multivariate-t"
    shape: tuple[int, ...]
    df: float

    def __init__(self, shape: Shape, df: float) -> None:
        if not (math.isfinite(df) and df >= 0.5):
            raise InputError(f"a multivariate t prior needs finite degrees of freedom >= 0.5, got df={df}")
        object.__setattr__(self, "shape", latent_shape(shape))
        object.__setattr__(self, "df", float(df))

    @property
    def marginal(self) -> None:
        return None

    @property
    def radius(self) -> TNormLaw:
        return TNormLaw(self.dim, self.df)

    def _draw(self, n: int, rng: np.random.Generator) -> Floats:
        scale = np.sqrt(self.df / rng.chisquare(self.df, (n, *[1] * len(self.shape))))
        return scale * rng.standard_normal((n, *self.shape))
