"""Files that are written wholly or not at all."""

__all__ = ["Content", "write_whole"]

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

Content = bytes | Callable[[IO[bytes]], Any]
"""What a file holds, or what writes it."""


def write_whole(files: Mapping[Path, Content], *, synced: bool = False) -> None:
    """Write files: whatever happens, each is the old one or the whole new one, and nothing stays beside them.

    All are whole before the first takes its place, so that old and new files are not mixed.

    Args:
        files: what each is to hold, by its path; they take their places in this order.
        synced: whether they are on the disk, not in the system's memory, before they take their places: what took hours
            survives a power cut.

    Raises:
        OSError: one could not be written, and all are as they were; or one could not take its place.
    """
    unfinished: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            # In the same folder, since only there a rename replaces the old file in one step.
            beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            with beside.open("xb") as file:
                unfinished[path] = beside
                if callable(content):
                    content(file)
                else:
                    file.write(content)
                if synced:
                    file.flush()
                    os.fsync(file.fileno())
        for path, beside in unfinished.items():
            beside.replace(path)
    finally:
        for beside in unfinished.values():
            beside.unlink(missing_ok=True)
