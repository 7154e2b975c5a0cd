"""A law that is shifted and scaled."""

__all__ = ["AffineLaw", "affine"]

import math
from dataclasses import dataclass

import numpy as np
from array_api_compat import array_namespace, device, is_numpy_array
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.priors.by_value import ByValue, shown
from latentot.priors.law import Law
from latentot.priors.parameters import Parameter


@dataclass(frozen=True, eq=False, repr=False)
class AffineLaw(ByValue, Law):
    """The law of shift + scale * X: F(x) = F_X((x - shift) / scale), scale > 0.

    Args:
        law: the law of X, the same for all coordinates.
        shift: added to X, a number or one a coordinate, shape (d,).
        scale: multiplies X, positive, a number or one a coordinate.

    Raises:
        InputError: shift or scale is not finite, or scale is not positive.

    >>> from latentot.priors.cauchy import CauchyLaw
    >>> AffineLaw(CauchyLaw(), shift=1, scale=2).quartiles
    (-1.0, 3.0)
    """

    law: Law
    shift: Parameter
    scale: Parameter

    def __post_init__(self) -> None:
        parts = self.shift, self.scale
        if any(isinstance(part, np.ndarray) for part in parts):
            proper = all(np.isfinite(part).all() for part in parts) and np.min(self.scale) > 0
        else:  # NumPy takes ten times as long for plain numbers, and priors make their law at each call
            proper = all(map(math.isfinite, parts)) and self.scale > 0
        if not proper:
            given = f"shift={shown(self.shift)}, scale={shown(self.scale)}"
            raise InputError(f"a law is shifted by finite numbers and scaled by positive ones, got {given}")

    @property
    def size(self) -> int | None:
        sizes = [len(part) for part in (self.shift, self.scale) if isinstance(part, np.ndarray)]
        return sizes[0] if sizes else None

    def coordinate(self, j: int) -> Law:
        shift, scale = (float(part[j]) if isinstance(part, np.ndarray) else part for part in (self.shift, self.scale))
        return affine(self.law, shift, scale)

    def parameters(self, x: Array) -> tuple[Array, Array]:
        """Shift and scale: numbers as they are, arrays of the dtype, library and device of x."""
        return _like(self.shift, x), _like(self.scale, x)

    def standard(self, x: Array) -> Array:
        """(x - shift) / scale, a value of X."""
        shift, scale = self.parameters(x)
        return (x - shift) / scale

    def own(self, x: Array) -> Array:
        """shift + scale * x, for a value x of X."""
        shift, scale = self.parameters(x)
        return x * scale + shift

    @property
    def moments(self) -> float:
        return self.law.moments

    @property
    def support(self) -> tuple[float, float]:
        low, high = self.law.support
        return self.own(low), self.own(high)

    @property
    def quartiles(self) -> tuple[float, float]:
        low, high = self.law.quartiles
        return self.own(low), self.own(high)

    def cdf(self, x: Array) -> Array:
        return self.law.cdf(self.standard(x))

    def sf(self, x: Array) -> Array:
        return self.law.sf(self.standard(x))

    def mid(self, x: Array) -> Array:
        return self.law.mid(self.standard(x))

    def log_cdf(self, x: Array) -> Array:
        return self.law.log_cdf(self.standard(x))

    def log_sf(self, x: Array) -> Array:
        return self.law.log_sf(self.standard(x))

    def quantile(self, q: Array) -> Array:
        return self.own(self.law.quantile(q))

    def isf(self, q: Array) -> Array:
        return self.own(self.law.isf(q))

    def mid_inverse(self, c: Array) -> Array:
        return self.own(self.law.mid_inverse(c))

    def quantile_log(self, log_q: Array) -> Array:
        return self.own(self.law.quantile_log(log_q))

    def isf_log(self, log_q: Array) -> Array:
        return self.own(self.law.isf_log(log_q))

    def log_pdf(self, x: Array) -> Array:
        log_scale = np.log(self.scale) if isinstance(self.scale, np.ndarray) else math.log(self.scale)
        return self.law.log_pdf(self.standard(x)) - _like(log_scale, x)

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.own(self.law.sample(size, rng=rng))

    def center(self, x: Array) -> Array:
        return self.law.center(self.standard(x))

    def center_inverse(self, c: Array) -> Array:
        return self.own(self.law.center_inverse(c))

    def period(self, x: Array, upper: Array) -> Array:
        return self.law.period(self.standard(x), upper)

    def period_inverse(self, w: Array, upper: Array) -> Array:
        return self.own(self.law.period_inverse(w, upper))


def affine(law: Law, shift: Parameter, scale: Parameter) -> Law:
    """The law of shift + scale * X; the law of X itself where that changes nothing.

    Args:
        law: the law of X.
        shift: a number, or one a coordinate, shape (d,).
        scale: a positive number, or one a coordinate.
    """
    if isinstance(shift, np.ndarray) or isinstance(scale, np.ndarray):
        return AffineLaw(law, shift, scale)
    return law if (shift, scale) == (0.0, 1.0) else AffineLaw(law, shift, scale)


def _like(parameter: Parameter, x: Array) -> Array:
    if not isinstance(parameter, np.ndarray) or isinstance(x, int | float):
        return parameter
    if is_numpy_array(x):
        return parameter.astype(x.dtype, copy=False)
    # A copy, as torch warns of arrays that cannot be written to.
    return array_namespace(x).asarray(parameter.copy(), dtype=x.dtype, device=device(x))
