"""A product prior over laws of one number: Laws, or frozen distributions of scipy.stats."""

__all__ = ["ProductPrior"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from latentot.errors import InputError
from latentot.priors.column_laws import laws_of_coordinates
from latentot.priors.independent import IndependentPrior
from latentot.priors.law import Law
from latentot.priors.prior import Shape, latent_shape
from latentot.priors.scipy_law import scipy_law, standardised


@dataclass(frozen=True)
class ProductPrior(IndependentPrior):
    """Independent coordinates with a given law, or with one law each.

    Args:
        marginal: a frozen continuous distribution of scipy.stats, or a `Law`; a distribution's parameters may be arrays
            of one number a coordinate. Or a list of such laws, one a coordinate.
        shape: shape of one latent, or its number of coordinates; may be left out for a list of laws.

    Raises:
        InputError: the marginal lacks what a law needs, its parameters are not accepted, or do not fit the shape.

    >>> import numpy as np, scipy.stats
    >>> ProductPrior(scipy.stats.gumbel_r(), 16).sample(3, rng=0).shape
    (3, 16)
    >>> ProductPrior([scipy.stats.norm(), scipy.stats.expon(scale=2)]).outside(np.array([[-1.0, -1.0]]))
    array([ True])
    """

    name: ClassVar[str] = "product"
    law: Law
    shape: tuple[int, ...]

    def __init__(self, marginal: Any, shape: Shape | None = None) -> None:
        listed = isinstance(marginal, Sequence) and not isinstance(marginal, str)
        if shape is None and not listed:
            raise InputError("a product prior of one law needs a shape, such as ProductPrior(law, 16)")
        object.__setattr__(self, "shape", latent_shape(len(marginal) if shape is None else shape))
        if listed:
            laws = [one if isinstance(one, Law) else standardised(scipy_law(one, (1,))) for one in marginal]
            object.__setattr__(self, "law", laws_of_coordinates(laws))
        else:
            object.__setattr__(self, "law", marginal if isinstance(marginal, Law) else scipy_law(marginal, self.shape))
        size = len(marginal) if listed else self.law.size
        if size is not None and size != self.dim:
            raise InputError(f"latents of shape {self.shape} have {self.dim} coordinates, got {size} laws")

    @property
    def marginal(self) -> Law:
        return self.law

    @property
    def radius(self) -> None:
        return None
