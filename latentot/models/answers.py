"""What a model answers: decoded and encoded at one place, and held to the contract."""

__all__ = ["decoded", "encoded"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.arrays import on_host, released, shown
from latentot.errors import InputError, one_line
from latentot.models.model import Model
from latentot.models.posterior import Posterior

INSTEAD = (
    "arrays are NumPy's, in double precision: give a torch module or a method of it as it is, or convert inside, "
    "net(torch.tensor(z, dtype=torch.float32)).detach().numpy()"
)
"""What to do where a function of tensors was given."""


def decoded(model: Model, z: NDArray[Any]) -> NDArray[Any]:
    """Data of latents, floating-point and finite.

    Args:
        model: it is given a copy of latents.
        z: latents, shape (n, *prior.shape).

    Returns:
        Shape (n, *data shape).

    Raises:
        InputError: the model fails, or gives what are no data.

    >>> import latentot as lot
    >>> decoded(lot.Model(lot.Normal(2), lambda z: z > 0, name="signs"), np.ones((1, 2)))
    array([[1., 1.]])
    """
    try:
        x = on_host("data", released(model.decode(z.copy())))
    except Exception as error:
        raise InputError(f"{model.name} cannot decode: {_why(error)}") from error
    if x.dtype.kind not in "fiub" or x.shape[:1] != z.shape[:1]:
        got = f"{x.dtype} of shape {x.shape}" if x.dtype != object else shown(x[()] if x.ndim == 0 else x)
        raise InputError(
            f"{model.name} must decode {len(z)} latents to as many data, numbers of shape (n, *data shape), got {got}"
        )
    bad = int((~np.isfinite(x.reshape(len(x), -1))).any(axis=1).sum())
    if bad:
        raise InputError(f"{model.name} decodes {bad} of {len(z)} latents to values that are NaN or infinite")
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def encoded(model: Model, x: NDArray[Any]) -> Posterior:
    """What the encoder says of data, in double precision.

    Args:
        model: it is given a copy of the data.
        x: data, shape (n, *data shape).

    Returns:
        Mean and scale of shape (n, *prior.shape), the scale not negative; of some data they may be NaN or infinite,
        which costs only what is made of these.

    Raises:
        InputError: there is no encoder, it fails, or gives what is no law of latents.

    >>> import latentot as lot
    >>> encoded(lot.Model(lot.Normal(1), abs, lambda x: (x, -x), name="mine"), np.ones((2, 1)))
    Traceback (most recent call last):
    latentot.errors.InputError: mine encodes to scales between -1 and -1: a scale is a standard deviation; of a \
log-variance v it is exp(v / 2)
    """
    if model.encode is None:
        raise InputError(f"{model.name} has no encoder")
    try:
        posterior = Posterior.of(model.encode(x.copy()))
        mean, scale = (np.asarray(on_host("codes", released(part)), dtype=np.float64) for part in posterior)
    except Exception as error:
        raise InputError(f"{model.name} cannot encode the data: {_why(error)}") from error
    wanted = (len(x), *model.prior.shape)
    if mean.shape != wanted or scale.shape != wanted:
        raise InputError(f"{model.name} must encode to mean and scale {wanted}, got {mean.shape} and {scale.shape}")
    finite = (np.isfinite(mean) & np.isfinite(scale)).reshape(len(x), -1).all(axis=1)
    if not finite.any():
        raise InputError(f"{model.name} encodes data to NaN or infinite values")
    if (scale < 0).any():
        raise InputError(
            f"{model.name} encodes to scales between {scale.min():.3g} and {scale.max():.3g}: a scale is a standard "
            "deviation; of a log-variance v it is exp(v / 2)"
        )
    return Posterior(mean, scale, posterior.law)


def _why(error: Exception) -> str:
    """What went wrong, and what to do where it is that of a function of tensors."""
    said = one_line(error)
    of_tensors = "numpy.ndarray" in said or ("Double" in said and "Float" in said)
    return f"{said}: {INSTEAD}" if of_tensors else said
