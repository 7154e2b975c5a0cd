"""Any frozen distribution of scipy.stats as a law."""

__all__ = ["ScipyLaw", "scipy_law", "standardised"]

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import is_numpy_array
from numpy.typing import NDArray

from latentot.brief import brief
from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.priors.affine import affine
from latentot.priors.column_laws import laws_of_coordinates
from latentot.priors.direct import DirectLaw
from latentot.priors.law import Law
from latentot.priors.parameters import flat, per_coordinate
from latentot.priors.scipy_variable import AsFrozen


@dataclass(frozen=True, eq=False)
class ScipyLaw(DirectLaw):
    """A frozen continuous distribution of scipy.stats as a law; NumPy arrays only.

    It is as accurate as SciPy is, and F(x) - 1/2 is the plain difference.

    Args:
        distribution: such as scipy.stats.gumbel_r(), or scipy.stats.Normal(), a Mixture, one of make_distribution.

    Raises:
        InputError: it is no frozen continuous distribution of one number, its parameters are not accepted by SciPy, or
            it is asked about another library's array.

    >>> import scipy.stats
    >>> ScipyLaw(scipy.stats.expon()).cdf(np.array([0.0, np.log(2)]))
    array([0. , 0.5])
    """

    distribution: Any

    def __post_init__(self) -> None:
        wanted = ("cdf", "sf", "ppf", "isf", "logpdf", "logcdf", "logsf", "rvs", "support", "mean", "var")
        if not isinstance(self.distribution, type) and AsFrozen.serves(self.distribution):
            object.__setattr__(self, "distribution", AsFrozen(self.distribution))
        given, advice = self.distribution, "give a frozen continuous distribution, such as scipy.stats.gumbel_r()"
        if isinstance(given, type):
            raise InputError(f"the marginal {given.__name__} is a class: {advice}")
        if hasattr(given, "freeze") and not _is_histogram(given):
            shapes = getattr(given, "shapes", None) or ""
            raise InputError(f"the marginal {given.name} is not frozen: write scipy.stats.{given.name}({shapes})")
        if hasattr(getattr(given, "dist", given), "pmf") and not hasattr(given, "logpdf"):
            raise InputError(f"the marginal {self!r} is discrete: {advice}")
        missing = [name for name in wanted if not hasattr(given, name)]
        if missing:
            raise InputError(f"the marginal {' '.join(repr(given).split())} has no {', '.join(missing)}: {advice}")
        with np.errstate(all="ignore"):
            quartiles = np.asarray(given.ppf([0.25, 0.75]), dtype=np.float64)
        if not (np.isfinite(quartiles).all() and quartiles[0] <= quartiles[1]):
            raise InputError(
                f"the marginal {self!r} has no quartiles: its parameters are not those of a distribution (a scale is "
                "finite and above 0)"
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScipyLaw) and self._recipe == other._recipe

    def __hash__(self) -> int:
        return hash(self._recipe)

    @property
    def _recipe(self) -> tuple[Any, ...]:
        """A key that is equal for two of SciPy's own distributions of the same law; for others, the object."""
        frozen = self.distribution
        kind = type(getattr(frozen, "dist", frozen))
        if kind.__module__.startswith("scipy.stats") and not _is_histogram(getattr(frozen, "dist", frozen)):
            return kind, *map(float, frozen.args), *((key, float(frozen.kwds[key])) for key in sorted(frozen.kwds))
        return (id(frozen),)

    def __repr__(self) -> str:
        frozen = self.distribution
        if not hasattr(frozen, "dist"):
            return f"scipy.stats.{type(getattr(frozen, 'variable', frozen)).__name__}"
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
        return float(self._at("ppf", 0.25)), float(self._at("isf", 0.25))

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
        try:
            with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
                found = getattr(self.distribution, function)(x)
        except (ArithmeticError, RuntimeError, ValueError) as error:
            raise InputError(
                f"SciPy fails to compute the {function} of {self!r}: give a distribution with a proper one"
            ) from error
        return found.astype(x.dtype) if is_numpy_array(x) else found


def scipy_law(given: Any, shape: tuple[int, ...]) -> Law:
    """The law of a distribution of scipy.stats, whose parameters may be arrays: then it is of each coordinate.

    Args:
        given: a frozen continuous distribution.
        shape: the shape of a latent, that arrays broadcast to.

    Raises:
        InputError: as `ScipyLaw`, or arrays do not fit the shape.

    >>> import scipy.stats
    >>> scipy_law(scipy.stats.norm(loc=[0, 1]), (2,))
    AffineLaw(law=scipy.stats.norm(), shift=[0, 1], scale=1)
    """
    frozen_by_scipy = not isinstance(given, type) and hasattr(getattr(given, "dist", None), "shapes")
    if not frozen_by_scipy or all(np.ndim(value) == 0 for value in (*given.args, *given.kwds.values())):
        return ScipyLaw(given)
    dist, shapes, loc, scale = _taken_apart(given)
    shift, width = (flat(per_coordinate(*of, shape), shape) for of in (("loc", loc), ("scale", scale)))
    own = {name: flat(per_coordinate(name, value, shape), shape) for name, value in shapes.items()}
    if not any(isinstance(value, np.ndarray) for value in own.values()):
        return affine(ScipyLaw(dist(**own)), shift, width)
    each = np.broadcast_arrays(np.empty(math.prod(shape)), shift, width, *own.values())[1:]
    made = functools.cache(lambda *values: ScipyLaw(dist(**dict(zip(own, values, strict=True)))))
    return laws_of_coordinates([affine(made(*values), a, b) for a, b, *values in np.stack(each, axis=1).tolist()])


def standardised(law: Law) -> Law:
    """A law of SciPy's as that of shift + scale * X, X with loc 0 and scale 1; any other law unchanged."""
    frozen: Any = law.distribution if isinstance(law, ScipyLaw) else None
    if not hasattr(getattr(frozen, "dist", None), "shapes") or _is_histogram(frozen.dist):
        return law
    standard, shapes, loc, scale = _taken_apart(frozen)
    return affine(ScipyLaw(standard(**shapes)), float(loc), float(scale))


def _taken_apart(frozen: Any) -> tuple[Any, dict[str, Any], Any, Any]:
    """The distribution that was frozen, its shape parameters, loc and scale."""
    names = [*(frozen.dist.shapes or "").replace(",", " ").split(), "loc", "scale"]
    shapes = dict(zip(names, frozen.args, strict=False)) | frozen.kwds
    return frozen.dist, shapes, shapes.pop("loc", 0.0), shapes.pop("scale", 1.0)


def _is_histogram(dist: Any) -> bool:
    """SciPy's distribution of a histogram, which has no parameters to be frozen with."""
    return type(dist).__name__ == "rv_histogram"
