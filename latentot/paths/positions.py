"""Positions on a path: one, a sequence of them, or one per pair."""

__all__ = ["Position", "check_positions", "weights_at"]

import math
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, is_numpy_array, is_torch_array
from numpy.typing import NDArray

from latentot.arrays import check_plain, shown
from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.paths.weights import Weight, Weights

ACCEPTED = "t is a number or a sequence of numbers, or one number a pair, shape (n, 1)"

Position = Weight
"""A number, or a column of shape (n, 1) for n pairs; (1, 1) for one number that is an array."""


def check_positions(t: Any, z: Array, shape: tuple[int, ...], beyond: str) -> Position | list[Position]:
    """One position, or one a pair, or the list of positions in a sequence.

    An array of the library of z whose gradient is wanted, which is being traced, or which is not on the host stays
    the array that it is. Any other is read and becomes NumPy's numbers.

    Args:
        t: a number; a sequence of m; or one number a pair, shape (*batch, 1) or (*batch, 1, ..., 1) with a 1 for each
            axis of a latent, where batch broadcasts to the leading axes of z.
        z: latents, shape (..., *shape).
        shape: of one latent.
        beyond: the advice for points outside [0, 1], as part of a message.

    Raises:
        InputError: t is no number, of another shape, or outside [0, 1].

    >>> check_positions([0, 0.5], np.zeros((3, 2)), (2,), ""), check_positions([[0.5]], np.zeros((2, 4)), (4,), "")
    ([0.0, 0.5], array([[0.5],
           [0.5]]))
    """
    check_plain("t", t)
    numbers = _numbers(t, z)
    if numbers is not None and not ((numbers >= 0) & (numbers <= 1)).all():
        raise InputError(f"t lies between 0 and 1, got {shown(t)}{beyond if np.isfinite(numbers).all() else ''}")
    if numbers is None or (is_torch_array(t) and t.requires_grad):
        at, xp = t, array_namespace(t)
    else:
        at, xp = numbers, np
    if at.ndim == 1:
        return [_one(at[i]) for i in range(at.shape[0])]
    return _one(at) if at.ndim == 0 else _a_pair(xp, at, tuple(z.shape[: len(z.shape) - len(shape)]), len(shape))


def weights_at(t: Position, xp: Any, z: Array, working: Any) -> Weights:
    """1 - t and t, as numbers, or as columns that go with z in the dtype that is computed in."""
    if isinstance(t, float):
        return 1 - t, t
    if is_numpy_array(t):
        return [xp.asarray(weight, dtype=working, device=device(z)) for weight in (1 - t, t)]
    return [xp.astype(weight, working) for weight in (1 - t, t)]


def _one(t: Any) -> Position:
    return float(t) if is_numpy_array(t) else array_namespace(t).reshape(t, (1, 1))


def _a_pair(xp: Any, t: Array, leading: tuple[int, ...], axes: int) -> Array:
    """A column with one t for each of the rows that the leading axes hold."""
    given = tuple(t.shape)
    batch = given[:-axes] if given[-axes:] == (1,) * axes else given[:-1]
    if given[-1] != 1 or not _fits(batch, leading):
        raise InputError(f"{ACCEPTED}; for these latents {(*leading, 1) if leading else 'a number'}, got shape {given}")
    return xp.reshape(xp.broadcast_to(xp.reshape(t, batch), leading), (math.prod(leading), 1))


def _fits(batch: tuple[int, ...], leading: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(batch, leading) == leading
    except ValueError:
        return False


def _numbers(t: Any, z: Array) -> NDArray[np.float64] | None:
    """The values of t; None where they cannot be seen, and t is of the library of z."""
    try:
        read = np.asarray(t.detach() if is_torch_array(t) and is_torch_array(z) else t)
        if read.dtype.kind in "biufO":
            return read.astype(np.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        if hasattr(t, "shape") and _alike(t, z):
            return None
        raise InputError(f"{ACCEPTED}, got {shown(t)}") from error
    raise InputError(f"{ACCEPTED}, got {shown(t)}")


def _alike(t: Any, z: Array) -> bool:
    try:
        array_namespace(t, z)
    except TypeError:
        return False
    return not is_numpy_array(z)
