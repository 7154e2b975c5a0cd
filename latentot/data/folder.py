"""Pictures in a folder, of any format that Pillow reads by itself."""

__all__ = ["images"]

import functools
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np

from latentot.data.picture import BACKGROUNDS, formats, read_picture
from latentot.data.scale import DIM, dim
from latentot.data.split import Data, held_out
from latentot.errors import InputError
from latentot.reading import path_of

SIZE = 64
MODES = {"grey": "L", "rgb": "RGB"}
NOT_OURS = {"__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN"}
"""Folders that archives and file servers leave beside pictures, with thumbnails and leftovers of them; like all whose
names begin with a dot, they are nobody's class."""


def images(
    name: str,
    folder: str,
    size: str = str(SIZE),
    colour: Literal["grey", "rgb"] = "rgb",
    background: Literal["white", "black"] = "white",
) -> Data:
    """All pictures in a folder and the folders in it, cropped around the middle to squares and resized.

    They come in the order of a digest of their names, so that a fifth of every folder, not the last folder, is held
    out. Links are followed, each folder is read once; hidden files and folders are passed over.

    Args:
        name: the source as the user named it.
        folder: its path; files whose names end as no picture's do are passed over.
        size: height and width of the images, in pixels.
        colour: "rgb" or "grey".
        background: what is seen through transparent pictures, "white" or "black".

    Raises:
        InputError: there is no such folder, no picture in it, or one that cannot be read.
    """
    from PIL import Image

    if not (size.isascii() and size.isdigit() and int(size) and colour in MODES and background in BACKGROUNDS):
        raise InputError(
            f"{name}: asked for as images:FOLDER,SIZE,COLOUR,BACKGROUND with a SIZE such as 64, COLOUR grey or rgb, "
            "BACKGROUND white or black"
        )
    root = path_of(folder, "a folder of pictures")
    if not os.path.isdir(root):  # noqa: PTH112 - a long text is no folder
        raise InputError(f"there is no folder {folder}")
    readable = formats()
    endings = {ending for ending, kind in Image.EXTENSION.items() if kind in readable}
    found = (file for file in _files(root) if file.suffix.lower() in endings)
    files = sorted(found, key=lambda file: _order(file.relative_to(root)))
    if not files:
        raise InputError(f"there is no picture in {folder}: files that end in .png, .jpg, ... are read")

    read = functools.partial(read_picture, size=(int(size),) * 2, mode=MODES[colour], background=background)
    pictures = [read(file) for file in files]
    brightest = max(pictures, key=lambda picture: picture.most / picture.holds)
    scale = f"values / {' or '.join(map(str, sorted({picture.holds for picture in pictures})))}"
    doubts: tuple[str, ...] = ()
    if 0 < DIM * brightest.most < brightest.holds:
        pictures = [read(file, white=brightest.most / brightest.holds) for file in files]
        scale = f"values / {brightest.most}"
        doubts = (dim(name, brightest.most, brightest.holds),)
    elif not brightest.most:
        doubts = (f"{name}: all values are 0",)
    return held_out(name, np.stack([picture.pixels for picture in pictures]), None, scale, doubts)


def _files(root: Path) -> Iterator[Path]:
    """The files in a folder and those in it, links and all; none in a folder twice, however links run in circles.

    Folders that are there themselves come before links to them, so that their files have their own names.
    """
    seen: set[str] = set()
    links: list[Path] = []
    folders = [root]
    while folders or links:
        linked = not folders
        folder = links.pop(0) if linked else folders.pop()
        own = os.path.realpath(folder)
        # A link to a folder that others lie in would bring in all that lies beside them.
        if own in seen or (linked and any(one.startswith(f"{own.rstrip(os.sep)}{os.sep}") for one in seen)):
            continue
        seen.add(own)
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            raise InputError(f"the folder {folder} cannot be read: {error.strerror or error}") from error
        for entry in entries:
            if entry.name.startswith(".") or entry.name in NOT_OURS:
                continue
            if entry.is_file():
                yield entry
            elif entry.is_dir():
                (links if entry.is_symlink() else folders).append(entry)


def _order(file: Path) -> bytes:
    return hashlib.sha256(os.fsencode(file.as_posix())).digest()
