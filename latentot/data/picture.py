"""One picture, of any format that Pillow reads by itself."""

__all__ = ["BACKGROUNDS", "Picture", "formats", "read_picture"]

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line
from latentot.reading import refuse_pointer

if TYPE_CHECKING:
    from PIL.Image import Image

RUNS_A_PROGRAM = {"EPS"}
"""Pillow hands these to Ghostscript, which executes them."""

BACKGROUNDS = {"white": 255, "black": 0}
"""What is seen through transparent pixels."""


class Picture(NamedTuple):
    """A picture as it is wanted, and the range that it came in.

    Args:
        pixels: float32 in [0, 1], shape (channels, height, width).
        most: its greatest value, before it was cropped.
        holds: the greatest value that its format can hold.
    """

    pixels: NDArray[np.float32]
    most: int
    holds: int


def formats() -> list[str]:
    """The formats that Pillow reads by itself.

    >>> {"PNG", "JPEG"} <= set(formats()), "EPS" in formats()
    (True, False)
    """
    from PIL import Image

    Image.init()
    return sorted(set(Image.OPEN) - RUNS_A_PROGRAM)


def read_picture(
    file: Path, size: tuple[int, int], mode: str, background: str = "white", white: float = 1.0
) -> Picture:
    """One picture, put on a background where it is transparent, cropped to the proportions wanted, and resized.

    Args:
        file: its path.
        size: height and width wanted, in pixels.
        mode: "L" for grey, "RGB" for colours.
        background: one of `BACKGROUNDS`.
        white: the share of what its format can hold that becomes 1, above 0.

    Raises:
        InputError: it cannot be read.
    """
    from PIL import Image, ImageOps

    refuse_pointer(file)
    try:
        with Image.open(file, formats=formats()) as opened:
            upright = ImageOps.exif_transpose(opened)
            eight, most, holds = _eight_bits(upright, BACKGROUNDS[background], white)
            fitted = ImageOps.fit(eight.convert(mode), size[::-1], Image.Resampling.BILINEAR)
    except InputError:
        raise
    # Decoders of damaged pictures raise whatever they stumble over.
    except Exception as error:
        raise InputError(f"the picture {file} cannot be read ({one_line(error)}): repair or remove it") from error
    pixels = np.asarray(fitted, dtype=np.float32).reshape(*size, -1).transpose(2, 0, 1) / np.float32(255)
    return Picture(pixels, most, holds)


def _eight_bits(picture: "Image", behind: int, white: float) -> tuple["Image", int, int]:
    """An opaque picture of 8 bits, the greatest value that it had, and the greatest that it could have had."""
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        return _sixteen_bits(picture, behind, white)
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, (behind, behind, behind, 255))
        picture = Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
    elif picture.mode not in ("L", "RGB"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    most = int(np.max(picture.getextrema()))
    if white < 1:
        picture = picture.point([min(255, round(value / white)) for value in range(256)] * len(picture.getbands()))
    return picture, most, 255


def _sixteen_bits(picture: "Image", behind: int, white: float) -> tuple["Image", int, int]:
    """Pillow clips 16 bits to 8 where it should divide."""
    from PIL import Image

    values = np.asarray(picture)
    if picture.mode == "F" or values.min() < 0 or values.max() > 65535:
        raise InputError(f"grey values of {picture.mode} have no known range; save 8 or 16 bits")
    eight = (values / (257 * white)).round().clip(0, 255).astype(np.uint8)
    if "transparency" in picture.info:
        eight[values == picture.info["transparency"]] = behind
    return Image.fromarray(eight), int(values.max()), 65535
