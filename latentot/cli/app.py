"""The application: its commands are declared elsewhere; whatever goes wrong with one is one line."""

__all__ = ["FAILED", "INTERRUPTED", "UNEXPECTED", "USAGE", "app", "fail", "main", "usage"]

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn, TextIO

import typer

from latentot.errors import InputError, InputWarning, WaitingWarning

app = typer.Typer(
    help="Are the points between two latents still latents that the model knows?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FAILED, USAGE, UNEXPECTED, INTERRUPTED = 1, 2, 3, 130


def main() -> None:
    """Run the command line; whatever goes wrong is one line, unless --debug is given."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    try:
        with _warnings_told():
            app(arguments)
    except KeyboardInterrupt:
        fail("interrupted", INTERRUPTED)
    except InputError as error:
        if debug:
            raise
        fail(str(error), FAILED)
    except Exception as error:
        if debug:
            raise
        fail(f"unexpected {type(error).__name__}: {error} (--debug shows where)", FAILED)


@app.callback()
def options(debug: Annotated[bool, typer.Option(help="Show tracebacks; may stand anywhere.")] = False) -> None:
    """Are the points between two latents still latents that the model knows?"""


@contextmanager
def _warnings_told() -> Iterator[None]:
    """What is waited for, or doubtful, is told in a line; other warnings are shown as ever."""
    told: set[str] = set()
    with warnings.catch_warnings():
        shown = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if issubclass(category, WaitingWarning | InputWarning):
                # Data are loaded more than once: by a model, and to be encoded.
                if not issubclass(category, InputWarning) or str(message) not in told:
                    sys.stderr.write(f"latentot: {message}\n")
                told.add(str(message))
            else:
                shown(message, category, filename, lineno, file, line)

        warnings.showwarning = show
        yield


def fail(message: str, status: int) -> NoReturn:
    """End with a line and a status."""
    sys.stderr.write(f"latentot: {' '.join(message.split())}\n")
    sys.exit(status)


@contextmanager
def usage() -> Iterator[None]:
    """What is refused here was said wrong on the command line or in a study file."""
    try:
        yield
    except InputError as error:
        if "--debug" in sys.argv:
            raise
        fail(str(error), USAGE)
