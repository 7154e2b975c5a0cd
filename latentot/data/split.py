"""Images of one source, in two parts: one to train on, one held out."""

__all__ = ["Data", "held_out"]

import functools
import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError

HELD_OUT = 1 / 5

Images = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Data:
    """Images of one source, split into a part to train on and a part held out.

    Args:
        name: the source as the user named it.
        train: images to train on, float32 in [0, 1], shape (n, channels, height, width).
        test: images held out, of the same kind.
        train_labels: a class for each image to train on, shape (n,); None where the source has none.
        test_labels: the same for those held out.
    """

    name: str
    train: Images
    test: Images
    train_labels: Labels | None = None
    test_labels: Labels | None = None

    def __repr__(self) -> str:
        labels = "" if self.train_labels is None else ", labelled"
        return (
            f"Data({self.name!r}, {len(self.train)} to train on, {len(self.test)} held out, shape {self.shape}{labels})"
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one image: (channels, height, width)."""
        return self.train.shape[1:]

    @functools.cached_property
    def facts(self) -> dict[str, Any]:
        """What the data are, as plain data: name, images in both parts, shape, and the SHA-256 of all pixels.

        >>> Data("none", np.zeros((4, 1, 2, 2)), np.zeros((1, 1, 2, 2))).facts["train"]
        4
        """
        digest = hashlib.sha256()
        for part in (self.train, self.test):
            digest.update(np.ascontiguousarray(part, dtype="<f4").data)
        sizes = {"train": len(self.train), "test": len(self.test), "shape": list(self.shape)}
        return {"name": self.name, **sizes, "sha256": digest.hexdigest()}


def held_out(name: str, images: Images, labels: Labels | None = None) -> Data:
    """Hold out the last fifth, so that the split is the same everywhere.

    Args:
        name: the source as the user named it.
        images: all of them, shape (n, channels, height, width).
        labels: a class for each, shape (n,).

    Raises:
        InputError: there are too few images for two parts.

    >>> len(held_out("zeros", np.zeros((10, 1, 2, 2), np.float32)).test)
    2
    """
    n_train = len(images) - round(HELD_OUT * len(images))
    if n_train == len(images):
        raise InputError(f"{name}: {len(images)} images are too few to hold a fifth out; give 3 or more")
    parts = (None, None) if labels is None else (labels[:n_train], labels[n_train:])
    return Data(name, images[:n_train], images[n_train:], *parts)
