"""Arrays of images in a NumPy archive."""

__all__ = ["npz"]

import zipfile
import zlib

import numpy as np

from latentot.data.pixels import pixels_of
from latentot.data.scale import scale_of
from latentot.data.split import Data, held_out
from latentot.errors import InputError, one_line
from latentot.reading import path_of, refuse_pointer

UNREADABLE = (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError)


def npz(name: str, file: str, array: str | None = None, test: str | None = None) -> Data:
    """Images of an archive that `numpy.savez` wrote; nothing in it is unpickled.

    Args:
        name: the source as the user named it.
        file: path of the archive.
        array: which array; may be left out where there is one.
        test: the array that is held out, on the scale of the other; the last fifth of the first by default.

    Raises:
        InputError: the file is missing, damaged or of another kind, or has no such array of images.
    """
    path = path_of(file, "an .npz file")
    refuse_pointer(path)
    try:
        found = np.load(path, allow_pickle=False)
        if isinstance(found, np.ndarray):
            raise InputError(f"{file} is a single array, not an archive: write it with numpy.savez")
        with found as archive:
            chosen = _chosen(file, archive.files, array)
            arrays = {key: archive[key] for key in (chosen, test or chosen) if key in archive.files}
    except InputError:
        raise
    except FileNotFoundError as error:
        raise InputError(f"{file} cannot be read: there is no such file") from error
    except UNREADABLE as error:
        raise InputError(
            f"{file} is not an intact .npz file of plain arrays ({one_line(error)}); pickles are not opened"
        ) from error
    scale = scale_of(list(arrays.values()), f"{file}, array {' and '.join(arrays)}")
    images = [pixels_of(array, f"{file}, array {key}", scale) for key, array in arrays.items()]
    if test is None:
        return held_out(name, images[0], None, str(scale), scale.doubts)
    if len(images) < 2 or images[0].shape[1:] != images[1].shape[1:]:
        raise InputError(f"{file}: there is no array {test!r} of images like those of {chosen!r} to hold out")
    return Data(name, images[0], images[1], scale=str(scale), doubts=scale.doubts)


def _chosen(file: str, there: list[str], asked: str | None) -> str:
    if asked is None and len(there) == 1:
        return there[0]
    if asked not in there:
        which = "say which array" if asked is None else f"there is no array {asked!r}"
        raise InputError(f"{file}: {which}, as npz:FILE,ARRAY; it has {', '.join(there) or 'none'}")
    return asked
