"""The contract of a generative model: a prior, a decoder, and perhaps an encoder."""

__all__ = ["Model"]

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.priors import Prior


@dataclass(frozen=True)
class Model:
    """A generative model, made of callables on NumPy arrays.

    Args:
        prior: the law of its latents.
        decode: latents of shape (n, *prior.shape) to data of shape (n, *data shape).
        encode: data to a `Posterior`, or a pair (mean, scale) of normal laws, each of shape (n, *prior.shape); None if
            the model has no encoder.
        name: how reports call it.
        provenance: plain facts of where it comes from: checkpoint, hash, options.

    >>> import latentot as lot, numpy as np
    >>> lot.Model(prior=lot.Normal(2), decode=lambda z: z @ [[1.0], [2.0]]).decode(np.ones((5, 2))).shape
    (5, 1)
    """

    prior: Prior
    decode: Callable[[NDArray[Any]], NDArray[Any]]
    encode: Callable[[NDArray[Any]], tuple[NDArray[Any], NDArray[Any]]] | None = None
    name: str = "model"
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.prior, Prior):
            raise InputError(f"a model's prior is a latentot prior such as Normal(64), got {self.prior!r}")
        for part, given in (("decode", self.decode), ("encode", self.encode)):
            if not callable(given) and not (part == "encode" and given is None):
                raise InputError(f"a model's {part} is a callable, got {given!r}")
