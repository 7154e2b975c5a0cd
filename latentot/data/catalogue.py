"""The catalogue of data sources, and how a source is asked for by name."""

__all__ = ["data_sources", "load_data"]

import multiprocessing
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from latentot.data.digits import digits
from latentot.data.folder import folder
from latentot.data.idx import idx
from latentot.data.npz import npz
from latentot.data.online import openml, torchvision
from latentot.data.split import Data
from latentot.errors import InputError, InputWarning, unknown_name
from latentot.reading import path_of, printable


@dataclass(frozen=True)
class _Source:
    """A source: how it is asked for, what it is, and what reads it, given the whole name and its arguments."""

    form: str
    about: str
    read: Callable[..., Data]
    paths: int = 0
    """How many of its arguments, the first of them, are paths."""

    def of(self, name: str, text: str | None) -> Data:
        arguments = [] if text is None else _arguments(text, self.paths)
        required, _, optional = self.form.partition(":")[2].partition("[")
        least = len(required.split(",")) if required else 0
        most = least + optional.count(",")
        if not least <= len(arguments) <= most or not all(arguments):
            raise InputError(f"data source {printable(name)!r}: it is asked for as {self.form}")
        return self.read(name, *arguments)


_IMAGES = "images:FOLDER[,SIZE[,grey|rgb[,white|black]]]"
_SOURCES = {
    source.form.partition(":")[0]: source
    for source in (
        _Source("digits", "1,797 handwritten digits of 8 x 8 pixels, from scikit-learn", digits),
        _Source("idx:IMAGES[,LABELS]", "files of MNIST and its kin, plain or .gz", idx, paths=2),
        _Source(_IMAGES, "pictures in a folder and those in it, cropped and resized", folder, paths=1),
        _Source("npz:FILE[,ARRAY[,HELD-OUT]]", "arrays of images in a NumPy archive", npz, paths=1),
        _Source("openml:NAME", "a data set of OpenML, fetched from the internet", openml),
        _Source("torchvision:NAME", "a data set of torchvision, fetched from the internet", torchvision),
    )
}


def data_sources() -> dict[str, str]:
    """The data sources that `load_data` knows: the form in which each is asked for, and what it is.

    >>> list(data_sources())[:2]
    ['digits', 'idx:IMAGES[,LABELS]']
    """
    return {source.form: source.about for source in _SOURCES.values()}


def load_data(source: str | os.PathLike[str]) -> Data:
    """Load a data source; the same name and files give the same images in the same two parts everywhere.

    The last fifth is held out, unless the source itself says what is; exact copies of an image are on one side.

    Args:
        source: in one of the forms of `data_sources()`, such as "digits" or "idx:images.gz"; or the path of a folder of
            pictures, of an .npz or of an IDX file. In a path ~ is your home folder, and a comma belongs to the path
            where there is such a file. Only openml: and torchvision: go online, and they do.

    Raises:
        InputError: no source has this name, or what it names cannot be read.

    Warns:
        InputWarning: the scale of its values is in doubt, or images are in it more than once.

    >>> load_data("digits").train.shape
    (1438, 1, 8, 8)
    """
    name = _named(source)
    kind, colon, rest = name.partition(":")
    data = _SOURCES[kind].of(name, rest if colon else None)
    # The process that has others compute for it has been told.
    if multiprocessing.parent_process() is None:
        for doubt in (*data.doubts, *_leak(data)):
            warnings.warn(printable(doubt), InputWarning, stacklevel=2)
    return data


def _named(source: object) -> str:
    """The source by name, where a path was given instead."""
    text = os.fsdecode(source) if isinstance(source, str | os.PathLike) else None
    if text is not None and text.partition(":")[0] in _SOURCES:
        return text
    path = path_of(source, "a data source that is no name") if text else None
    if text is None or path is None:
        raise unknown_name("data source", source, _SOURCES)
    if not _is_there(text):
        unknown = unknown_name("data source", printable(text), _SOURCES)
        raise InputError(f"{unknown}; nor is there such a file or folder" if path.suffix or os.sep in text else unknown)
    ending = path.suffix.lower()
    kind = "images" if path.is_dir() else "npz" if ending == ".npz" else "idx" if _is_idx(path.name) else None
    if kind is None:
        forms = (source.form for source in _SOURCES.values() if source.paths)
        raise InputError(f"{printable(text)}: say what it holds, as {', '.join(forms)}")
    return f"{kind}:{text}"


def _is_idx(name: str) -> bool:
    return "ubyte" in name or name.endswith((".idx", ".idx3", ".idx.gz", ".idx3.gz"))


def _arguments(text: str, paths: int) -> list[str]:
    """What stands between commas; of a path, as much as there is a file or a folder of."""
    pieces = text.split(",")
    found: list[str] = []
    while pieces and len(found) < paths:
        starts = [",".join(pieces[:n]) for n in range(len(pieces), 0, -1)]
        own = next((start for start in starts if _is_there(start)), pieces[0])
        found.append(own)
        pieces = pieces[own.count(",") + 1 :]
    return found + pieces


def _is_there(text: str) -> bool:
    # Path.exists raises where a name is too long for the disk.
    return bool(text) and os.path.exists(path_of(text, "a file of a data source"))  # noqa: PTH110


def _leak(data: Data) -> tuple[str, ...]:
    n, of = data.copies, len(data.test)
    return (f"{data.name}: images held out that are exact copies of images to train on: {n} of {of}",) if n else ()
