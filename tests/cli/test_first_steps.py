"""What a newcomer is told who types `latentot` and nothing else, and what the shell completes."""

import importlib.metadata
import os
import re
import shlex
import subprocess
import sys

import pytest
import typer.testing

from latentot.cli import app, main
from latentot.cli.app import FIRST_STEPS


def without_arguments(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(sys, "argv", ["latentot"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_three_commands_to_try_stand_below_the_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = without_arguments(monkeypatch, capsys)
    assert out.endswith(FIRST_STEPS)
    assert "Usage: latentot" in out
    assert len(re.findall(r"^  latentot ", out, re.MULTILINE)) == 3


@pytest.mark.parametrize("line", re.findall(r"^  latentot (.*)$", FIRST_STEPS, re.MULTILINE))
def test_each_is_a_command_with_options_that_there_are(line: str) -> None:
    command, *arguments = shlex.split(line, comments=True)
    said = typer.testing.CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    assert said.exit_code == 0
    known = set(re.findall(r"--[a-z-]+", re.sub(r"\x1b\[[0-9;]*m", "", said.output)))
    assert {word for word in arguments if word.startswith("--")} <= known


def test_the_shell_completes_commands() -> None:
    asked = {"_LATENTOT_COMPLETE": "complete_bash", "COMP_WORDS": "latentot do", "COMP_CWORD": "1"}
    run = [sys.executable, "-c", "from latentot.cli import main; main()"]
    done = subprocess.run(run, env=os.environ | asked, capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == (["doctor"], "")


@pytest.mark.parametrize("arguments", [["-h"], ["compare", "-h"], ["list", "-h"]], ids=" ".join)
def test_help_has_a_short_name(arguments: list[str]) -> None:
    short, long = (typer.testing.CliRunner().invoke(app, [*arguments[:-1], name]) for name in ("-h", "--help"))
    assert (short.exit_code, short.output) == (0, long.output)
    assert "Usage: " in short.output


def test_says_its_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["latentot", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert capsys.readouterr() == (f"latentot {importlib.metadata.version('latentot')}\n", "")
