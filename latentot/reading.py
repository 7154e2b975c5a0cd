"""Files that users name: where they lie, and what may stand there in place of their content."""

__all__ = ["path_of", "plain_paths", "printable", "refuse_pointer"]

import os
import re
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
    """The path that somebody gave as text or as a path.

    A leading ~ is their home folder; `\\xe9` is that byte, as `printable` writes it, where there is such a file.

    Args:
        given: text, a `pathlib.Path` or the like.
        what: what it is the path of, for the error.

    Raises:
        InputError: it is no path.

    >>> path_of("~/a", "a file") == Path.home() / "a"
    True
    """
    text = os.fsdecode(given) if isinstance(given, str | os.PathLike) else ""
    if not text or "\0" in text or re.search("[\ud800-\udc7f\udd00-\udfff]", text):
        raise InputError(f"{what} is a path, as text or a pathlib.Path, got {given!r}")
    # Those of pathlib raise where there is no such user, or a name is too long for the disk.
    path = os.path.expanduser(text)  # noqa: PTH111
    named = os.fsdecode(re.sub(rb"\\x([0-9a-f]{2})", lambda two: bytes.fromhex(two[1].decode()), os.fsencode(path)))
    return Path(path if os.path.exists(path) or not os.path.exists(named) else named)  # noqa: PTH110


def plain_paths(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as plain data: paths as text, and all text such as can be stored.

    >>> plain_paths({"checkpoint": Path("a.safetensors"), "batch": 8})
    {'checkpoint': 'a.safetensors', 'batch': 8}
    """
    texts = {name: os.fsdecode(value) for name, value in options.items() if isinstance(value, str | os.PathLike)}
    return {name: printable(texts[name]) if name in texts else value for name, value in options.items()}


def printable(text: str) -> str:
    """Text that can be stored as UTF-8: bytes of a file's name that are none are written as \\x and two digits.

    >>> print(printable("caf\\udce9"))
    caf\\xe9
    """
    named = re.sub("[\udc80-\udcff]", lambda byte: f"\\x{ord(byte[0]) - 0xDC00:02x}", text)
    return named.encode(errors="backslashreplace").decode()


def refuse_pointer(path: Path) -> None:
    """Refuse a pointer in place of the file itself; one that cannot be read is left to its reader.

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
