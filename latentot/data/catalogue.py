"""Data sources by name, and how one is asked for.

Plugins announce factories in the group `latentot.data`: factory(name, *arguments) gives a `Data`. It is called with the
source as the user wrote it, and with what stands after the colon, texts separated by commas.
"""

__all__ = ["SOURCES", "data_sources", "load_data", "source_of"]

import multiprocessing
import os
import warnings

from latentot.catalogue import OWN, Catalogue
from latentot.data.form import arguments_of, form_of, is_there
from latentot.data.split import Data
from latentot.errors import InputError, InputWarning, unknown_name
from latentot.reading import path_of, printable

SOURCES = Catalogue(
    "data source",
    "latentot.data",
    {
        "digits": "latentot.data.digits:digits",
        "idx": "latentot.data.idx:idx",
        "images": "latentot.data.folder:images",
        "npz": "latentot.data.npz:npz",
        "openml": "latentot.data.online:openml",
        "torchvision": "latentot.data.online:torchvision",
    },
)
_PATHS = {"idx": 2, "images": 1, "npz": 1}
"""How many arguments of a source, the first of them, are paths."""


def data_sources() -> dict[str, str]:
    """The data sources that `load_data` knows: the form in which each is asked for, and what it is.

    Of a plugin, which is not imported, its name and the distribution that brings it.

    >>> list(data_sources())[:2]
    ['digits', 'idx:IMAGES[,LABELS]']
    """
    return {
        form_of(name, SOURCES.find(name)) if origin == OWN else name: SOURCES.about(name) if origin == OWN else origin
        for name, origin in SOURCES.origins().items()
    }


def source_of(given: str) -> str:
    """The name of a source in what asks for it.

    >>> source_of("idx:images.gz,labels.gz")
    'idx'
    """
    return given.partition(":")[0]


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
    given = _named(source)
    name = source_of(given)
    data = SOURCES.make(name, given, *arguments_of(given, name, SOURCES.find(name), _PATHS.get(name, 0)))
    if not isinstance(data, Data):
        raise InputError(f"the plugin of the data source {name!r} made {type(data).__name__}, not a latentot.data.Data")
    # The process that started this one has warned already.
    if multiprocessing.parent_process() is None:
        for doubt in (*data.doubts, *_leak(data)):
            warnings.warn(printable(doubt), InputWarning, stacklevel=2)
    return data


def _named(source: object) -> str:
    """The source by name, where a path was given instead."""
    text = os.fsdecode(source) if isinstance(source, str | os.PathLike) else None
    known = SOURCES.names()
    if text is not None and source_of(text) in known:
        return text
    path = path_of(source, "a data source") if text else None
    if text is None or path is None:
        raise unknown_name("data source", source, known)
    if not is_there(text):
        unknown = unknown_name("data source", printable(text), known)
        raise InputError(
            f"{unknown}; there is no such file or folder either" if path.suffix or os.sep in text else unknown
        )
    ending = path.suffix.lower()
    kind = "images" if path.is_dir() else "npz" if ending == ".npz" else "idx" if _is_idx(path.name) else None
    if kind is None:
        forms = ", ".join(form_of(name, SOURCES.find(name)) for name in _PATHS)
        raise InputError(f"{printable(text)}: say what it holds, as {forms}")
    return f"{kind}:{text}"


def _is_idx(name: str) -> bool:
    return "ubyte" in name or name.endswith((".idx", ".idx3", ".idx.gz", ".idx3.gz"))


def _leak(data: Data) -> tuple[str, ...]:
    n, of = data.copies, len(data.test)
    return (f"{data.name}: images held out that are exact copies of images to train on: {n} of {of}",) if n else ()
