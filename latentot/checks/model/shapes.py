"""Checks of shapes and kinds of numbers: what goes in and out of a model."""

__all__ = ["DECODE_SHAPE", "ENCODE_SCALE", "ENCODE_SHAPE", "FINITE"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.checks.check import Check, Finding, failed, skipped
from latentot.checks.model.case import Case, drawable

MANY = 256


def _decode_shape(case: Case) -> Finding | None:
    seen: NDArray[Any] | None = None
    for n in (len(case.z), 3, 1):
        for dtype in (np.float64, np.float32):
            z = case.z[:n].astype(dtype)
            x = case.model.decode(z)
            if not isinstance(x, np.ndarray) or not np.issubdtype(x.dtype, np.floating):
                kind = f"an array of {x.dtype}" if isinstance(x, np.ndarray) else type(x).__name__
                return failed(
                    f"decode gives {kind}: return a NumPy array of floating-point numbers (of images, in [0, 1])"
                )
            if x.ndim < 2 or len(x) != n:
                return failed(
                    f"decode gives shape {x.shape} for {n} latents of shape {z.shape}: return (n, *data shape), one "
                    f"row for each latent"
                )
            if seen is not None and x.shape[1:] != seen.shape[1:]:
                return failed(
                    f"decode gives data of shape {x.shape[1:]} and of {seen.shape[1:]}: give all data one shape"
                )
            seen = x
    return None


def _finite(case: Case) -> Finding | None:
    z = case.model.prior.sample(drawable(case.model.prior, MANY), rng=case.seed)
    x = case.decode(z)
    wrong = int((~np.isfinite(x)).reshape(len(x), -1).any(axis=1).sum())
    if wrong:
        return failed(
            f"decode gives NaN or infinite values for {wrong} of {len(z)} draws of the prior: keep numbers in range (a "
            "logarithm or a division by zero, half precision that overflows), or give the prior that the model knows"
        )
    return None


def _encode_shape(case: Case) -> Finding | None:
    if case.model.encode is None:
        return skipped("the model has no encoder")
    shape = case.model.prior.shape
    for n in (len(case.x), 1):
        encoded = case.model.encode(case.x[:n].copy())
        if not isinstance(encoded, tuple | list) or len(encoded) != 2:
            return failed(f"encode gives {type(encoded).__name__}: return lot.Posterior(mean, scale)")
        for what, part in zip(("mean", "scale"), encoded, strict=True):
            if not isinstance(part, np.ndarray) or not np.issubdtype(part.dtype, np.floating):
                return failed(
                    f"encode gives a {what} that is no NumPy array of floating-point numbers: return an array of them"
                )
            if part.shape != (n, *shape):
                return failed(
                    f"encode gives a {what} of shape {part.shape} for {n} data: return (n, *prior.shape), here "
                    f"{(n, *shape)}; a scale of one number is repeated with np.full_like(mean, scale)"
                )
    return None


def _encode_scale(case: Case) -> Finding | None:
    if case.model.encode is None:
        return skipped("the model has no encoder")
    mean, scale = case.encode(case.x)
    if not np.isfinite(mean).all():
        return failed("encode gives means that are NaN or infinite: keep numbers in range, and data as it was trained")
    if not (np.isfinite(scale).all() and (scale > 0).all()):
        return failed(
            f"encode gives scales between {scale.min():.3g} and {scale.max():.3g}: a scale is a standard deviation, "
            "positive and finite; of a log-variance v it is exp(v / 2)"
        )
    return None


DECODE_SHAPE = Check("decode-shape", "decode gives floating-point data, one row for each latent", _decode_shape)
FINITE = Check("finite", "decode gives finite data for draws of the prior", _finite)
ENCODE_SHAPE = Check("encode-shape", "encode gives mean and scale in the shape of latents", _encode_shape)
ENCODE_SCALE = Check("encode-scale", "encode gives finite means and positive scales", _encode_scale)
