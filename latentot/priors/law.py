"""Laws of one number, and the monotone map that carries one law onto another."""

__all__ = ["Law", "carry", "greatest_period"]

import math
from abc import ABC, abstractmethod

import numpy as np
from array_api_compat import array_namespace, is_numpy_array
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.priors.described import Described

BLOCK = 1 << 16
"""Numbers of a NumPy array that are carried at a time: few enough for intermediate arrays to stay in the cache, enough
for arithmetic to outweigh the overhead of calls."""


class Law(Described, ABC):
    """A law of one number, known through three charts of its distribution function F.

    F(x) rounds to 1 long before x is improbable (at 8.3 for the normal), and F(x) - 1/2 loses its digits near the
    median. So a law states F where it is exact: between the quartiles by `center` = F - 1/2, beyond them by the
    `period` 1 / F or 1 / (1 - F), the return period of a number: it is 4 at a quartile and grows
    outwards, and its derivatives stay finite where those of a tail probability's inverse overflow. Each chart has
    its inverse; the named functions of a law (`cdf`, `sf`, `quantile`, ...) hold on the whole line.

    A law may differ between coordinates: then its parameters are arrays over the last axis of its functions' arguments,
    shape (..., d), and so are `support` and `quartiles`.
    """

    @property
    def size(self) -> int | None:
        """Number of coordinates d where each has its own law; None where one law holds for any number of them."""
        return None

    def coordinate(self, j: int) -> "Law":  # noqa: ARG002 - all are alike
        """The law of coordinate j."""
        return self

    @property
    def moments(self) -> float:
        """E|x|^k is finite for every k below this, and infinite at it: 1 for the Cauchy law."""
        return math.inf

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Least and greatest value."""

    @property
    @abstractmethod
    def quartiles(self) -> tuple[float, float]:
        """The x with F(x) = 1/4 and with F(x) = 3/4."""

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
    def log_cdf(self, x: Array) -> Array:
        """log F(x), even where F(x) underflows."""

    @abstractmethod
    def log_sf(self, x: Array) -> Array:
        """log(1 - F(x)), even where 1 - F(x) underflows."""

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
    def quantile_log(self, log_q: Array) -> Array:
        """The x with log F(x) = log_q."""

    @abstractmethod
    def isf_log(self, log_q: Array) -> Array:
        """The x with log(1 - F(x)) = log_q."""

    @abstractmethod
    def log_pdf(self, x: Array) -> Array:
        """Logarithm of the density."""

    @abstractmethod
    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        """Independent draws."""

    @abstractmethod
    def center(self, x: Array) -> Array:
        """F(x) - 1/2 for x between the quartiles; something finite elsewhere."""

    @abstractmethod
    def center_inverse(self, c: Array) -> Array:
        """The x with F(x) - 1/2 = c, for c between -1/4 and 1/4."""

    @abstractmethod
    def period(self, x: Array, upper: Array) -> Array:
        """1 / (1 - F(x)) where upper and 1 / F(x) elsewhere, for x beyond the quartile; elsewhere at least about 4.

        It ends at `greatest_period`, so that nothing made of it overflows.
        """

    @abstractmethod
    def period_inverse(self, w: Array, upper: Array) -> Array:
        """The x with 1 / (1 - F(x)) = w where upper and with 1 / F(x) = w elsewhere, for w of at least 4."""


def greatest_period(x: Array) -> float:
    """Return periods of numbers of the dtype of x end here: a margin below the greatest float of that dtype.

    >>> f"{greatest_period(np.zeros(1)):.0e}"
    '1e+307'
    """
    return float(array_namespace(x).finfo(x.dtype).max) / 16


def carry(x: Array, source: Law, target: Law) -> Array:
    """The increasing map Q_target(F_source(x)) that carries one law onto another, both tails exact.

    Between the quartiles it goes by F - 1/2, beyond them by the return period. Normal, Laplace, logistic and
    Student t to Cauchy and back: within 1e-15 relative in float64, wherever the result is not beyond 1e306.

    Args:
        x: values of the source law, any shape, any array library.
        source: the law that x follows.
        target: the law wanted.

    Returns:
        Values of the target law, of the shape and dtype of x.

    Raises:
        InputError: a law differs between coordinates.

    >>> import latentot as lot
    >>> normal, cauchy = lot.Normal(1).marginal, lot.Cauchy(1).marginal
    >>> bool(abs(carry(carry(np.array(-37.0), normal, cauchy), cauchy, normal) / -37 - 1) < 1e-15)
    True
    """
    if source.size is not None or target.size is not None:
        raise InputError(f"one law is carried onto another, of all coordinates alike, got {source!r} and {target!r}")
    if not is_numpy_array(x):
        return _carry(x, source, target)
    flat, carried = x.reshape(-1), np.empty(x.size, x.dtype)
    for start in range(0, x.size, BLOCK):
        carried[start : start + BLOCK] = _carry(flat[start : start + BLOCK], source, target)
    return carried.reshape(x.shape)


def _carry(x: Array, source: Law, target: Law) -> Array:
    xp = array_namespace(x)
    low, high = source.quartiles
    beyond = (x < low) | (x > high)

    def tail(x: Array) -> Array:
        upper = x > high
        return target.period_inverse(source.period(x, upper), upper)

    def middle(x: Array) -> Array:
        return target.center_inverse(source.center(x))

    if is_numpy_array(x) and x.ndim == 1:
        carried = np.empty_like(x)
        for chart, where in ((middle, ~beyond), (tail, beyond)):
            rows = np.flatnonzero(where)
            carried[rows] = chart(x[rows])
        return carried
    # The chart that is not used gets arguments of its own range, so that no value or gradient is infinite; a clip would
    # halve the gradient at the quartiles.
    between = xp.where(beyond, xp.full_like(x, max(low, min(0.0, high))), x)
    return xp.where(beyond, tail(x), middle(between))
