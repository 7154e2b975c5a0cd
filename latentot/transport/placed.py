"""Constants of a map in the library, dtype and device of the points that it carries."""

__all__ = ["placed"]

from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, is_numpy_array
from numpy.typing import NDArray

from latentot.numerics.special import Array


def placed(constant: NDArray[Any], z: Array) -> Array:
    """A constant beside points: the constant itself for NumPy points, else a copy in their dtype, on their device.

    Args:
        constant: numbers that a fit has found.
        z: points of any library; none is copied.

    >>> placed(np.ones(2), np.zeros(3, np.float32)).dtype
    dtype('float64')
    """
    if is_numpy_array(z):
        return constant
    xp = array_namespace(z)
    return xp.asarray(np.array(constant), dtype=z.dtype, device=device(z))
