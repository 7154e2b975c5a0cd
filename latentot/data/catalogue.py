"""The catalogue of data sources, and how a source is asked for by name."""

__all__ = ["data_sources", "load_data"]

from collections.abc import Callable
from dataclasses import dataclass

from latentot.data.digits import digits
from latentot.data.folder import folder
from latentot.data.idx import idx
from latentot.data.npz import npz
from latentot.data.online import openml, torchvision
from latentot.data.split import Data
from latentot.errors import InputError, unknown_name


@dataclass(frozen=True)
class _Source:
    """A source: how it is asked for, what it is, and what reads it, given the whole name and its arguments."""

    form: str
    about: str
    read: Callable[..., Data]

    def of(self, name: str, arguments: list[str]) -> Data:
        required, _, optional = self.form.partition(":")[2].partition("[")
        least = len(required.split(",")) if required else 0
        most = least + optional.count(",")
        if not least <= len(arguments) <= most or not all(arguments):
            raise InputError(f"data source {name!r}: it is asked for as {self.form}")
        return self.read(name, *arguments)


_SOURCES = {
    source.form.partition(":")[0]: source
    for source in (
        _Source("digits", "1,797 handwritten digits of 8 x 8 pixels, from scikit-learn", digits),
        _Source("idx:IMAGES[,LABELS]", "files of MNIST and its kin, plain or .gz", idx),
        _Source("images:FOLDER[,SIZE[,grey|rgb]]", "pictures in a folder and those in it, cropped and resized", folder),
        _Source("npz:FILE[,ARRAY[,HELD-OUT]]", "arrays of images in a NumPy archive", npz),
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


def load_data(source: str) -> Data:
    """Load a data source; the same name and files give the same images in the same two parts everywhere.

    The last fifth is held out, unless the source itself says what is.

    Args:
        source: in one of the forms of `data_sources()`, such as "digits" or "idx:images.gz". Only openml: and
            torchvision: go online, and they do.

    Raises:
        InputError: no source has this name, or what it names cannot be read.

    >>> load_data("digits").train.shape
    (1438, 1, 8, 8)
    """
    kind, colon, rest = source.partition(":")
    if kind not in _SOURCES:
        raise unknown_name("data source", source, _SOURCES)
    return _SOURCES[kind].of(source, rest.split(",") if colon else [])
