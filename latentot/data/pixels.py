"""Arrays as images: any usual layout and range of values becomes float32 in [0, 1], channels first."""

__all__ = ["labels_of", "pixels_of"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.data.scale import Scale, scale_of
from latentot.errors import InputError

CHANNELS = (1, 3)


def pixels_of(array: NDArray[Any], what: str, scale: Scale | None = None) -> NDArray[np.float32]:
    """Images of an array.

    Args:
        array: shape (n, height, width), (n, channels, height, width) or (n, height, width, channels) with 1 or 3
            channels; of values that `scale_of` accepts.
        what: what the array is, for the error.
        scale: what it is divided by; that of its own values by default.

    Returns:
        Float32 in [0, 1], shape (n, channels, height, width).

    Raises:
        InputError: the array has another shape, type or range, or its layout is in doubt.

    >>> pixels_of(np.full((2, 8, 8, 3), 255, np.uint8), "white").shape
    (2, 3, 8, 8)
    """
    images = _channels_first(array, what)
    white = (scale or scale_of([images], what)).white
    # Of up to 16 bits, single precision loses nothing, and takes half the memory.
    exact = images if images.dtype.itemsize > 2 else images.astype(np.float32)
    return (exact if white == 1 else exact / exact.dtype.type(white)).astype(np.float32)


def labels_of(array: NDArray[Any], n: int, what: str) -> NDArray[np.int64]:
    """A class for each of n images.

    Raises:
        InputError: there are not as many, or they are no whole numbers.

    >>> labels_of(np.array([3, 1], np.uint8), 2, "labels")
    array([3, 1])
    """
    if array.shape != (n,) or not np.issubdtype(array.dtype, np.integer):
        raise InputError(f"{what}: {n} images have {n} whole numbers as labels, got {array.dtype} of {array.shape}")
    return array.astype(np.int64)


def _channels_first(array: NDArray[Any], what: str) -> NDArray[Any]:
    if array.ndim == 3:
        return array[:, None]
    first, last = (array.ndim == 4 and array.shape[axis] in CHANNELS for axis in (1, 3))
    if first and last and array.shape[1] != array.shape[3]:
        raise InputError(f"{what}: shape {array.shape} is ambiguous, which axis holds the channels? Drop or move one")
    if not (first or last):
        raise InputError(
            f"{what}: images have shape (n, height, width), or with 1 or 3 channels before or behind, got {array.shape}"
        )
    return array if first else np.moveaxis(array, 3, 1)
