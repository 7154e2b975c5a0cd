"""Whether what a command is to write can be written: found out before anything is computed."""

__all__ = ["check_file", "check_name"]

from pathlib import Path

from latentot.errors import InputError

BLOCK = bytes(4096)
"""A full disk still makes files, but takes no block."""


def check_name(out: Path) -> None:
    """Refuse a name that not every file system has, and that no report can tell.

    Raises:
        InputError: it is not UTF-8.

    >>> check_name(Path("reports/mine"))
    """
    try:
        str(out).encode()
    except UnicodeEncodeError as error:
        raise InputError(f"cannot write to {str(out)!a}: give --out a name in UTF-8") from error


def check_file(out: Path) -> None:
    """Find out whether a file can be written; leaves no trace.

    It is really written to: permission bits say little of disks that are full or read-only, and of the superuser.

    Raises:
        InputError: it cannot.
    """
    check_name(out)
    try:
        if out.exists():
            out.open("r+b").close()
            return
        with out.open("xb") as file:
            try:
                file.write(BLOCK)
                file.flush()
            finally:
                out.unlink()
    except OSError as error:
        where = "give the name of a file in a folder that exists"
        raise InputError(f"cannot write {out} ({error.strerror}): {where}") from error
