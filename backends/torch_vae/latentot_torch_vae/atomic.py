"""Writing a file wholly or not at all."""

__all__ = ["check_writable", "write"]

import os
import secrets
from pathlib import Path

from latentot.errors import InputError


def check_writable(out: Path) -> None:
    """Find out, before hours of work, whether `write` will be able to write; leaves no trace.

    A file is really made and removed: permission bits say little of read-only disks, quotas and the superuser.

    Raises:
        InputError: it will not.
    """
    if out.is_dir():
        raise InputError(f"cannot write {out}: it is a folder; give the name of a file")
    beside = _beside(out)
    try:
        beside.touch(exist_ok=False)
        beside.unlink()
    except OSError as error:
        raise InputError(
            f"cannot write {out}: {error.strerror} ({out.parent}); give a file in an existing, writable folder"
        ) from error


def write(out: Path, content: bytes) -> None:
    """Write the content beside `out`, then rename: `out` is the old file or the whole new one at any moment.

    Raises:
        InputError: the disk refuses; the old file is as it was.
    """
    beside = _beside(out)
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(out)
    except OSError as error:
        raise InputError(f"cannot write {out}: {error.strerror}; nothing was changed") from error
    finally:
        beside.unlink(missing_ok=True)


def _beside(out: Path) -> Path:
    return out.with_name(f".{out.name}.{secrets.token_hex(4)}")
