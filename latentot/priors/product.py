"""A product prior over any frozen distribution of scipy.stats."""

__all__ = ["ProductPrior"]

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from latentot.priors.law import Law
from latentot.priors.prior import Prior, Shape, latent_shape
from latentot.priors.scipy_law import ScipyLaw


@dataclass(frozen=True)
class ProductPrior(Prior):
    """Independent, equal coordinates, each of a given law.

    Args:
        marginal: a frozen continuous distribution of scipy.stats, or a `Law`.
        shape: shape of one latent, or its number of coordinates.

    Raises:
        InputError: the marginal has not what a law needs.

    >>> import scipy.stats
    >>> ProductPrior(scipy.stats.gumbel_r(), 16).sample(3, rng=0).shape
    (3, 16)
    """

    name: ClassVar[str] = "product"
    law: Law
    shape: tuple[int, ...]

    def __init__(self, marginal: Any, shape: Shape) -> None:
        object.__setattr__(self, "law", marginal if isinstance(marginal, Law) else ScipyLaw(marginal))
        object.__setattr__(self, "shape", latent_shape(shape))

    @property
    def marginal(self) -> Law:
        return self.law

    @property
    def radius(self) -> None:
        return None

    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.law.sample((n, *self.shape), rng=rng)
