"""Progress: a bar on a terminal and in a notebook, lines elsewhere, nothing where nothing is wanted."""

import io
import itertools
import math
import re
import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from latentot import progress
from latentot.progress import shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Terminal]:
    """Makes a terminal of standard error; five seconds pass before the second step, one before each other."""

    def make() -> Terminal:
        # Here and not in the fixture: the capture of output takes standard error over between them.
        monkeypatch.setattr(sys, "stderr", terminal := Terminal())
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "200")
        clock = itertools.chain([0.0, 1.0, 6.0], itertools.count(7.0))
        monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: next(clock)))
        return terminal

    return make


def text(terminal: Terminal) -> str:
    """What was written, without colours and movements of the cursor."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.getvalue())


def test_a_bar_with_rate_remaining_time_and_the_slowest(on_terminal: Callable[[], Terminal]) -> None:
    """The slowest by its own seconds: where several are on the way, a quick one may be the one that was waited for."""
    terminal = on_terminal()
    with shown(quiet=False) as step:
        for done, (what, seconds) in enumerate([("slow", 5.25), ("waited for", 4.0), ("last", 0.5)], 1):
            step(done, 4, what, seconds)
    last = text(terminal).rstrip().rpartition("\n")[2].rpartition("\r")[2]
    # Three steps in seven seconds.
    assert re.search(r" 3/4 0\.4/s (\d+:\d\d:\d\d|-:--:--) last; slowest: slow, 5\.2 s$", last), last


def test_what_an_earlier_run_has_done_is_not_taken_for_the_pace_of_this_one(
    on_terminal: Callable[[], Terminal],
) -> None:
    terminal = on_terminal()
    with shown(quiet=False) as step:
        step(1001, 1004, "a", 1.0)
        step(1002, 1004, "b", 1.0)
        step(1003, 1004, "c", 1.0)
    assert " 1003/1004 0.4/s " in text(terminal)


def test_names_are_no_markup(on_terminal: Callable[[], Terminal]) -> None:
    terminal = on_terminal()
    with shown(quiet=False) as step:
        step(1, 1, "[bold]x[/nothing]", 0.04)
    assert "[bold]x[/nothing]; slowest: [bold]x[/nothing], 0.0 s" in text(terminal)


def test_steps_whose_seconds_nobody_knows(on_terminal: Callable[[], Terminal]) -> None:
    terminal = on_terminal()
    with shown(quiet=False) as step:
        step(1, 4, "loss 3.20", math.nan)
    assert text(terminal).rstrip().endswith(" loss 3.20")


def test_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(quiet=False) as step:
        for done in range(1, 41):
            step(done, 40, f"cell {done}", 1.0)
    assert capsys.readouterr().err.splitlines() == [f"{done} of 40: cell {done}" for done in range(4, 41, 4)]


def test_quiet(on_terminal: Callable[[], Terminal]) -> None:
    terminal = on_terminal()
    with shown(quiet=True) as step:
        step(1, 2, "a", 1.0)
    assert terminal.getvalue() == ""


def test_the_total_grows_with_every_round(on_terminal: Callable[[], Terminal]) -> None:
    terminal = on_terminal()
    with shown(quiet=False) as step:
        step(1, 2, "a", 1.0)
        step(2, 2, "b", 1.0)
        step(3, 4, "c", 1.0)
    last = text(terminal).rstrip().rpartition("\n")[2].rpartition("\r")[2]
    assert " 3/4 " in last, last


def test_one_line_that_is_written_anew_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = type("OutStream", (io.StringIO,), {"__module__": "ipykernel.iostream"})()
    monkeypatch.setattr(sys, "stderr", stream)
    with shown(quiet=False) as step:
        for done in range(1, 5):
            step(done, 4, "x" * 200 if done == 1 else "last", 0.1)
    *_, before, last = stream.getvalue().rstrip("\n").split("\r")
    assert "####" in last
    assert re.search(r"] 4/4 last +$", last)
    assert stream.getvalue().count("\n") == 1, "the line ends once"
    assert len(before) == len(last) == 100, "a shorter line leaves nothing of a longer one"
