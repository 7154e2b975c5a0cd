"""One picture, of any format that Pillow reads by itself."""

__all__ = ["formats", "read_picture"]

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line

if TYPE_CHECKING:
    from PIL.Image import Image

RUNS_A_PROGRAM = {"EPS"}
"""Pillow hands these to Ghostscript, which executes them."""


def formats() -> list[str]:
    """The formats that Pillow reads by itself.

    >>> {"PNG", "JPEG"} <= set(formats()), "EPS" in formats()
    (True, False)
    """
    from PIL import Image

    Image.init()
    return sorted(set(Image.OPEN) - RUNS_A_PROGRAM)


def read_picture(file: Path, size: tuple[int, int], mode: str) -> NDArray[np.float32]:
    """One picture, cropped around the middle to the proportions wanted, and resized.

    Args:
        file: its path.
        size: height and width wanted, in pixels.
        mode: "L" for grey, "RGB" for colours.

    Returns:
        Float32 in [0, 1], shape (channels, height, width).

    Raises:
        InputError: it cannot be read.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(file, formats=formats()) as opened:
            upright = ImageOps.exif_transpose(opened)
            fitted = ImageOps.fit(_eight_bits(upright).convert(mode), size[::-1], Image.Resampling.BILINEAR)
    except InputError:
        raise
    # Decoders of damaged pictures raise whatever they stumble over.
    except Exception as error:
        raise InputError(f"the picture {file} cannot be read ({one_line(error)}): mend it or take it away") from error
    return np.asarray(fitted, dtype=np.float32).reshape(*size, -1).transpose(2, 0, 1) / np.float32(255)


def _eight_bits(picture: "Image") -> "Image":
    """Pillow clips 16 bits to 8 where it should divide."""
    from PIL import Image

    if not picture.mode.startswith(("I", "F")):
        return picture
    values = np.asarray(picture)
    if picture.mode == "F" or values.min() < 0 or values.max() > 65535:
        raise InputError(f"grey values of {picture.mode} have no known range; save 8 or 16 bits")
    return Image.fromarray((values / 257).round().astype(np.uint8))
