"""The prior of latents in a NumPy file, as studies and the command line name it."""

__all__ = ["prior_in_text", "read_latents", "samples_of_file"]

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line
from latentot.priors.empirical import Empirical
from latentot.reading import path_of, refuse_pointer

if TYPE_CHECKING:
    from latentot.priors.prior import Shape

NAME = "npz"
_KINDS = ("npz", "npy")
_UNREADABLE = (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError)


def samples_of_file(shape: "Shape | None", file: str, array: str | None = None) -> Empirical:
    """The law of latents in an .npz or .npy file, such as codes of an encoder, or the W space of a GAN.

    Args:
        shape: shape of one latent, or its number of coordinates; None for that of the file.
        file: path of a file that `numpy.save` or `numpy.savez` wrote; nothing in it is unpickled.
        array: which array of an .npz; may be left out where there is one.

    Raises:
        InputError: the file cannot be read, holds no latents, or latents of another shape.

    >>> samples_of_file(8, "w.npy")
    Traceback (most recent call last):
    latentot.errors.InputError: w.npy cannot be read: there is no such file
    """
    latents = read_latents(file, array)
    found = latents.shape[1:]
    wanted = found if shape is None else (shape,) if isinstance(shape, int) else tuple(shape)
    if wanted != found:
        raise InputError(f"{file} has latents of shape {found}, where dim says {wanted}: leave dim out")
    return Empirical(latents)


def read_latents(file: str, array: str | None = None) -> NDArray[np.floating[Any]]:
    """Latents of a file of NumPy, shape (n, *shape).

    Args:
        file: path of an .npy or .npz file.
        array: which array of an .npz; may be left out where there is one.

    Raises:
        InputError: the file cannot be read, has no such array, or one that is not rows of finite numbers.
    """
    path = path_of(file, "a file of latents")
    refuse_pointer(path)
    try:
        found = np.load(path, allow_pickle=False)
        if isinstance(found, np.ndarray):
            latents, what = found, file
            if array is not None:
                raise InputError(f"{file} is a single array, it has none called {array!r}: leave that out")
        else:
            with found as archive:
                chosen = _chosen(file, archive.files, array)
                latents, what = archive[chosen], f"{file}, array {chosen}"
    except FileNotFoundError as error:
        raise InputError(f"{file} cannot be read: there is no such file") from error
    except InputError:
        raise
    except _UNREADABLE as error:
        raise InputError(
            f"{file} is not an intact .npy or .npz file of plain arrays ({one_line(error)}); pickles are not opened"
        ) from error
    if latents.ndim < 2 or len(latents) < 2 or not np.issubdtype(latents.dtype, np.floating):
        raise InputError(
            f"{what}: latents are floating-point numbers of shape (n >= 2, *shape), got {latents.dtype} {latents.shape}"
        )
    if not np.isfinite(latents).all():
        raise InputError(f"{what}: latents are finite numbers, some are not")
    return latents


def prior_in_text(text: str) -> dict[str, Any] | None:
    """The name and options that a text such as "npz:w.npy" or "npz:gan.npz,w" stands for; None for any other.

    A comma belongs to the path where there is such a file.

    >>> prior_in_text("npz:gan.npz,w")
    {'name': 'npz', 'options': {'file': 'gan.npz', 'array': 'w'}}
    >>> prior_in_text("normal")
    """
    kind, colon, rest = text.partition(":")
    if not colon or kind.casefold() not in _KINDS:
        return None
    file, comma, array = rest.rpartition(",")
    if not comma or (rest and Path(rest).exists()):
        file, array = rest, ""
    if not file:
        raise InputError(f"a prior of samples is given as npz:FILE or npz:FILE,ARRAY, got {text!r}")
    return {"name": NAME, "options": {"file": file} | ({"array": array} if array else {})}


def _chosen(file: str, there: list[str], asked: str | None) -> str:
    if asked is None and len(there) == 1:
        return there[0]
    if asked not in there:
        which = "say which array" if asked is None else f"there is no array {asked!r}"
        raise InputError(f"{file}: {which}, as npz:FILE,ARRAY; it has {', '.join(there) or 'none'}")
    return asked
