"""The normal prior."""

__all__ = ["Normal", "NormalLaw"]

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.priors.affine import affine
from latentot.priors.chi import ChiLaw
from latentot.priors.law import Law
from latentot.priors.normal_law import NormalLaw
from latentot.priors.prior import Prior, Shape, latent_shape


@dataclass(frozen=True)
class Normal(Prior):
    """The normal prior N(mean, scale^2 I), by default N(0, I).

    It is isotropic, so has a `radius` law, scale * chi(d), where the mean is zero.

    Args:
        shape: shape of one latent, or its number of coordinates.
        mean: mean of every coordinate.
        scale: standard deviation of every coordinate.

    Raises:
        InputError: mean or scale is not finite, or scale is not positive.

    >>> Normal(128).sample(3, rng=0).shape
    (3, 128)
    """

    name: ClassVar[str] = "normal"
    shape: tuple[int, ...]
    mean: float = 0.0
    scale: float = 1.0

    def __init__(self, shape: Shape, mean: float = 0.0, scale: float = 1.0) -> None:
        if not (math.isfinite(mean) and math.isfinite(scale) and scale > 0):
            raise InputError(f"a normal prior needs a finite mean and scale > 0, got mean={mean}, scale={scale}")
        object.__setattr__(self, "shape", latent_shape(shape))
        object.__setattr__(self, "mean", float(mean))
        object.__setattr__(self, "scale", float(scale))

    @property
    def marginal(self) -> Law:
        return affine(NormalLaw(), self.mean, self.scale)

    @property
    def radius(self) -> Law | None:
        return affine(ChiLaw(self.dim), 0.0, self.scale) if self.mean == 0 else None

    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.marginal.sample((n, *self.shape), rng=rng)
