"""Progress of a run, on a terminal, in a notebook or in a log."""

__all__ = ["shown"]

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[int, int, str, float], None]

_LINE, _BAR = 100, 30  # letters of a line in a notebook, and of its bar


@contextmanager
def shown(quiet: bool) -> Iterator[Step]:
    """A function to call after every step: how many are done, of how many, which it was, its seconds or NaN.

    On a terminal a bar with the rate, the remaining time and the slowest step so far, by its own seconds, since several
    are on the way at a time; in a notebook a bar with the step that was done last; elsewhere a line for each tenth of
    the way.

    Args:
        quiet: show nothing.
    """
    if quiet:
        yield lambda *_: None
    elif sys.stderr.isatty():
        with _bar() as step:
            yield step
    elif type(sys.stderr).__module__.startswith("ipykernel"):
        try:
            yield _anew
        finally:
            sys.stderr.write("\n")
    else:
        yield _line


@contextmanager
def _bar() -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    started, slowest, kept = time.monotonic(), (0.0, ""), -1
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None, rate="")

        def step(done: int, of: int, what: str, seconds: float) -> None:
            nonlocal slowest, kept
            if kept < 0:
                # What an earlier run has done says nothing of the pace of this one.
                kept = done - 1
                bar.reset(task, completed=kept, total=of)
            slowest = max(slowest, (seconds, what))
            rate = f"{(done - kept) / max(time.monotonic() - started, 1e-9):.1f}/s"
            described = f"{what}; slowest: {slowest[1]}, {slowest[0]:.1f} s" if slowest[1] else what
            bar.update(task, completed=done, total=of, rate=rate, description=described)

        yield step


def _line(done: int, of: int, what: str, _seconds: float) -> None:
    if done * 10 // of > (done - 1) * 10 // of:
        sys.stderr.write(f"{done} of {of}: {what}\n")
        sys.stderr.flush()


def _anew(done: int, of: int, what: str, _seconds: float) -> None:
    """One line that is written over: notebooks know returns, but not all movements of a cursor."""
    line = f"[{'#' * (done * _BAR // of):<{_BAR}}] {done}/{of} {what}"
    sys.stderr.write(f"\r{line[:_LINE]:<{_LINE}}")
    sys.stderr.flush()
