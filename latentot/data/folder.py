"""Pictures in a folder, of any format that Pillow reads by itself."""

__all__ = ["folder"]

import hashlib
from pathlib import Path

import numpy as np

from latentot.data.picture import formats, read_picture
from latentot.data.split import Data, held_out
from latentot.errors import InputError

SIZE = 64
MODES = {"grey": "L", "rgb": "RGB"}


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
    readable = formats()
    endings = {ending for ending, kind in Image.EXTENSION.items() if kind in readable}
    found = (file for file in root.rglob("*") if file.suffix.lower() in endings and not file.name.startswith("."))
    files = sorted((file for file in found if file.is_file()), key=lambda file: _order(file.relative_to(root)))
    if not files:
        raise InputError(f"there is no picture in {path}: files that end in .png, .jpg, ... are read")
    return held_out(name, np.stack([read_picture(file, (int(size), int(size)), MODES[colour]) for file in files]))


def _order(file: Path) -> bytes:
    return hashlib.sha256(file.as_posix().encode()).digest()
