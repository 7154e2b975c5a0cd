"""Polynomial approximations of a function on an interval: fitted on the host, evaluated in any array library."""

__all__ = ["Polynomial", "horner"]

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.numerics.special import Array

Wide = NDArray[np.longdouble]


def horner(coefficients: Sequence[float], x: Array) -> Array:
    """c_0 + c_1 x + c_2 x^2 + ... by Horner's rule.

    Args:
        coefficients: of at least two powers, lowest first.
        x: where, any shape, any array library.

    >>> float(horner((1.0, 2.0, 3.0), np.float64(10)))
    321.0
    """
    value = x * coefficients[-1] + coefficients[-2]
    for coefficient in coefficients[-3::-1]:
        if isinstance(value, np.ndarray):
            # In place, which autograd and JAX do not support, NumPy is a fifth faster.
            value *= x
            value += coefficient
        else:
            value = value * x + coefficient
    return value


@dataclass(frozen=True)
class Polynomial:
    """p(x) = sum of c_k u^k, u = (2 x - low - high) / (high - low) between -1 and 1.

    Args:
        low: where the interval begins.
        high: where it ends.
        coefficients: of the powers of u, lowest first.

    >>> sine = Polynomial.fit(np.sin, 0.0, 1.0, degree=12)
    >>> bool(abs(sine(np.array(0.3)) - np.sin(0.3)) < 1e-15)
    True
    """

    low: float
    high: float
    coefficients: tuple[float, ...]

    @classmethod
    def fit(cls, function: Callable[[Wide], Any], low: float, high: float, *, degree: int) -> "Polynomial":
        """Interpolate a smooth function at the Chebyshev points of an interval.

        The sums run in extended precision where the machine has it, so that only the coefficients are rounded.

        Args:
            function: takes and returns arrays of shape (m,).
            low: where the interval begins.
            high: where it ends.
            degree: highest power.

        Raises:
            ArithmeticError: the function is not finite at one of the points.
        """
        angle = (np.arange(degree + 1, dtype=np.longdouble) + 0.5) * (np.arccos(np.longdouble(-1)) / (degree + 1))
        middle, half = (np.longdouble(low) + high) / 2, (np.longdouble(high) - low) / 2
        values = np.asarray(function(middle + half * np.cos(angle)), dtype=np.longdouble)
        if not np.isfinite(values).all():
            raise ArithmeticError(f"a function to be fitted on [{low}, {high}] is not finite there")
        chebyshev = np.cos(np.multiply.outer(np.arange(degree + 1), angle)) @ values * 2 / (degree + 1)
        chebyshev[0] /= 2
        return cls(float(low), float(high), tuple(float(c) for c in np.polynomial.chebyshev.cheb2poly(chebyshev)))

    def __call__(self, x: Array) -> Array:
        half = (self.high - self.low) / 2
        return horner(self.coefficients, (x - (self.low + self.high) / 2) / half)
