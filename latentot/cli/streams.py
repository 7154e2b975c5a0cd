"""Standard streams that outlive their readers: a pipe that is closed or a disk that is full never costs the work."""

__all__ = ["Lost", "lasting_streams"]

import contextlib
import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

Lost = Callable[[], str | None]
"""Why some of standard output could not be written; a reader that wants no more, as of `| head`, is no reason."""


class _Lasting(io.TextIOWrapper):
    """Text to a descriptor, which stays open; once it refuses, what is written is let go.

    Bytes are left to the interpreter's own buffer: an interrupt between two of its steps can neither lose a line nor
    write it twice.
    """

    def __init__(self, descriptor: int, encoding: str, errors: str, *, by_line: bool) -> None:
        self.refused: OSError | None = None
        buffer = io.BufferedWriter(io.FileIO(descriptor, "w", closefd=False))
        super().__init__(buffer, encoding, errors, line_buffering=by_line)

    def write(self, text: str, /) -> int:
        with self._letting_go():
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with self._letting_go():
            super().flush()

    @contextlib.contextmanager
    def _letting_go(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.refused = self.refused or error


@contextlib.contextmanager
def lasting_streams() -> Iterator[Lost]:
    """Standard output and standard error as streams that never fail, whatever writes to them.

    Characters that they cannot show are replaced. What was closed takes what is written and shows nothing. Streams that
    a program has put in their place stay.
    """
    _fill_closed()
    given = sys.stdout, sys.stderr
    output = _lasting(sys.stdout, "replace") if sys.stdout is sys.__stdout__ else None
    errors = _lasting(sys.stderr, "backslashreplace") if sys.stderr is sys.__stderr__ else None
    sys.stdout, sys.stderr = output or given[0], errors or given[1]

    def lost() -> str | None:
        sys.stdout.flush()
        refused = output.refused if output else None
        return refused.strerror if refused and refused.errno != errno.EPIPE else None

    try:
        yield lost
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = given


def _fill_closed() -> None:
    """Let no file that is opened later have the number of a standard stream, and what libraries write there."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


def _lasting(stream: TextIO | None, errors: str) -> _Lasting:
    if stream is None:
        return _Lasting(os.open(os.devnull, os.O_WRONLY), "utf-8", errors, by_line=False)
    with contextlib.suppress(OSError):
        stream.flush()
    kept = errors if stream.errors in (None, "strict") else str(stream.errors)
    return _Lasting(stream.fileno(), stream.encoding, kept, by_line=stream.isatty() or errors == "backslashreplace")
