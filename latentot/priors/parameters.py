"""Parameters of priors: a number for all coordinates, or one for each."""

__all__ = ["Parameter", "flat", "per_coordinate"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError

Parameter = float | NDArray[np.float64]
"""A number for all coordinates, or a read-only array of one for each."""


def per_coordinate(name: str, given: Any, shape: tuple[int, ...]) -> Parameter:
    """A parameter of a prior, checked: a number where all coordinates have the same, else an array of a latent's shape.

    Args:
        name: what the parameter is called, for the message.
        given: a number, or an array or list of numbers that broadcasts to the shape.
        shape: the shape of a latent.

    Raises:
        InputError: it is neither a number nor an array of numbers that fits the shape.

    >>> per_coordinate("scale", [2, 2, 2], (3,)), per_coordinate("scale", [[1], [2]], (2, 3)).shape
    (2.0, (2, 3))
    """
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        text = " ".join(repr(given).split())
        raise InputError(f"{name} is a number, or a list of numbers, one a coordinate, got {text}") from error
    if numbers.ndim == 0:
        return float(numbers)
    try:
        each = np.broadcast_to(numbers, shape)
    except ValueError as error:
        raise InputError(
            f"{name} is a number, or one a coordinate of latents of shape {shape}, got shape {numbers.shape}"
        ) from error
    first = float(each.flat[0])
    if (each == first).all():
        return first
    own = np.ascontiguousarray(each) + 0.0
    own.flags.writeable = False
    return own


def flat(parameter: Parameter, shape: tuple[int, ...]) -> Parameter:
    """A number unchanged; an array of a latent's shape flattened to shape (d,)."""
    return np.broadcast_to(parameter, shape).reshape(-1) if isinstance(parameter, np.ndarray) else parameter
