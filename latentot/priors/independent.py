"""Priors of independent coordinates."""

__all__ = ["IndependentPrior"]

from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray

from latentot.priors.law import Law
from latentot.priors.prior import Prior


class IndependentPrior(Prior):
    """A prior whose coordinates are independent, so that it has a `marginal` law: of all alike, or of each its own."""

    @property
    @abstractmethod
    def marginal(self) -> Law:
        """The law of the coordinates."""

    def _draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.marginal.sample((n, self.dim), rng=rng).reshape(n, *self.shape)
