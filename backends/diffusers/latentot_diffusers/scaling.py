"""Latents of an autoencoder and of its diffusion model: what pipelines do between the one and the other."""

__all__ = ["Scaling", "scaling_of"]

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError

AXES = (-1, 1, 1)
"""One number a channel, the same in every place."""


@dataclass(frozen=True)
class Scaling:
    """z = (own - shift) / spread, one number a channel or one for all: own are the autoencoder's latents.

    Args:
        spread: what one unit of a diffusion model's latents is to the autoencoder.
        shift: what their zero is.
    """

    spread: tuple[float, ...] = (1.0,)
    shift: tuple[float, ...] = (0.0,)

    def to_own(self, z: Any) -> Any:
        """Latents of the autoencoder, shape (n, channels, height, width), of those of the diffusion model: tensors."""
        spread, shift = (z.new_tensor(part).view(AXES) for part in (self.spread, self.shift))
        return z * spread + shift

    def from_own(self, mean: NDArray[Any], std: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Mean and scale for the diffusion model of those of the autoencoder, each (n, channels, height, width)."""
        spread, shift = (np.asarray(part, dtype=mean.dtype).reshape(AXES) for part in (self.spread, self.shift))
        return (mean - shift) / spread, std / np.abs(spread)

    @property
    def facts(self) -> dict[str, Any]:
        """It as plain data."""
        return {"spread": list(self.spread), "shift": list(self.shift)}


def scaling_of(config: Mapping[str, Any], title: str) -> Scaling:
    """The scaling that an AutoencoderKL's configuration asks pipelines for.

    - `scaling_factor` alone: own = z / scaling_factor (Stable Diffusion).
    - with `shift_factor`: own = z / scaling_factor + shift_factor (Stable Diffusion 3, Flux).
    - with `latents_mean` and `latents_std`, which count if both are there: own = z std / scaling_factor + mean, channel
      by channel (Stable Diffusion XL and similar models).

    Args:
        config: the autoencoder's.
        title: what it is called in messages.

    Raises:
        InputError: a value is none that latents could be scaled by, or pipelines disagree on what is to be done.

    >>> scaling_of({"scaling_factor": 0.5, "shift_factor": 0.1}, "mine")
    Scaling(spread=(2.0,), shift=(0.1,))
    """
    given = {"scaling_factor": 1.0, "shift_factor": 0.0} | {k: v for k, v in config.items() if v is not None}
    factor, shift = (_number(given[key], key, title) for key in ("scaling_factor", "shift_factor"))
    if factor == 0:
        raise InputError(f"{title}: scaling_factor is 0, which no latents can be divided by")
    mean, std = (_channels(config, key, title) for key in ("latents_mean", "latents_std"))
    if mean is None or std is None:
        return Scaling((1 / factor,), (shift,))
    if shift:
        raise InputError(
            f"{title} has a shift_factor and a latents_mean: pipelines apply one or the other; take out of config.json "
            "what yours does not use"
        )
    if not all(std):
        raise InputError(f"{title}: latents_std is 0 in a channel, which then has no latents")
    return Scaling(tuple(one / factor for one in std), mean)


def _number(value: object, key: str, title: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise InputError(f"{title}: {key} is a number, got {value!r}")
    return float(value)


def _channels(config: Mapping[str, Any], key: str, title: str) -> tuple[float, ...] | None:
    values, n = config.get(key), config.get("latent_channels")
    if values is None:
        return None
    if not isinstance(values, list | tuple) or len(values) != n:
        raise InputError(f"{title}: {key} lists a number for each of {n} channels, got {values!r}")
    return tuple(_number(value, key, title) for value in values)
