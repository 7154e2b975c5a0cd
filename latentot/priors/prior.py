"""The base class of priors: laws on latents of some shape."""

__all__ = ["Prior", "Shape", "latent_shape"]

import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.arrays import check_plain, shown
from latentot.errors import InputError
from latentot.numerics.special import Array, clip
from latentot.priors.described import Described
from latentot.priors.law import Law

Shape = int | Sequence[int]
"""The shape of one latent: a number of coordinates, or a sequence such as (4, 64, 64)."""


class Prior(Described, ABC):
    """A law that latents are drawn from.

    A prior with independent coordinates has a `marginal` law, one for all or one for each (`Law.size`); a prior that
    depends on the norm alone has a `radius` law, the law of that norm. Otherwise these are None.
    """

    name: ClassVar[str]
    estimated: ClassVar[bool] = False
    """Whether its laws are estimates, so that what follows from them holds approximately."""

    shape: tuple[int, ...]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not hasattr(cls, "name"):
            cls.name = cls.__name__

    @property
    def facts(self) -> dict[str, Any]:
        """Name, shape, class and every parameter, as data that JSON can hold; your own priors may override it.

        An array of more than 16 numbers is given by shape, dtype and SHA-256, an object that is not data by its class
        and representation.

        >>> import latentot as lot
        >>> lot.StudentT(4, df=3).facts
        {'name': 'student-t', 'shape': [4], 'class': 'latentot.priors.student_t.StudentT', 'df': 3.0}
        """
        return {"name": self.name, "shape": list(self.shape)} | super().facts

    @property
    @abstractmethod
    def marginal(self) -> Law | None:
        """The law of the coordinates, if they are independent; where they differ, of vectors of shape (..., d)."""

    @property
    @abstractmethod
    def radius(self) -> Law | None:
        """The law of the norm, if the prior depends on the norm alone."""

    @abstractmethod
    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draws of shape (n, *shape)."""

    @property
    def dim(self) -> int:
        """Number of coordinates of a latent."""
        return math.prod(self.shape)

    @property
    def moments(self) -> float:
        """E|z|^k is finite for every k below this; infinite unless tails are heavy."""
        laws = [law for law in (self.marginal, self.radius) if law is not None]
        return min((law.moments for law in laws), default=math.inf)

    def sample(self, n: int, *, rng: int | np.random.Generator) -> NDArray[np.float64]:
        """Draw latents.

        Args:
            n: how many.
            rng: a seed or a Generator.

        Returns:
            Latents, float64, shape (n, *shape).

        Raises:
            InputError: n is no whole number of at least 0, or rng no seed.

        >>> import latentot as lot
        >>> lot.Normal((4, 8, 8)).sample(10, rng=0).shape
        (10, 4, 8, 8)
        """
        try:
            count = operator.index(n)
        except TypeError as error:
            raise InputError(f"n, how many latents to draw, is a whole number, got {shown(n)}") from error
        if count < 0:
            raise InputError(f"cannot draw {n} latents: n is at least 0")
        try:
            generator = np.random.default_rng(rng)
        except (TypeError, ValueError) as error:
            raise InputError(f"rng is a seed, such as 0, or a numpy.random.Generator, got {shown(rng)}") from error
        return self._draw(count, generator)

    def log_prob(self, z: Array) -> Array:
        """Log density of latents.

        The sum of the marginal log densities, or for an isotropic prior, with r = |z| and s_d the area of the unit
        sphere, log f_r(r) - (d - 1) log r - log s_d.

        Args:
            z: latents, shape (..., *shape).

        Returns:
            Natural logarithms of densities, shape (...).

        Raises:
            InputError: the prior has no density in closed form.

        >>> import latentot as lot
        >>> float(lot.Uniform(3).log_prob(np.zeros(3)).round(4))
        -2.0794
        """
        flat = _flat(z, self.shape)
        xp = array_namespace(flat)
        if self.marginal is not None:
            return xp.sum(self.marginal.log_pdf(flat), axis=-1)
        if self.radius is None or self.radius.support[0] == self.radius.support[1]:
            raise InputError(f"{self!r} has no density in closed form")
        # Not at 0 itself, where log r and the norm's gradient are infinite.
        norm = xp.sqrt(clip(xp.sum(flat * flat, axis=-1), float(xp.finfo(flat.dtype).smallest_normal), None))
        half = self.dim / 2
        log_area = math.log(2) + half * math.log(math.pi) - math.lgamma(half)
        return self.radius.log_pdf(norm) - (self.dim - 1) * xp.log(norm) - log_area

    def outside(self, z: NDArray[Any]) -> NDArray[np.bool_]:
        """Which latents are outside the prior's support.

        Outside are coordinates beyond the marginal's support by more than two roundings of its greatest number in the
        dtype of z, and norms beyond the radius law's by more than a share of 1e-6, 1e-4 in single precision, or two
        roundings in half precision.

        Args:
            z: latents as a NumPy array, shape (..., *shape), in the dtype that they were rounded to.

        Returns:
            Booleans, shape (...).

        >>> import latentot as lot
        >>> lot.Uniform(2).outside(np.array([[0.0, 1.0], [0.0, 1.5]]))
        array([False,  True])
        """
        flat = _flat(z, self.shape)
        if self.marginal is not None:
            least, greatest = _widened(*self.marginal.support, flat.dtype)
            return ((flat < least) | (flat > greatest)).any(axis=-1)
        if self.radius is None:
            return np.zeros(flat.shape[:-1], dtype=np.bool_)
        low, high = self.radius.support
        share = max(1e-6 if flat.dtype == np.float64 else 1e-4, 2 * _step(1, flat.dtype))
        # Below the least normal number, as in half precision in many dimensions, coordinates have fewer digits.
        steps = math.sqrt(self.dim) * _step(0, flat.dtype)
        norm = np.linalg.norm(flat.astype(np.float64, copy=False), axis=-1)
        return (norm < low * (1 - share) - steps) | (norm > high * (1 + share) + steps)


def _widened(low: Any, high: Any, dtype: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """The ends of a support, in a dtype, wider by two of its roundings of the greater of them that is finite."""
    sizes = [np.where(np.isfinite(end), np.abs(end), 0) for end in (low, high)]
    slack = 2 * _step(1, dtype) * np.maximum(*sizes)
    with np.errstate(over="ignore"):
        return np.asarray(low - slack).astype(dtype), np.asarray(high + slack).astype(dtype)


def _step(x: float, dtype: Any) -> float:
    """The distance from x to the next greater number of a dtype, also of dtypes that extend NumPy's (bfloat16)."""
    return float(np.nextafter(dtype.type(x), dtype.type(2)) - dtype.type(x))


def _flat(z: Array, shape: tuple[int, ...]) -> Array:
    """Latents of shape (..., *shape) as vectors, shape (..., d)."""
    check_plain("z", z)
    if not hasattr(z, "shape"):
        raise InputError(f"latents are an array, got {type(z).__name__}: numpy.asarray(z) makes one")
    leading = len(z.shape) - len(shape)
    if leading < 0 or tuple(z.shape[leading:]) != shape:
        raise InputError(f"latents have shape (..., *{shape}), got {tuple(z.shape)}")
    return array_namespace(z).reshape(z, (*z.shape[:leading], math.prod(shape)))


def latent_shape(shape: Shape) -> tuple[int, ...]:
    """A latent's shape as a tuple of positive numbers.

    >>> latent_shape(64), latent_shape([4, 8, 8])
    ((64,), (4, 8, 8))
    """
    try:
        sizes = tuple(operator.index(s) for s in (shape if isinstance(shape, Sequence) else (shape,)))
    except TypeError:
        sizes = ()
    if not sizes or min(sizes) < 1:
        raise InputError(f"a latent's shape is a positive number or a tuple of them, got {shape!r}")
    return sizes
