"""`docs/plugin.md` is executed as it is written: from an empty folder to a report."""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from latentot.catalogue import refresh
from latentot.checks.model import CHECKS
from latentot.cli import main
from latentot.reporting.figures import Drawing
from latentot.reporting.figures.attempt import attempted
from latentot.runformat import Population

PAGE = (Path(__file__).parents[1] / "docs" / "plugin.md").read_text(encoding="utf-8")
BLOCK = re.compile(r'^```(?P<kind>\w+)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the page makes of an empty folder: its files written, its commands run, in order.

    Python and commands of latentot are run in this process, which has imported what all of them need.
    """
    made, site = tmp_path_factory.mktemp("page"), tmp_path_factory.mktemp("site")
    before = os.environ.get("PYTHONPATH")
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(site), *([before] if before else [])]),
        # `pip install .` offline, into a folder of its own.
        **{"PIP_TARGET": str(site), "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"},
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
        "LATENTOT_CACHE": str(site / "cache"),
    }
    blocks = list(BLOCK.finditer(PAGE))
    assert (
        " ".join(block["kind"] for block in blocks)
        == "python python toml sh python sh sh python toml python python toml"
    )
    for block in blocks:
        if block["kind"] == "toml" and not block["file"]:
            assert tomllib.loads(block["text"])
            continue
        if block["file"]:
            (made / block["file"]).write_text(block["text"], encoding="utf-8")
            continue
        if block["kind"] == "python":
            with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
                patch.chdir(made)
                patch.setenv("LATENTOT_CACHE", environment["LATENTOT_CACHE"])
                exec(block["text"], {"__name__": "__main__"})  # noqa: S102
            continue
        for line in block["text"].splitlines():
            said = _run(shlex.split(line), made, site, environment)
            (made / "said.txt").open("a").write(said)
    refresh()
    return made


def _run(command: list[str], made: Path, site: Path, environment: dict[str, str]) -> str:
    """What a command says."""
    if command[0] != "latentot":
        program = [sys.executable, *command[1:]] if command[0] == "python" else command
        done = subprocess.run(program, cwd=made, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as said:
        patch.chdir(made)
        patch.syspath_prepend(str(site))
        patch.setenv("LATENTOT_CACHE", environment["LATENTOT_CACHE"])
        patch.setattr(sys, "argv", command)
        # Of the report one kind of figure: all would take longer than all that the page computes.
        patch.setattr("latentot.reporting.page.attempted", _norms_alone)
        patch.setattr("latentot.reporting.page.attempted_all", lambda *_: ())
        refresh()
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code, command
    return said.getvalue()


def _norms_alone(kind: str, population: Population, draw: Callable[[], Drawing]) -> Drawing:
    return attempted(kind, population, draw) if kind == "norms" else Drawing(kind, "", "not drawn in this test")


def test_it_ends_with_a_report(folder: Path) -> None:
    results = pd.read_csv(folder / "report" / "results.csv")
    assert set(results.model) == {"blobs"}
    assert set(results.endpoints) == {"prior", "encoded"}
    assert set(results.status) == {"ok"}
    assert "<svg" in (folder / "report" / "report.html").read_text(encoding="utf-8")
    assert (folder / "strip.png").stat().st_size > 0


def test_on_the_way_all_checks_are_run(folder: Path) -> None:
    said = (folder / "said.txt").read_text(encoding="utf-8")
    assert re.search(r"^  blobs +blobs 0\.1$", said, re.MULTILINE)
    assert re.search(r"^ ?fresh-process +passed ", said, re.MULTILINE)
    # As a test file and as what is installed: all but the gradients, which it does not claim.
    assert said.count(f"{len(CHECKS) - 1} passed, 1 skipped") == 2


def test_the_table_of_checks_is_that_of_the_kit() -> None:
    table = re.findall(r"^\| `([\w-]+)` \| (.*) \|$", PAGE, re.MULTILINE)
    assert table[: len(CHECKS)] == [(check.name, check.title) for check in CHECKS]
