"""Checks of what a path is given, each with one clear line."""

__all__ = ["check_finite", "check_latents", "check_weights", "is_bounded", "precision"]

from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, is_jax_array, is_numpy_array, is_torch_array
from numpy.typing import NDArray

from latentot.arrays import check_plain, on_host, shown
from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.priors import Prior


def check_latents(prior: Prior, **latents: Array) -> Any:
    """The namespace of latents that agree with each other and with the prior.

    Raises:
        InputError: they are not plain arrays of one library, not floating-point, or of another shape.
    """
    arrays = list(latents.values())
    for name, z in latents.items():
        check_plain(name, z)
    try:
        xp = array_namespace(*arrays)
    except TypeError as error:
        kinds = " and ".join(sorted({type(array).__name__ for array in arrays}))
        raise InputError(
            f"latents are arrays of one library (NumPy, torch, JAX, ...), got {kinds}: numpy.asarray(z) makes one"
        ) from error
    first = arrays[0]
    for other in arrays[1:]:
        if other.shape != first.shape or other.dtype != first.dtype:
            given = " and ".join(f"{tuple(array.shape)} {array.dtype}" for array in arrays)
            raise InputError(f"endpoints must agree, got {given}")
        if is_torch_array(first) and device(other) != device(first):
            raise InputError(f"endpoints must be on one device, got {device(first)} and {device(other)}")
    if tuple(first.shape[max(0, len(first.shape) - len(prior.shape)) :]) != prior.shape:
        raise InputError(f"latents of {prior!r} have shape (..., *{prior.shape}), got {tuple(first.shape)}")
    if not (_is_half(first) or xp.isdtype(first.dtype, "real floating")):
        raise InputError(f"latents are real floating-point numbers, got {first.dtype}: convert them first")
    return xp


def check_finite(prior: Prior, first: int = 0, **latents: Array) -> None:
    """Refuse NumPy latents that are not finite or not in the prior's support; others' values are not read.

    Args:
        prior: the law that they are draws of.
        first: number of their first row, for the message.
        **latents: arrays by name.
    """
    for name, z in latents.items():
        if not is_numpy_array(z) or z.size == 0:
            continue
        if not np.isfinite(z.min() - z.max()) and not np.isfinite(z).all():
            bad = ~np.isfinite(z.reshape(-1, prior.dim))
            row = first + int(np.argmax(bad.any(axis=1)))
            raise InputError(
                f"{name} must be finite: {int(bad.sum())} of its values are NaN or infinite, first in row {row}"
            )
        outside = prior.outside(z.reshape(-1, *prior.shape)) if is_bounded(prior) else np.zeros(1)
        if outside.any():
            row = first + int(np.argmax(outside))
            raise InputError(f"{name} must be in the support of {prior!r}: row {row} is not")


def check_weights(weights: Any, k: int) -> NDArray[np.float64]:
    """Weights of k points, as an array of shape (k,) or (m, k).

    Raises:
        InputError: they are not finite numbers, all zero, or not k.
    """
    rows = on_host("weights", weights)
    if not np.isrealobj(rows) or rows.dtype.kind not in "biuf":
        raise InputError(f"weights are numbers, shape (k,) or (m, k), got {shown(weights)}")
    if rows.ndim not in {1, 2} or not np.isfinite(rows).all():
        raise InputError(f"weights are finite numbers, shape (k,) or (m, k), got {shown(weights)}")
    if rows.shape[-1] != k or k == 0:
        raise InputError(f"there must be one weight a point, got {rows.shape[-1]} weights and {k} points")
    if not rows.any(axis=-1).all():
        raise InputError("weights must not all be zero")
    return rows.astype(np.float64, copy=False)


def precision(xp: Any, z: Array, in_double: bool) -> Any:
    """The dtype to compute in: half precision overflows in a norm and is computed in single.

    JAX has no double precision unless it is switched on, and computes in the precision given.
    """
    if in_double and not is_jax_array(z):
        return xp.float64
    return xp.float32 if _is_half(z) else z.dtype


def is_bounded(prior: Prior) -> bool:
    """Whether there are latents outside the prior's support at all."""
    if prior.marginal is not None:
        return bool(np.isfinite(prior.marginal.support).any())
    return prior.radius is not None and bool(np.isfinite(prior.radius.support[1]))


def _is_half(z: Array) -> bool:
    return str(z.dtype).rsplit(".", maxsplit=1)[-1] in {"float16", "bfloat16"}
