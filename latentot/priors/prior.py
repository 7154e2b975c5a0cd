"""What every prior is: a law on latents of some shape."""

__all__ = ["Prior", "Shape", "latent_shape"]

import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.priors.law import Law
from latentot.special import Array

Shape = int | Sequence[int]
"""The shape of one latent: a number of coordinates, or a sequence such as (4, 64, 64)."""


class Prior(ABC):
    """A law that latents are drawn from.

    A prior with independent, equal coordinates has a `marginal` law; one that depends on the norm alone has a
    `radius` law, the law of that norm. Either is None where there is none.
    """

    name: ClassVar[str]
    shape: tuple[int, ...]

    @property
    @abstractmethod
    def marginal(self) -> Law | None:
        """The law of one coordinate, if the coordinates are independent and alike."""

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

    def sample(self, n: int, *, rng: int | np.random.Generator) -> NDArray[np.float64]:
        """Draw latents.

        Args:
            n: how many.
            rng: a seed or a Generator.

        Returns:
            Latents, float64, shape (n, *shape).

        >>> import latentot as lot
        >>> lot.Normal((4, 8, 8)).sample(10, rng=0).shape
        (10, 4, 8, 8)
        """
        if n < 0:
            raise InputError(f"cannot draw {n} latents: n is at least 0")
        return self._draw(n, np.random.default_rng(rng))

    def log_prob(self, z: Array) -> Array:
        """Log density of latents, the sum of the marginal log densities.

        Args:
            z: latents, shape (..., *shape).

        Returns:
            Natural logarithms of densities, shape (...).

        Raises:
            InputError: the prior has no density in closed form.
        """
        if self.marginal is None:
            raise InputError(f"{self!r} has no density in closed form")
        xp = array_namespace(z)
        leading = z.shape[: len(z.shape) - len(self.shape)]
        return xp.sum(xp.reshape(self.marginal.log_pdf(z), (*leading, self.dim)), axis=-1)


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
