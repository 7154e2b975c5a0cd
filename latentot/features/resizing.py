"""Images in another size, by the antialiased filters of Pillow."""

__all__ = ["FILTERS", "resized"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError

FILTERS = ("bilinear", "bicubic", "lanczos", "box")


def resized(images: NDArray[Any], size: tuple[int, int], filter: str = "bicubic") -> NDArray[np.float32]:
    """Images of another height and width; a smaller image averages over all pixels that it stands for.

    Args:
        images: shape (n, channels, height, width).
        size: height and width.
        filter: one of `FILTERS`.

    Returns:
        Shape (n, channels, *size), in single precision, in which Pillow computes.

    Raises:
        InputError: these are no images, or there is no such filter.

    References:
        Parmar, Zhang, Zhu: On aliased resizing and surprising subtleties in GAN evaluation. CVPR 2022, arXiv:2104.11222

    >>> resized(np.eye(4)[None, None], (2, 2), "box")[0, 0]
    array([[0.5, 0. ],
           [0. , 0.5]], dtype=float32)
    """
    from PIL import Image

    if filter not in FILTERS:
        raise InputError(f"unknown filter {filter!r}: there are {', '.join(FILTERS)}")
    if images.ndim != 4:
        raise InputError(f"images have shape (n, channels, height, width), got {images.shape}")
    if len(size) != 2 or min(size) < 1:
        raise InputError(f"a size is height and width in pixels, got {size!r}")
    method = Image.Resampling[filter.upper()]
    n, channels = images.shape[:2]
    planes = images.reshape(n * channels, *images.shape[2:]).astype(np.float32)
    found = np.empty((len(planes), *size), np.float32)
    for i, plane in enumerate(planes):
        found[i] = np.asarray(Image.fromarray(plane).resize(size[::-1], method))
    return found.reshape(n, channels, *size)
