"""Special functions on arrays of any library that follows the Python array API."""

__all__ = ["Array", "clip", "constant", "log1p_square", "special_functions"]

from types import ModuleType
from typing import Any

import numpy as np
import scipy  # loads scipy.special, which takes longer than NumPy, at its first use
from array_api_compat import array_namespace, is_jax_array, is_numpy_array, is_torch_array

from latentot.errors import InputError

Array = Any
"""An array of any library that follows the Python array API."""

LARGE = 1e9
"""From here on 1 + x^2 = x^2 to the last digit, also in float64."""


def clip(x: Array, low: float | None, high: float | None) -> Array:
    """x, or the end of [low, high] that it is beyond; NaN stays.

    array-api-compat's own takes NumPy ten times as long: it assigns through masks.

    Args:
        x: numbers, any shape, any array library.
        low: least value, None for no end.
        high: greatest value, None for no end.

    Returns:
        Of the shape, dtype and library of x.

    >>> clip(np.array([0.0, 2.0]), None, 1.0)
    array([0., 1.])
    """
    return np.clip(x, low, high) if is_numpy_array(x) else array_namespace(x).clip(x, low, high)


def constant(x: Array) -> Array:
    """The values of x, through which no gradient flows.

    For what cancels in exact arithmetic: its gradient would add rounding errors, or overflow.

    Args:
        x: numbers, any shape, any array library.

    Returns:
        Of the shape, dtype and library of x.

    >>> constant(np.array([1.0, 2.0]))
    array([1., 2.])
    """
    if is_torch_array(x):
        return x.detach()
    if is_jax_array(x):
        import jax

        return jax.lax.stop_gradient(x)
    return x


def log1p_square(x: Array) -> Array:
    """log(1 + x^2), also where x^2 is greater or less than any float.

    Args:
        x: real numbers, any shape, any array library.

    Returns:
        Of the shape, dtype and library of x.

    >>> log1p_square(np.array([0.0, 1e200])).round(4)
    array([  0.   , 921.034])
    """
    xp = array_namespace(x)
    large = xp.abs(x) >= LARGE
    near = xp.where(large, xp.zeros_like(x), x)
    return xp.where(large, 2 * xp.log(xp.where(large, xp.abs(x), xp.ones_like(x))), xp.log1p(near * near))


def special_functions(x: Array) -> ModuleType:
    """The module with `erf`, `ndtr`, `gammainc` and their like of the library that `x` belongs to.

    Args:
        x: an array of NumPy, torch or JAX.

    Raises:
        InputError: its library has no special functions.

    >>> special_functions(np.zeros(1)).__name__
    'scipy.special'
    """
    if is_torch_array(x):
        import torch

        return torch.special
    if is_jax_array(x):
        import jax.scipy.special

        return jax.scipy.special
    if is_numpy_array(x):
        return scipy.special
    raise InputError(
        f"{type(x).__module__}.{type(x).__name__} has no special functions: give NumPy, torch or JAX arrays"
    )
