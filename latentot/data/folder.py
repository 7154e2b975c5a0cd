"""Pictures in a folder, of any format that Pillow reads by itself."""

__all__ = ["folder"]

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentot.data.split import Data, held_out
from latentot.errors import InputError, one_line

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = 64
MODES = {"grey": "L", "rgb": "RGB"}
RUNS_A_PROGRAM = {"EPS"}
"""Pillow hands these to Ghostscript, which executes them."""


def folder(name: str, path: str, size: str = str(SIZE), colour: str = "rgb") -> Data:
    """All pictures in a folder and the folders in it, cropped around the middle to squares and resized.

    They come in the order of a digest of their names, so that a fifth of every folder, not the last folder, is held
    out.

    Args:
        name: the source as the user named it.
        path: the folder; files whose names end as no picture's do are passed over.
        size: height and width of the images, in pixels.
        colour: "rgb" or "grey".

    Raises:
        InputError: there is no such folder, no picture in it, or one that cannot be read.
    """
    from PIL import Image

    if not size.isascii() or not size.isdigit() or int(size) < 1 or colour not in MODES:
        raise InputError(f"{name}: asked for as images:FOLDER,SIZE,COLOUR with a SIZE such as 64, COLOUR grey or rgb")
    root = Path(path)
    if not root.is_dir():
        raise InputError(f"there is no folder {path}")
    Image.init()
    formats = sorted(set(Image.OPEN) - RUNS_A_PROGRAM)
    endings = {ending for ending, kind in Image.EXTENSION.items() if kind in formats}
    found = (file for file in root.rglob("*") if file.suffix.lower() in endings and not file.name.startswith("."))
    files = sorted((file for file in found if file.is_file()), key=lambda file: _order(file.relative_to(root)))
    if not files:
        raise InputError(f"there is no picture in {path}: files that end in .png, .jpg, ... are read")
    return held_out(name, np.stack([_pixels(file, formats, int(size), MODES[colour]) for file in files]))


def _order(file: Path) -> bytes:
    return hashlib.sha256(file.as_posix().encode()).digest()


def _pixels(file: Path, formats: list[str], size: int, mode: str) -> NDArray[np.float32]:
    """One picture, float32 in [0, 1], shape (channels, size, size)."""
    from PIL import Image, ImageOps

    try:
        with Image.open(file, formats=formats) as opened:
            upright = ImageOps.exif_transpose(opened)
            fitted = ImageOps.fit(_eight_bits(upright).convert(mode), (size, size), Image.Resampling.BILINEAR)
    except InputError:
        raise
    # Decoders of damaged pictures raise whatever they stumble over.
    except Exception as error:
        raise InputError(f"the picture {file} cannot be read ({one_line(error)}): mend it or take it away") from error
    return np.asarray(fitted, dtype=np.float32).reshape(size, size, -1).transpose(2, 0, 1) / np.float32(255)


def _eight_bits(picture: "Image") -> "Image":
    """Pillow clips 16 bits to 8 where it should divide."""
    from PIL import Image

    if not picture.mode.startswith(("I", "F")):
        return picture
    values = np.asarray(picture)
    if picture.mode == "F" or values.min() < 0 or values.max() > 65535:
        raise InputError(f"grey values of {picture.mode} have no known range; save 8 or 16 bits")
    return Image.fromarray((values / 257).round().astype(np.uint8))
