"""The application: its commands are declared elsewhere; whatever goes wrong with one is one line."""

__all__ = ["FAILED", "FIRST_STEPS", "INTERRUPTED", "UNEXPECTED", "USAGE", "app", "fail", "main", "usage"]

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version as installed
from typing import Annotated, Any, NoReturn, TextIO, cast

import typer

from latentot.cli.streams import lasting_streams
from latentot.errors import FailureWarning, InputError, InputWarning, WaitingWarning

app = typer.Typer(
    help="Are the points between two latents still latents that the model knows?",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)

FAILED, USAGE, UNEXPECTED, INTERRUPTED = 1, 2, 3, 130

FIRST_STEPS = """Three commands to try:
  latentot compare --prior normal --dim 16 --method linear --method cauchy --out first   # which keeps the law, a report
  latentot list      # all methods, metrics, priors, models, data, judges and features
  latentot doctor    # is everything that is installed in order?
"""

_Refused: type[typer.BadParameter] = cast(Any, typer.BadParameter.__mro__[1])
"""What the parser raises, whether typer brings it or click does."""
_WANTED = {"float": "a number", "int": "a whole number", "bool": "true or false"}


def main() -> None:
    """Run the command line; whatever goes wrong is one line, unless --debug is given."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    with lasting_streams() as lost:
        try:
            _run(arguments)
        except (KeyboardInterrupt, typer.Abort):
            fail("interrupted", INTERRUPTED)
        except InputError as error:
            if debug:
                raise
            fail(str(error), FAILED)
        except Exception as error:
            if debug:
                raise
            fail(f"unexpected {type(error).__name__}: {error} (--debug shows where)", FAILED)
        if why := lost():
            fail(f"standard output cannot be written: {why}; the files it names are complete", FAILED)
        sys.exit(0)


def _run(arguments: list[str]) -> None:
    """Run a command; what the parser refuses is a line like any other."""
    with _warnings_shown():
        try:
            status = app(arguments, prog_name="latentot", standalone_mode=False)
        except _Refused as error:
            if error.format_message():
                hint = f" ({error.ctx.command_path} --help)" if error.ctx else ""
                fail(f"{_said(error)}{hint}", USAGE)
            status = USAGE  # help has been shown
    if not arguments:
        sys.stdout.write(FIRST_STEPS)
        status = USAGE
    if status == INTERRUPTED:
        raise KeyboardInterrupt
    if status:
        sys.exit(status)


def _said(error: Any) -> str:
    """What the parser says, in words of the command line where it has those of a library."""
    from pydantic import ValidationError

    if not isinstance(error.__cause__, ValidationError):
        return str(error.format_message())
    problem = error.__cause__.errors()[0]
    wanted = _WANTED.get(problem["type"].partition("_")[0], "another value")
    return f"{error.param.opts[0]} takes {wanted}, got {problem['input']!r}"


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"latentot {installed('latentot')}\n")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option(help="Show tracebacks; accepted anywhere on the command line.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Are the points between two latents still latents that the model knows?"""


@contextmanager
def _warnings_shown() -> Iterator[None]:
    """Show latentot's own warnings in one line each, other warnings as usual."""
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
            if issubclass(category, WaitingWarning | InputWarning | FailureWarning):
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
