"""The normal prior."""

__all__ = ["Normal", "NormalLaw"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from latentot.errors import InputError
from latentot.priors.affine import affine
from latentot.priors.by_value import ByValue, shown
from latentot.priors.chi import ChiLaw
from latentot.priors.independent import IndependentPrior
from latentot.priors.law import Law
from latentot.priors.normal_law import NormalLaw
from latentot.priors.parameters import Parameter, flat, per_coordinate
from latentot.priors.prior import Shape, latent_shape


@dataclass(frozen=True, eq=False, repr=False)
class Normal(ByValue, IndependentPrior):
    """The normal prior N(mean, scale^2 I), by default N(0, I), or of coordinates that differ, N(mean_j, scale_j^2).

    It is isotropic, so has a `radius` law, scale * chi(d), where the mean is zero and all scales are one.

    Args:
        shape: shape of one latent, or its number of coordinates.
        mean: mean of every coordinate, or an array of means that broadcasts to the shape.
        scale: standard deviation of every coordinate, or an array of them that broadcasts to the shape.

    Raises:
        InputError: mean or scale is not finite or does not fit the shape, or scale is not positive.

    >>> Normal(128).sample(3, rng=0).shape
    (3, 128)
    >>> Normal(2, mean=[0, 5], scale=[1, 1e-3]).sample(1, rng=0).round(1)
    array([[0.1, 5. ]])
    """

    name: ClassVar[str] = "normal"
    shape: tuple[int, ...]
    mean: Parameter = 0.0
    scale: Parameter = 1.0

    def __init__(self, shape: Shape, mean: ArrayLike = 0.0, scale: ArrayLike = 1.0) -> None:
        object.__setattr__(self, "shape", latent_shape(shape))
        own_mean, own_scale = (per_coordinate(*of, self.shape) for of in (("mean", mean), ("scale", scale)))
        if not (np.isfinite(own_mean).all() and np.isfinite(own_scale).all() and np.greater(own_scale, 0).all()):
            given = f"mean={shown(own_mean)}, scale={shown(own_scale)}"
            raise InputError(f"a normal prior needs a finite mean and scale > 0, got {given}")
        object.__setattr__(self, "mean", own_mean)
        object.__setattr__(self, "scale", own_scale)

    @property
    def marginal(self) -> Law:
        return affine(NormalLaw(), flat(self.mean, self.shape), flat(self.scale, self.shape))

    @property
    def radius(self) -> Law | None:
        isotropic = not isinstance(self.scale, np.ndarray) and not np.any(self.mean)
        return affine(ChiLaw(self.dim), 0.0, self.scale) if isotropic else None
