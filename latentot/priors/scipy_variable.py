"""Distributions of scipy.stats as they are since SciPy 1.15, under the names of those before."""

__all__ = ["AsFrozen"]

from dataclasses import dataclass
from typing import Any

import numpy as np

from latentot.errors import InputError


@dataclass(frozen=True)
class AsFrozen:
    """A random variable such as scipy.stats.Normal(mu=1), a Mixture, or one of make_distribution, as a frozen one.

    Args:
        variable: continuous, of one number.

    Raises:
        InputError: it is discrete, or its parameters are arrays.

    >>> import scipy.stats
    >>> float(AsFrozen(scipy.stats.Normal(mu=1.0)).ppf(0.5))
    1.0
    """

    variable: Any

    def __post_init__(self) -> None:
        middle = np.asarray(self.variable.median())
        if middle.ndim:
            raise InputError(
                f"the marginal {type(self.variable).__name__} has parameters that are arrays, of shape {middle.shape}: "
                "give a list of laws, one a coordinate"
            )
        if np.isposinf(self.variable.logpdf(middle)):  # what SciPy calls the density of a discrete one
            raise InputError(
                f"the marginal {type(self.variable).__name__} is discrete: give a continuous distribution, such as "
                "scipy.stats.gumbel_r()"
            )

    @staticmethod
    def serves(given: Any) -> bool:
        """Whether a distribution is of this kind."""
        return all(hasattr(given, name) for name in ("icdf", "iccdf", "logccdf", "sample", "variance"))

    def cdf(self, x: Any) -> Any:
        return self.variable.cdf(x)

    def sf(self, x: Any) -> Any:
        return self.variable.ccdf(x)

    def ppf(self, q: Any) -> Any:
        return self.variable.icdf(q)

    def isf(self, q: Any) -> Any:
        return self.variable.iccdf(q)

    def logpdf(self, x: Any) -> Any:
        return self.variable.logpdf(x)

    def logcdf(self, x: Any) -> Any:
        return self.variable.logcdf(x)

    def logsf(self, x: Any) -> Any:
        return self.variable.logccdf(x)

    def support(self) -> Any:
        return self.variable.support()

    def mean(self) -> Any:
        return self.variable.mean()

    def var(self) -> Any:
        return self.variable.variance()

    def rvs(self, *, size: tuple[int, ...], random_state: np.random.Generator) -> Any:
        return self.variable.sample(size, rng=random_state)
