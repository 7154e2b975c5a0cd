"""Pixels: the data themselves, in a row."""

__all__ = ["Pixels"]

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.features.features import Features, Floats
from latentot.features.resizing import FILTERS, resized


@dataclass(frozen=True, repr=False)
class Pixels(Features):
    """f(x) = x as one row of numbers, images resized before where a size is given.

    Args:
        size: height and width that images, shape (n, channels, height, width), are resized to; None keeps theirs.
        filter: of the resizing, always antialiased: bilinear, bicubic, lanczos or box.

    >>> Pixels()(np.zeros((3, 1, 8, 8))).shape, Pixels(size=(4, 4))(np.zeros((3, 1, 8, 8))).shape
    ((3, 64), (3, 16))
    """

    name: ClassVar[str] = "pixels"
    title: ClassVar[str] = "pixels"
    formula: ClassVar[str] = "f(x) = x"
    citation: ClassVar[str] = ""

    size: tuple[int, int] | None = None
    filter: str = "bicubic"

    def __post_init__(self) -> None:
        if self.filter not in FILTERS:
            raise InputError(f"unknown filter {self.filter!r}: there are {', '.join(FILTERS)}")
        if self.size is not None:
            object.__setattr__(self, "size", tuple(self.size))

    def _of(self, rows: NDArray[Any]) -> Floats:
        images = rows if self.size is None else resized(rows, self.size, self.filter)
        return images.reshape(len(rows), -1).astype(np.float64)
