"""Images laid out side by side."""

__all__ = ["as_pixels", "gap_of", "mosaic"]

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def as_pixels(images: Array, leading: int = 3) -> Array | None:
    """Images as (..., height, width) or (..., height, width, 3) in [0, 1]; None where they are none.

    Args:
        images: shape (..., height, width), with 1 or 3 channels before these or 3 after.
        leading: how many axes come before those of one image.

    >>> as_pixels(np.ones((9, 1, 8, 8)), leading=1).shape
    (9, 8, 8)
    """
    if images.dtype.kind not in "fiub":
        return None
    scaled = images / 255.0 if images.dtype == np.uint8 else images.astype(float)
    scaled = np.clip(np.nan_to_num(scaled), 0.0, 1.0)
    match images.shape[leading:]:
        case (_, _):
            return scaled
        case (1, _, _):
            return scaled.squeeze(leading)
        case (3, _, _):
            return np.moveaxis(scaled, leading, -1)
        case (_, _, 3):
            return scaled
    return None


def gap_of(height: int, width: int) -> int:
    """Pixels between images of this size.

    >>> gap_of(8, 8), gap_of(64, 64)
    (1, 3)
    """
    return max(1, round(0.04 * max(height, width)))


def mosaic(rows: Array, gap: int) -> Array:
    """Images of shape (rows, columns, height, width) or (rows, columns, height, width, 3) as one, with white gaps.

    >>> mosaic(np.zeros((2, 3, 8, 8)), gap=1).shape
    (17, 26)
    """
    n_rows, n_columns, height, width, *colours = rows.shape
    whole = np.ones((n_rows * (height + gap) - gap, n_columns * (width + gap) - gap, *colours))
    for i in range(n_rows):
        for j in range(n_columns):
            top, left = i * (height + gap), j * (width + gap)
            whole[top : top + height, left : left + width] = rows[i, j]
    return whole
