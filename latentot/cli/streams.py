"""Standard streams that outlive their readers: a pipe that is closed or a disk that is full never costs the work."""

__all__ = ["Streams", "lasting_streams"]

import contextlib
import errno
import io
import os
import select
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO


class _Lasting(io.RawIOBase):
    """A descriptor to write to; once it refuses, what is written is let go.

    Args:
        descriptor: of an open file, which stays open.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.refused: OSError | None = None

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def write(self, data: Any, /) -> int:
        while self.refused is None:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:
                select.select([], [self._descriptor], [])
            except OSError as error:
                self.refused = error
        return len(data)


@dataclass(frozen=True)
class Streams:
    """What became of standard output.

    Args:
        output: where it is written; None where a program has put something else in its place.
    """

    output: _Lasting | None

    def lost(self) -> str | None:
        """Why some of it could not be written; a reader that wants no more, as of `| head`, is no reason."""
        sys.stdout.flush()
        refused = self.output and self.output.refused
        return refused.strerror if refused and refused.errno != errno.EPIPE else None


@contextlib.contextmanager
def lasting_streams() -> Iterator[Streams]:
    """Standard output and standard error as streams that never fail, whatever writes to them.

    Characters that they cannot show are replaced. What was closed takes what is written and shows nothing.
    """
    given = sys.stdout, sys.stderr
    _fill_closed()
    output = _lasting(sys.stdout, sys.__stdout__)
    errors = _lasting(sys.stderr, sys.__stderr__)
    sys.stdout = _text(output, given[0], "replace") if output else given[0]
    sys.stderr = _text(errors, given[1], "backslashreplace") if errors else given[1]
    try:
        yield Streams(output)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = given


def _fill_closed() -> None:
    """Let no file that is opened later have the number of a standard stream, and what libraries write there."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


def _lasting(stream: TextIO | None, own: TextIO | None) -> _Lasting | None:
    if stream is not own:
        return None
    if stream is None:
        return _Lasting(os.open(os.devnull, os.O_WRONLY))
    with contextlib.suppress(OSError):
        stream.flush()
    return _Lasting(stream.fileno())


def _text(raw: _Lasting, stream: TextIO | None, errors: str) -> TextIO:
    encoding = stream.encoding if stream else "utf-8"
    kept = stream.errors if stream and stream.errors not in (None, "strict") else errors
    at_once = raw.isatty() or errors == "backslashreplace"
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding, kept, line_buffering=at_once)
