"""The contract of a generative model: a prior, a decoder, and perhaps an encoder."""

__all__ = ["Model"]

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.brief import brief
from latentot.errors import InputError
from latentot.models.on_tensors import on_arrays
from latentot.priors import Prior, as_prior

DIFFERENTIABLE = "torch", "jax"
"""Array libraries that a model's gradients can be claimed in."""


@dataclass(frozen=True)
class Model:
    """A generative model, made of callables on NumPy arrays.

    Args:
        prior: the law of its latents; latents themselves are an `Empirical` prior.
        decode: latents of shape (n, *prior.shape) to data of shape (n, *data shape); a torch module, or a method of one
            such as `vae.decode`, may be given as it is.
        encode: data to a `Posterior`, or a pair (mean, scale) of normal laws, each of shape (n, *prior.shape); None if
            the model has no encoder.
        name: how reports call it.
        provenance: plain facts of where it comes from: checkpoint, hash, options.
        deterministic: whether the same latents always decode to the same data, and data encode to the same laws.
        gradients: "torch" or "jax" if `decode` also takes latents of that library, gives data of that library, and
            gradients flow from these to those; None if it takes NumPy arrays only.
        sample: how the model draws latents where it does not leave that to its prior, sample(n, rng) with a
            Generator; it must follow the prior, and `check_model` holds it to that.
        draw: how data that are no pictures are shown, (k, *data shape) to pictures in [0, 1] of shape (k, height,
            width) or (k, height, width, 3); the k data follow one another, and what they share should be in one place.

    Raises:
        InputError: a part is not of its kind.

    >>> import latentot as lot, numpy as np
    >>> lot.Model(prior=lot.Normal(2), decode=lambda z: z @ [[1.0], [2.0]]).decode(np.ones((5, 2))).shape
    (5, 1)
    """

    prior: Prior
    decode: Callable[[NDArray[Any]], NDArray[Any]]
    encode: Callable[[NDArray[Any]], tuple[NDArray[Any], NDArray[Any]]] | None = None
    name: str = "model"
    provenance: Mapping[str, Any] = field(default_factory=dict)
    deterministic: bool = True
    gradients: str | None = None
    sample: Callable[[int, np.random.Generator], NDArray[Any]] | None = None
    draw: Callable[[NDArray[Any]], NDArray[Any]] | None = None

    def __repr__(self) -> str:
        parts = (f"{part}={brief(made)}" for part in ("decode", "encode", "sample") if (made := getattr(self, part)))
        return f"Model({self.name!r}, prior={brief(self.prior)}, {', '.join(parts)})"

    def __post_init__(self) -> None:
        object.__setattr__(self, "prior", as_prior(self.prior))
        for part in ("decode", "encode", "sample", "draw"):
            given = getattr(self, part)
            if not callable(given) and not (part != "decode" and given is None):
                raise InputError(f"a model's {part} is a callable, got {given!r}")
        for part in ("decode", "encode"):
            object.__setattr__(self, part, on_arrays(getattr(self, part)))
        if not isinstance(self.name, str) or not self.name.strip():
            raise InputError(f"a model's name is a text that reports can show, got {self.name!r}")
        if not isinstance(self.provenance, Mapping):
            raise InputError(f"a model's provenance is a mapping of plain facts, got {type(self.provenance).__name__}")
        if self.gradients not in (None, *DIFFERENTIABLE):
            raise InputError(f"a model's gradients are None or one of {', '.join(DIFFERENTIABLE)}: {self.gradients!r}")
