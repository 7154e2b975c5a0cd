"""Any frozen distribution of scipy.stats as a law."""

__all__ = ["ScipyLaw"]

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import is_numpy_array
from numpy.typing import NDArray

from latentot.brief import brief
from latentot.errors import InputError
from latentot.priors.direct import DirectLaw
from latentot.special import Array


@dataclass(frozen=True)
class ScipyLaw(DirectLaw):
    """A frozen continuous distribution of scipy.stats as a law; NumPy arrays only.

    It is as accurate as SciPy is, and F(x) - 1/2 is the plain difference.

    Args:
        distribution: such as scipy.stats.gumbel_r().

    Raises:
        InputError: it is no frozen continuous distribution, or is asked about another library's array.

    >>> import scipy.stats
    >>> ScipyLaw(scipy.stats.expon()).cdf(np.array([0.0, np.log(2)]))
    array([0. , 0.5])
    """

    distribution: Any

    def __post_init__(self) -> None:
        wanted = ("cdf", "sf", "ppf", "isf", "logpdf", "logcdf", "logsf", "rvs", "support", "mean", "var")
        missing = [name for name in wanted if not hasattr(self.distribution, name)]
        if missing:
            raise InputError(
                f"the marginal {self.distribution!r} has no {', '.join(missing)}: "
                "give a frozen continuous distribution, such as scipy.stats.gumbel_r()"
            )

    def __repr__(self) -> str:
        frozen = self.distribution
        if not hasattr(frozen, "dist"):
            return f"scipy.stats.{type(frozen).__name__}"
        given = [*map(brief, frozen.args), *(f"{key}={brief(value)}" for key, value in frozen.kwds.items())]
        return f"scipy.stats.{frozen.dist.name}({', '.join(given)})"

    @property
    def moments(self) -> float:
        return self._moments

    @functools.cached_property
    def _moments(self) -> float:
        with np.errstate(all="ignore"):
            if not np.isfinite(self.distribution.mean()):
                return 1.0
            return math.inf if np.isfinite(self.distribution.var()) else 2.0

    @property
    def support(self) -> tuple[float, float]:
        low, high = self.distribution.support()
        return float(low), float(high)

    @functools.cached_property
    def _quartiles(self) -> tuple[float, float]:
        return float(self.distribution.ppf(0.25)), float(self.distribution.isf(0.25))

    @property
    def quartiles(self) -> tuple[float, float]:
        return self._quartiles

    def cdf(self, x: Array) -> Array:
        return self._at("cdf", x)

    def sf(self, x: Array) -> Array:
        return self._at("sf", x)

    def mid(self, x: Array) -> Array:
        return self._at("cdf", x) - 0.5

    def log_cdf(self, x: Array) -> Array:
        return self._at("logcdf", x)

    def log_sf(self, x: Array) -> Array:
        return self._at("logsf", x)

    def quantile(self, q: Array) -> Array:
        return self._at("ppf", q)

    def isf(self, q: Array) -> Array:
        return self._at("isf", q)

    def mid_inverse(self, c: Array) -> Array:
        return self._at("ppf", 0.5 + c)

    def log_pdf(self, x: Array) -> Array:
        return self._at("logpdf", x)

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return np.asarray(self.distribution.rvs(size=size, random_state=rng), dtype=np.float64)

    def _at(self, function: str, x: Array) -> Array:
        if not is_numpy_array(x) and not isinstance(x, float):
            given = f"{type(x).__module__}.{type(x).__name__}"
            raise InputError(f"a marginal from scipy.stats works on NumPy arrays only, got {given}")
        # SciPy's formulas overflow on their way to a limit, such as exp(-exp(-x)) of the Gumbel law.
        with np.errstate(over="ignore", divide="ignore"):
            return getattr(self.distribution, function)(x)
