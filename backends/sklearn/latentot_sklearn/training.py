"""What a model is fitted to, and its options once they are checked."""

__all__ = ["Training", "whole"]

import operator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.data import load_data
from latentot.errors import InputError


@dataclass(frozen=True, eq=False)
class Training:
    """The training part of a data source.

    Args:
        rows: data as vectors, float64, shape (n, p).
        shape: shape of one datum.
        facts: where they come from and what is asked for, as plain data.
    """

    rows: NDArray[np.float64]
    shape: tuple[int, ...]
    facts: dict[str, Any]

    @classmethod
    def of(cls, data: str, latent: int, seed: int) -> "Training":
        """Load a data source and check options against it.

        Raises:
            InputError: the source does not exist, there are more coordinates than data have, or the seed is none.

        >>> Training.of("digits", latent=2, seed=0).rows.shape
        (1438, 64)
        """
        images = load_data(data)
        rows = images.train.reshape(len(images.train), -1).astype(np.float64)
        whole("latent", latent, 1, min(rows.shape) - 1)
        whole("seed", seed, 0, 2**32 - 1)
        return cls(rows, images.shape, {"data": images.facts, "latent": latent, "seed": seed})


def whole(option: str, given: object, least: int, most: int) -> None:
    """Refuse what is no whole number between two others.

    Raises:
        InputError: it is not.
    """
    try:
        number = operator.index(given)  # type: ignore[arg-type]
    except TypeError:
        number = least - 1
    if isinstance(given, bool) or not least <= number <= most:
        raise InputError(f"{option} is a whole number from {least} to {most}, got {given!r}")
