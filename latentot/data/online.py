"""Data sets that are fetched from the internet when asked for by name."""

__all__ = ["openml", "torchvision"]

import importlib
import math
import os
import warnings
from pathlib import Path

import numpy as np

from latentot.data.pixels import CHANNELS, pixels_of
from latentot.data.scale import scale_of
from latentot.data.split import Data, held_out
from latentot.errors import InputError, one_line, unknown_name

PARTS: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    **dict.fromkeys(("FashionMNIST", "KMNIST", "MNIST", "QMNIST", "USPS"), ({"train": True}, {"train": False})),
    **dict.fromkeys(("STL10", "SVHN"), ({"split": "train"}, {"split": "test"})),
}
"""How torchvision is asked for both parts; those that it unpickles, as CIFAR10, are not among them."""


def openml(name: str, data_set: str) -> Data:
    """A data set of OpenML whose rows are square images, grey or channels first, of whole numbers from 0 on.

    Args:
        name: the source as the user named it.
        data_set: its name there, such as mnist_784 or CIFAR_10.

    Raises:
        InputError: there is no such set, no internet, or its rows are no images.

    References:
        J. Vanschoren et al. (2014). OpenML: networked science in machine learning. ACM SIGKDD Explorations 15(2).
    """
    from sklearn.datasets import fetch_openml

    try:
        with warnings.catch_warnings():
            # Offline, scikit-learn takes what it could not fetch for a damaged file of its own, and warns of that.
            warnings.simplefilter("ignore", RuntimeWarning)
            rows = np.asarray(fetch_openml(data_set, as_frame=False, parser="auto").data)
    # An absent set, a proxy, no network, a changed page: each has its own exception, and all mean the same.
    except Exception as error:
        raise _not_fetched(name, error) from error
    sides = {channels: math.isqrt(rows.shape[-1] // channels) for channels in CHANNELS}
    fitting = [(c, side, side) for c, side in sides.items() if rows.ndim == 2 and c * side * side == rows.shape[1]]
    if not fitting:
        raise InputError(f"{name}: rows are square images, grey or RGB; got shape {rows.shape}")
    scale = scale_of([rows], name)
    return held_out(name, pixels_of(rows.reshape(-1, *fitting[0]), name, scale), None, str(scale), scale.doubts)


def torchvision(name: str, data_set: str) -> Data:
    """A data set of torchvision, which checks what it fetched; its own test images are those held out.

    Args:
        name: the source as the user named it.
        data_set: its name there, such as FashionMNIST.

    Raises:
        InputError: torchvision is not installed, has no such set, or there is no internet.
    """
    if data_set not in PARTS:
        raise unknown_name("torchvision data set", data_set, PARTS)
    try:
        sets = importlib.import_module("torchvision.datasets")
    # One that was built for another torch raises what it stumbles over.
    except Exception as error:
        raise InputError(
            f"{name} needs torchvision, which cannot be imported ({one_line(error)}): pip install torchvision"
        ) from error
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        parts = [
            getattr(sets, data_set)(str(cache / "latentot" / "torchvision"), download=True, **part).data
            for part in PARTS[data_set]
        ]
    except Exception as error:
        raise _not_fetched(name, error) from error
    arrays = [np.asarray(part) for part in parts]
    scale = scale_of(arrays, name)
    train, test = (pixels_of(array, name, scale) for array in arrays)
    return Data(name, train, test, scale=str(scale), doubts=scale.doubts)


def _not_fetched(name: str, error: Exception) -> InputError:
    return InputError(
        f"{name} could not be fetched ({one_line(error)}): it needs internet access and a name that exists; "
        "files that are already here are read as idx:, npz: or images:"
    )
