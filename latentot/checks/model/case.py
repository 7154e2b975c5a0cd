"""A case: the model that is checked, how to make it again, and what it is tried on."""

__all__ = ["Case", "Recipe", "drawable", "outputs", "within"]

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.models import Model, load_model
from latentot.priors import Empirical, Prior

ROWS = 12
"""Latents that a model is tried on: enough to be put in another order, few enough for any decoder."""


@dataclass(frozen=True)
class Recipe:
    """How to make a model.

    Args:
        factory: the name of an installed plugin, or a function that makes a model.
        options: what it is called with.
    """

    factory: str | Callable[..., Model]
    options: Mapping[str, Any] = field(default_factory=dict)

    def make(self) -> Model:
        """A model, made anew.

        Raises:
            InputError: it cannot be made, or is no model.
        """
        if isinstance(self.factory, str):
            return load_model(self.factory, **self.options)
        model = self.factory(**self.options)
        if not isinstance(model, Model):
            raise InputError(f"the factory made {type(model).__name__}, not a latentot.Model: return lot.Model(...)")
        return model


@dataclass(frozen=True, eq=False)
class Case:
    """What checks are run on.

    Args:
        model: the model.
        recipe: how to make it again; None for a model object.
        data: data for its encoder, shape (n, *data shape); None for what it decodes itself.
        seed: the same seed gives the same latents.
    """

    model: Model
    recipe: Recipe | None = None
    data: NDArray[Any] | None = None
    seed: int = 0

    @property
    def name(self) -> str:
        """The model's."""
        return self.model.name

    @property
    def advice(self) -> str:
        """What to change where the model ends with an exception."""
        return "make the model take NumPy arrays of latents and data, in single and in double precision"

    @functools.cached_property
    def z(self) -> NDArray[np.float64]:
        """Latents, draws of the prior, shape (n, *prior.shape)."""
        return self.model.prior.sample(drawable(self.model.prior, ROWS), rng=self.seed)

    @functools.cached_property
    def x(self) -> NDArray[Any]:
        """Data for the encoder, shape (n, *data shape)."""
        return self.decode(self.z) if self.data is None else np.asarray(self.data)[:ROWS]

    @property
    def given(self) -> tuple[NDArray[np.float64], NDArray[Any] | None]:
        """What the model is given: latents, and data if it has an encoder."""
        return self.z, None if self.model.encode is None else self.x

    def decode(self, z: NDArray[Any]) -> NDArray[Any]:
        """What the model decodes a copy of latents to."""
        return np.asarray(self.model.decode(z.copy()))

    def encode(self, x: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Mean and scale that the model encodes a copy of data to.

        Raises:
            InputError: it has no encoder.
        """
        if self.model.encode is None:
            raise InputError(f"{self.model.name} has no encoder")
        mean, scale = self.model.encode(x.copy())
        return np.asarray(mean), np.asarray(scale)


def drawable(prior: Prior, n: int) -> int:
    """How many latents can be drawn at once, n at the most."""
    return min(n, len(prior.samples)) if isinstance(prior, Empirical) and not prior.replace else n


def outputs(model: Model, z: NDArray[Any], x: NDArray[Any] | None) -> dict[str, NDArray[Any]]:
    """All that a model makes of latents and data, by what gave it."""
    found = {"decode": np.asarray(model.decode(z.copy()))}
    if model.encode is not None and x is not None:
        mean, scale = model.encode(x.copy())
        found |= {"the mean of encode": np.asarray(mean), "the scale of encode": np.asarray(scale)}
    return found


def within(left: NDArray[Any], right: NDArray[Any]) -> bool:
    """Whether two arrays agree in half of their digits: what rounding in another order may change, and no more.

    >>> within(np.ones(2), np.ones(2) + 1e-12), within(np.ones(2), np.ones(2) + 1e-3)
    (True, False)
    """
    if left.shape != right.shape or left.dtype != right.dtype:
        return False
    if not np.issubdtype(left.dtype, np.floating):
        return bool((left == right).all())
    finite = left[np.isfinite(left)]
    scale = float(np.abs(finite).max(initial=0.0))
    tolerance = float(np.finfo(left.dtype).eps) ** 0.5 * scale
    return bool(np.allclose(left, right, rtol=0.0, atol=tolerance, equal_nan=True))
