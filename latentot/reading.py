"""Files that users name: where they lie, and what may stand there in place of their content."""

__all__ = ["path_of", "plain_paths", "printable", "refuse_pointer"]

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from latentot.errors import InputError

POINTERS = {
    b"version https://git-lfs": ("Git LFS", "git lfs pull"),
    b"version https://hawser": ("Git LFS", "git lfs pull"),
    b"/annex/objects/": ("git-annex", "git annex get"),
}
"""How the small text begins that these keep in a checkout in place of a large file, and what fetches the file."""

LONGEST = 32_768
"""Bytes: git-annex takes no longer file for one of its pointers, Git LFS none of more than 1,024."""


def path_of(given: object, what: str) -> Path:
    """The path that somebody gave as text or as a path, a leading ~ being their home folder.

    Args:
        given: text, a `pathlib.Path` or the like.
        what: what it is the path of, for the error.

    Raises:
        InputError: it is no path.

    >>> path_of("~/a", "a file") == Path.home() / "a"
    True
    """
    if not isinstance(given, str | os.PathLike) or not os.fspath(given) or "\0" in os.fsdecode(given):
        raise InputError(f"{what} is a path, as text or a pathlib.Path, got {given!r}")
    # expanduser of os.path leaves ~name of nobody as it is, where that of pathlib raises RuntimeError.
    return Path(os.path.expanduser(os.fsdecode(given)))  # noqa: PTH111


def plain_paths(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as plain data: paths as text.

    >>> plain_paths({"checkpoint": Path("a.safetensors"), "batch": 8})
    {'checkpoint': 'a.safetensors', 'batch': 8}
    """
    return {name: os.fspath(value) if isinstance(value, os.PathLike) else value for name, value in options.items()}


def printable(text: str) -> str:
    """Text that can be stored as UTF-8: bytes of a file's name that are none are written as \\x and two digits.

    >>> print(printable("caf\\udce9"))
    caf\\xe9
    """
    return os.fsencode(text).decode(errors="backslashreplace")


def refuse_pointer(path: Path) -> None:
    """Refuse a file in whose place a checkout has a pointer; one that cannot be read is left to whoever reads it.

    Raises:
        InputError: it is a pointer.
    """
    try:
        if path.stat().st_size > LONGEST:
            return
        with path.open("rb") as file:
            start = file.read(64)
    except OSError:
        return
    for beginning, (program, command) in POINTERS.items():
        if start.startswith(beginning):
            raise InputError(f"{path} is a {program} pointer, not the file itself: run `{command}` where it lies")
