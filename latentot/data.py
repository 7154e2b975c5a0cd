"""Data sources: images to train a model on, and held-out ones to walk between."""

__all__ = ["Data", "data_sources", "load_data"]

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.errors import unknown_name

HELD_OUT = 1 / 5


@dataclass(frozen=True)
class Data:
    """Images of one source, split into a part to train on and a part held out.

    Args:
        name: the source as the user named it.
        train: images to train on, float32 in [0, 1], shape (n, channels, height, width).
        test: images held out, of the same kind.
    """

    name: str
    train: NDArray[np.float32]
    test: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one image: (channels, height, width)."""
        return self.train.shape[1:]


def data_sources() -> list[str]:
    """Names of the data sources that `load_data` knows.

    >>> data_sources()
    ['digits']
    """
    return sorted(_SOURCES)


def load_data(source: str) -> Data:
    """Load a data source; the last fifth of it is held out, so the split is the same everywhere.

    Args:
        source: a name out of `data_sources()`.

    Raises:
        InputError: no source has this name.

    >>> load_data("digits").train.shape
    (1438, 1, 8, 8)
    """
    if source not in _SOURCES:
        raise unknown_name("data source", source, _SOURCES)
    images = _SOURCES[source]()
    n_train = len(images) - round(HELD_OUT * len(images))
    return Data(source, images[:n_train], images[n_train:])


def _digits() -> NDArray[np.float32]:
    from sklearn.datasets import load_digits

    return (load_digits().images[:, None] / 16).astype(np.float32)


_SOURCES: dict[str, Callable[[], NDArray[np.float32]]] = {"digits": _digits}
