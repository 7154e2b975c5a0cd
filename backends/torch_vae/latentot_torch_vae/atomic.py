"""Writing a file wholly or not at all."""

__all__ = ["check_writable", "write"]

import secrets
from pathlib import Path

from latentot.errors import InputError
from latentot.writing import write_whole


def check_writable(out: Path) -> None:
    """Find out, before hours of work, whether `write` will be able to write; leaves no trace.

    A file is really made and removed: permission bits say little of read-only disks, quotas and the superuser.

    Raises:
        InputError: it will not.
    """
    if out.is_dir():
        raise InputError(f"cannot write {out}: it is a folder; give the name of a file")
    beside = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        beside.touch(exist_ok=False)
        beside.unlink()
    except OSError as error:
        raise InputError(
            f"cannot write {out}: {error.strerror} ({out.parent}); give a file in an existing, writable folder"
        ) from error


def write(out: Path, content: bytes) -> None:
    """Write a file: `out` is the old file or the whole new one at any moment.

    Raises:
        InputError: the disk refuses; the old file is as it was.
    """
    try:
        write_whole({out: content}, synced=True)
    except OSError as error:
        raise InputError(f"cannot write {out}: {error.strerror}; nothing was changed") from error
