"""Images of one source, in two parts: one to train on, one held out."""

__all__ = ["Data", "held_out", "pictures_of"]

import functools
import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.reading import printable

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
        scale: how values became numbers from 0 to 1, such as "values / 255"; empty where nobody says.
        doubts: what is unusual about the source, a line each.
    """

    name: str
    train: Images
    test: Images
    train_labels: Labels | None = None
    test_labels: Labels | None = None
    scale: str = ""
    doubts: tuple[str, ...] = ()

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
    def copies(self) -> int:
        """How many of the images held out are among those to train on too, exactly.

        >>> Data("zeros", np.zeros((4, 1, 2, 2)), np.zeros((3, 1, 2, 2))).copies
        3
        """
        trained_on = set(pictures_of(self.train))
        return sum(picture in trained_on for picture in pictures_of(self.test))

    @functools.cached_property
    def facts(self) -> dict[str, Any]:
        """What the data are, as plain data: name, images in both parts, shape, scale, doubts, copies, and the SHA-256
        of all pixels.

        >>> Data("none", np.zeros((4, 1, 2, 2)), np.zeros((1, 1, 2, 2))).facts["train"]
        4
        """
        digest = hashlib.sha256()
        for part in (self.train, self.test):
            digest.update(np.ascontiguousarray(part, dtype="<f4").data)
        return {
            "name": printable(self.name),
            "train": len(self.train),
            "test": len(self.test),
            "shape": list(self.shape),
            "scale": self.scale,
            "copies": self.copies,
            "doubts": [printable(doubt) for doubt in self.doubts],
            "sha256": digest.hexdigest(),
        }

    @property
    def about(self) -> str:
        """A summary in one line.

        >>> Data("mine", np.zeros((4, 1, 2, 2)), np.ones((1, 1, 2, 2)), scale="values / 255").about
        'mine: 4 images to train on, 1 held out, of shape (1, 2, 2), values / 255'
        """
        sizes = f"{len(self.train)} images to train on, {len(self.test)} held out, of shape {self.shape}"
        return f"{printable(self.name)}: {sizes}" + (f", {self.scale}" if self.scale else "")


def pictures_of(images: Images) -> list[bytes]:
    """A digest of the pixels of each image: equal where the images are.

    >>> first, second, third = pictures_of(np.array([[0.0], [1.0], [0.0]], np.float32))
    >>> first == third, first == second
    (True, False)
    """
    rows = np.ascontiguousarray(images, dtype="<f4").reshape(len(images), -1)
    return [hashlib.blake2b(row.data, digest_size=16).digest() for row in rows]


def held_out(
    name: str, images: Images, labels: Labels | None = None, scale: str = "", doubts: tuple[str, ...] = ()
) -> Data:
    """Hold out the last fifth, so that the split is the same everywhere.

    Exact copies stay together: a model would be judged by what it has seen. The pictures that occur last are
    held out, all copies of each, until they are a fifth. Where there is only one picture the last fifth is held out all
    the same, and `Data.copies` says so.

    Args:
        name: the source as the user named it.
        images: all of them, shape (n, channels, height, width).
        labels: a class for each, shape (n,).
        scale, doubts: as `Data` has them.

    Raises:
        InputError: there are too few images for two parts.

    >>> len(held_out("numbers", np.arange(10, dtype=np.float32).reshape(10, 1, 1, 1)).test)
    2
    """
    n_test = round(HELD_OUT * len(images))
    if not n_test:
        raise InputError(f"{name}: {len(images)} images are too few to hold a fifth out; give 3 or more")
    pictures = pictures_of(images)
    different = len(set(pictures))
    if 1 < different < len(images):
        late = _last(pictures, n_test)
        order, n_test = np.argsort(late, kind="stable"), int(late.sum())
        images, labels = images[order], None if labels is None else labels[order]
        doubts += (
            f"{name}: of {len(images)} images {len(images) - different} are exact copies of others; copies are held "
            f"out together, or trained on together: {n_test} images are held out",
        )
    own, others = (None, None) if labels is None else (labels[:-n_test], labels[-n_test:])
    return Data(name, images[:-n_test], images[-n_test:], own, others, scale, doubts)


def _last(pictures: list[bytes], least: int) -> NDArray[np.bool_]:
    """Mask of the pictures that occur last, all copies of each, until there are `least`; never the first."""
    counts = Counter(pictures)  # in order of first occurrence
    late: set[bytes] = set()
    found = 0
    for picture in list(counts)[:0:-1]:
        if found < least:
            late.add(picture)
            found += counts[picture]
    return np.array([picture in late for picture in pictures])
