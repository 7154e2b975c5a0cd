"""Special functions on arrays of any library that follows the Python array API."""

__all__ = ["Array", "log1p_square", "special_functions"]

from types import ModuleType
from typing import Any

import scipy.special
from array_api_compat import array_namespace, is_jax_array, is_numpy_array, is_torch_array

from latentot.errors import InputError

Array = Any
"""An array of any library that follows the Python array API."""

LARGE = 1e9
"""From here on 1 + x^2 = x^2 to the last digit, also in float64."""


def log1p_square(x: Array) -> Array:
    """log(1 + x^2), also where x^2 is greater or less than any float.

    Args:
        x: real numbers, any shape, any array library.

    Returns:
        Of the shape, dtype and library of x.

    >>> import numpy as np
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

    >>> import numpy as np
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
