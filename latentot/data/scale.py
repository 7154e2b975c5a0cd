"""What white is: the number that becomes 1 when pixels become numbers from 0 to 1."""

__all__ = ["DIM", "Scale", "dim", "scale_of"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError

DIM = 10
"""Where the greatest value is below a tenth of what an array can hold, its values are levels (a mask's 0 and 1, the
digits' 0 to 16, twelve bits out of sixteen) rather than an image as dark as that."""

EIGHT_BITS, SIXTEEN_BITS = 255, 65_535


@dataclass(frozen=True)
class Scale:
    """What pixels are divided by.

    Args:
        white: the value that becomes 1.
        doubts: what is unusual about it, a line each to warn with.
    """

    white: float
    doubts: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"values / {self.white:g}"


def scale_of(arrays: Sequence[NDArray[Any]], what: str) -> Scale:
    """The scale of arrays that belong together, such as a training and a test part: one for all.

    Floats up to 1 are kept. Whole numbers are divided by what 8 bits hold if they fit, else by what 16 bits do; where
    their greatest is below a tenth of that, by the greatest.

    Args:
        arrays: booleans, whole numbers from 0 to 65535 of any type, or floats from 0 to 1.
        what: what they are, for the error.

    Raises:
        InputError: another type or range, or there is nothing in one.

    >>> [scale_of([np.array(values, np.uint8)], "mine").white for values in ([0, 1], [3, 16], [0, 200])]
    [1, 16, 255]
    """
    for array in arrays:
        if not array.size:
            raise InputError(f"{what}: it contains no image, shape {array.shape}")
    kinds = {array.dtype for array in arrays}
    for kind in kinds:
        if kind != np.bool_ and not np.issubdtype(kind, np.integer) and not np.issubdtype(kind, np.floating):
            raise InputError(f"{what}: pixels are whole numbers, booleans, or floats from 0 to 1, got {kind}")
    # NumPy's own of both: that of Python loses a NaN that comes second.
    least, most = (float(extreme([extreme(array) for array in arrays])) for extreme in (np.min, np.max))
    if np.isnan(least):
        lost = sum(int(np.isnan(array.reshape(len(array), -1)).any(axis=1).sum()) for array in arrays)
        of = sum(map(len, arrays))
        raise InputError(
            f"{what}: {lost} of {of} have values that are NaN: leave these out, what is left can be scaled"
        )
    if kinds == {np.dtype(np.bool_)}:
        return Scale(1)
    floats = any(np.issubdtype(kind, np.floating) for kind in kinds)
    if not (least >= 0 and most <= SIXTEEN_BITS) or (floats and most > 1 and not all(map(_whole, arrays))):
        raise InputError(
            f"{what}: floats lie from 0 to 1, whole numbers from 0 to 65535, got {least:g} to {most:g}; "
            "give values / their white, or (values + 1) / 2 where they go from -1 to 1"
        )
    if most == 0:
        return Scale(1, (f"{what}: all values are 0",))
    if floats and most <= 1:
        dark = f"{what}: the greatest value is {most:g} where white is 1: were they divided twice?"
        return Scale(1, (dark,) if DIM * most < 1 else ())
    holds = min(EIGHT_BITS if most <= EIGHT_BITS else SIXTEEN_BITS, *(_most_of(kind) for kind in kinds))
    if DIM * most >= holds:
        return Scale(holds)
    white = int(most)
    return Scale(white, (dim(what, white, holds),))


def dim(what: str, most: int, holds: int) -> str:
    """What there is to say where values are levels.

    >>> dim("masks", 1, 255)
    'masks: the greatest value is 1 where 255 would be white: 1 is taken for white'
    """
    return f"{what}: the greatest value is {most} where {holds} would be white: {most} is taken for white"


def _most_of(kind: np.dtype[Any]) -> int:
    """The greatest number of a type of one byte or two; wider ones say nothing of what is in them."""
    return int(np.iinfo(kind).max) if kind.kind in "iu" and kind.itemsize <= 2 else SIXTEEN_BITS


def _whole(array: NDArray[Any]) -> bool:
    return array.dtype.kind in "biu" or bool((array == np.rint(array)).all())
