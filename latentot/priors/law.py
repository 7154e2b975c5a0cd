"""Laws of one number, and the monotone map that carries one law onto another."""

__all__ = ["Law", "ScipyLaw", "carry"]

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace, is_numpy_array
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.special import Array

LEAST_TAIL = 1e-307
"""Tail probabilities below this are taken as this: a Cauchy quantile then stays finite."""


class Law(ABC):
    """A law of one number, known through three charts of its distribution function F.

    F(x) rounds to 1 long before x is improbable (at 8.3 for the normal), and F(x) - 1/2 loses its digits near
    the median. So a law states each part of F where that part is exact: `cdf` in the lower tail, `sf` = 1 - F
    in the upper tail, `mid` = F - 1/2 around the median; and the inverse of each.
    """

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Least and greatest value."""

    @abstractmethod
    def cdf(self, x: Array) -> Array:
        """F(x), exact in the lower tail."""

    @abstractmethod
    def sf(self, x: Array) -> Array:
        """1 - F(x), exact in the upper tail."""

    @abstractmethod
    def mid(self, x: Array) -> Array:
        """F(x) - 1/2, exact around the median."""

    @abstractmethod
    def quantile(self, q: Array) -> Array:
        """The x with F(x) = q."""

    @abstractmethod
    def isf(self, q: Array) -> Array:
        """The x with 1 - F(x) = q."""

    @abstractmethod
    def mid_inverse(self, c: Array) -> Array:
        """The x with F(x) - 1/2 = c."""

    @abstractmethod
    def log_pdf(self, x: Array) -> Array:
        """Logarithm of the density."""

    @abstractmethod
    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        """Independent draws."""


def carry(x: Array, source: Law, target: Law) -> Array:
    """The increasing map Q_target(F_source(x)) that carries one law onto another, both tails exact.

    Args:
        x: values of the source law, any shape, any array library.
        source: the law that x follows.
        target: the law wanted.

    Returns:
        Values of the target law, of the shape of x.

    >>> import latentot as lot, numpy as np
    >>> normal, cauchy = lot.Normal(1).marginal, lot.Cauchy(1).marginal
    >>> bool(abs(carry(carry(np.array(-37.0), normal, cauchy), cauchy, normal) / -37 - 1) < 1e-15)
    True
    """
    xp = array_namespace(x)
    c = source.mid(x)
    in_lower, in_upper = c < -0.25, c > 0.25
    middle = ~(in_lower | in_upper)
    # A branch that is not taken gets a harmless argument, so that neither it nor its gradient is infinite.
    lower = xp.where(in_lower, source.cdf(x), xp.full_like(x, 0.25))
    upper = xp.where(in_upper, source.sf(x), xp.full_like(x, 0.25))
    lower, upper = (xp.where(q < LEAST_TAIL, xp.full_like(q, LEAST_TAIL), q) for q in (lower, upper))
    return xp.where(
        in_lower,
        target.quantile(lower),
        xp.where(in_upper, target.isf(upper), target.mid_inverse(xp.where(middle, c, xp.zeros_like(c)))),
    )


@dataclass(frozen=True)
class ScipyLaw(Law):
    """A frozen continuous distribution of scipy.stats as a law; NumPy arrays only."""

    distribution: Any

    def __post_init__(self) -> None:
        wanted = ("cdf", "sf", "ppf", "isf", "logpdf", "rvs", "support")
        missing = [name for name in wanted if not hasattr(self.distribution, name)]
        if missing:
            raise InputError(
                f"the marginal {self.distribution!r} has no {', '.join(missing)}: "
                "give a frozen continuous distribution, such as scipy.stats.gumbel_r()"
            )

    @property
    def support(self) -> tuple[float, float]:
        low, high = self.distribution.support()
        return float(low), float(high)

    def cdf(self, x: Array) -> Array:
        return self.distribution.cdf(_on_host(x))

    def sf(self, x: Array) -> Array:
        return self.distribution.sf(_on_host(x))

    def mid(self, x: Array) -> Array:
        return self.distribution.cdf(_on_host(x)) - 0.5

    def quantile(self, q: Array) -> Array:
        return self.distribution.ppf(_on_host(q))

    def isf(self, q: Array) -> Array:
        return self.distribution.isf(_on_host(q))

    def mid_inverse(self, c: Array) -> Array:
        return self.distribution.ppf(0.5 + _on_host(c))

    def log_pdf(self, x: Array) -> Array:
        return self.distribution.logpdf(_on_host(x))

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return np.asarray(self.distribution.rvs(size=size, random_state=rng), dtype=np.float64)


def _on_host(x: Array) -> Array:
    if not is_numpy_array(x) and not isinstance(x, float):
        raise InputError(
            f"a marginal from scipy.stats works on NumPy arrays only, got {type(x).__module__}.{type(x).__name__}"
        )
    return x
