"""Special functions of probability on arrays of any library: each library's own implementation."""

__all__ = ["Array", "special_functions"]

from types import ModuleType
from typing import Any

import scipy.special
from array_api_compat import is_jax_array, is_torch_array

Array = Any
"""An array of any library that follows the Python array API."""


def special_functions(x: Array) -> ModuleType:
    """The module with `ndtr`, `ndtri`, `erf`, `erfinv` of the library that `x` belongs to.

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
    return scipy.special
