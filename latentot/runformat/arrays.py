"""artefacts.npz: the arrays that figures need."""

__all__ = ["ARRAYS", "read_artefacts"]

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from latentot.errors import InputError, one_line

Arrays = Mapping[str, np.ndarray[Any, Any]]


@dataclass(frozen=True)
class Array:
    """An array, or those of many endpoints and methods.

    Args:
        name: its key, with braces around what varies.
        shape: names of its sizes; equal names are equal sizes. None where figures look at it themselves.
        holds: what.
    """

    name: str
    shape: tuple[str, ...] | None
    holds: str

    def keys(self, stored: Arrays) -> list[str]:
        """Which of the stored arrays it is."""
        pattern = re.sub(r"\{\w+\}", ".+", self.name)
        return [key for key in stored if re.fullmatch(pattern, key, re.DOTALL)]


ARRAYS = (
    Array("norms/edges", ("edges",), "edges of the histograms of norms, increasing"),
    Array("norms/t", ("t",), "positions that points were measured at"),
    Array("norms/{endpoints}/reference", ("bins",), "density of the norms of the reference"),
    Array("norms/{endpoints}/{method}", ("t", "bins"), "density of the norms of a method's points"),
    Array("endpoints/{endpoints}", ("bins",), "density of the norms of encodings"),
    Array("radius/grid", ("grid",), "norms at which the prior's own density is known"),
    Array("radius/pdf", ("grid",), "that density"),
    Array("null/{population}", None, "null draws (B, k): each metric at each t, t varying fastest"),
    Array("profile/t", ("profile",), "positions that points were followed at, judged or not"),
    Array("profile/{endpoints}/{method}/drift/{metric}", ("profile",), "drift there, of one repeat; NaN where unknown"),
    Array("profile/{endpoints}/{method}/spread/{metric}", ("profile",), "its standard deviation, by the jackknife"),
    Array(
        "profile/{endpoints}/{method}/displacement",
        ("profile",),
        "mean distance from the straight line between endpoints, as a share of its length; NaN where unknown",
    ),
    Array("profile/{endpoints}/{method}/norms", None, "quantiles of norms (t, 5): 5, 25, 50, 75, 95 %"),
    Array("profile/{endpoints}/{method}/walks", None, "norms of single walks (pairs, t), those of the strips first"),
    Array("profile/{endpoints}/{method}/coordinates", None, "median and width of each coordinate at t = 1/2 (2, k)"),
    Array("profile/{endpoints}/{method}/correlations", None, "rank correlations of coordinates at t = 1/2 (k, k)"),
    Array("strips/methods", None, "names of methods"),
    Array("strips/t", None, "positions of the pictures of a strip"),
    Array("strips/{endpoints}", None, "decoded walks (pairs, methods, t, ...)"),
)
"""Arrays by their names; those of a run with several subjects begin with the subject's label."""


def read_artefacts(path: Path, again: str) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays by their names.

    Args:
        path: the file.
        again: what to do where it cannot be read.

    Raises:
        InputError: it is damaged, holds pickled objects, or arrays whose sizes disagree.
    """
    try:
        stored = np.load(path, allow_pickle=False)
        if not isinstance(stored, np.lib.npyio.NpzFile):
            raise InputError(f"{path} is damaged (it holds no named arrays): {again}")
        with stored:
            artefacts = {name: np.asarray(stored[name]) for name in stored.files}
    except InputError:
        raise
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        if "pickle" in str(error):
            raise InputError(f"{path} holds pickled objects, which are never loaded: {again}") from error
        raise InputError(f"{path} is damaged ({one_line(error)}): {again}") from error
    if problem := _problem(artefacts):
        raise InputError(f"{path} is damaged ({problem}): {again}")
    return artefacts


def _problem(stored: Arrays) -> str:
    """The first array that is not as declared, in words."""
    sizes: dict[str, int] = {}
    checked: set[str] = set()
    for declared in ARRAYS:
        for key in declared.keys(stored):
            if declared.shape is None or key in checked:
                continue
            checked.add(key)
            array = stored[key]
            for name, size in zip(declared.shape, array.shape, strict=False):
                sizes.setdefault(name, size)
            shape = tuple(sizes.get(name, 0) for name in declared.shape)
            if array.shape != shape or array.dtype.kind not in "fiu":
                return f"{key} is {array.dtype} {array.shape}, expected numbers of shape {shape}"
            if key == "norms/edges":
                if array.size < 2 or not np.all(np.diff(array.astype(float)) > 0):
                    return "norms/edges do not increase"
                sizes["bins"] = array.size - 1
    return ""
