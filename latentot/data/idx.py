"""The IDX format of MNIST and similar data sets: a magic number, sizes, bytes."""

__all__ = ["idx"]

import gzip
import math
import zlib

import numpy as np
from numpy.typing import NDArray

from latentot.data.pixels import labels_of, pixels_of
from latentot.data.scale import scale_of
from latentot.data.split import Data, held_out
from latentot.errors import InputError
from latentot.reading import path_of, refuse_pointer

GZIP = b"\x1f\x8b"
BYTES = 8
"""The code of unsigned bytes, which all of these files hold."""


def idx(name: str, images: str, labels: str | None = None) -> Data:
    """Images, and perhaps labels, of IDX files.

    Args:
        name: the source as the user named it.
        images: path of a file of magic number 2051, plain or gzip.
        labels: path of one of magic number 2049.

    Raises:
        InputError: a file is missing, of another kind, cut short or too long, or there are not as many labels.

    References:
        Y. LeCun, C. Cortes, C. J. C. Burges (1998). The MNIST database of handwritten digits.
    """
    array = _array(images, axes=3)
    scale = scale_of([array], images)
    pixels = pixels_of(array, images, scale)
    classes = None if labels is None else labels_of(_array(labels, axes=1), len(pixels), labels)
    return held_out(name, pixels, classes, str(scale), scale.doubts)


def _array(path: str, axes: int) -> NDArray[np.uint8]:
    """The array of one file, read whole or not at all."""
    head, file_path = 4 + 4 * axes, path_of(path, "an IDX file")
    refuse_pointer(file_path)
    try:
        with file_path.open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            file = gzip.GzipFile(fileobj=raw) if packed else raw
            start = file.read(head)
            magic = bytes([0, 0, BYTES, axes])
            if start[:4] != magic:
                kind = {3: "images", 1: "labels"}[axes]
                wanted = int.from_bytes(magic)
                raise InputError(
                    f"{path}: an IDX file of {kind} begins with {wanted}, this one with {int.from_bytes(start[:4])}"
                )
            shape = tuple(int(size) for size in np.frombuffer(start[4:].ljust(4 * axes, b"\0"), ">u4"))
            stated = math.prod(shape)
            # A chunk at a time, and one byte beyond: what a header states is no reason to ask for as much memory.
            content = bytearray()
            while chunk := file.read(min(1 << 24, stated + 1 - len(content))):
                content += chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: the gzip is damaged or cut short ({error}); fetch it again") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(start) < head or len(content) != stated:
        got = "more" if len(content) > stated else f"{len(content)}"
        raise InputError(f"{path}: its header states {stated} bytes of shape {shape}, it holds {got}; fetch it again")
    return np.frombuffer(bytes(content), np.uint8).reshape(shape)
