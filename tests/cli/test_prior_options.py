"""A prior with parameters, from flags and from a study file."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from latentot.cli import main
from latentot.cli.app import USAGE

SMALL = [
    *("--method", "linear", "--metric", "norm-ks", "--t", "0.5", "--pairs", "20", "--repeats", "2"),
    *("--null-draws", "19", "--jobs", "1", "--no-cache", "--quiet", "--out", "out"),
]
Compare = Callable[..., tuple[object, str]]
STUDY = 'prior = { name = "normal", options = { mean = 3, scale = 2 } }\ndim = 2\nstrips = 0\n'


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Compare:
    """Gives the exit status and what was said of errors, in an empty folder but for a study."""
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(STUDY, encoding="utf-8")

    def run(*flags: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["latentot", "compare", *flags])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("flags", "options"),
    [
        (["--prior", "student-t", "--dim", "2", "--prior-option", "df=5"], {"df": 5}),
        (
            ["--prior", "uniform", "--dim", "2", "--prior-option", "low=0", "--prior-option", "high=2"],
            {"low": 0, "high": 2},
        ),
        (["study.toml", "--prior-option", "mean=7"], {"mean": 7, "scale": 2}),
    ],
    ids=["one", "two", "of a file"],
)
def test_options_are_those_of_the_prior(compare: Compare, flags: list[str], options: dict[str, float]) -> None:
    assert compare(*flags, *SMALL) == (0, "")
    assert json.loads(Path("out/run.json").read_text(encoding="utf-8"))["study"]["prior"]["options"] == options


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--prior", "normal"], "a prior needs a dim, such as 64, its number of coordinates: normal has none"),
        (["--dim", "4"], "a dim needs a prior, such as normal: there is none for dim 4"),
        (["--prior-option", "df=5"], "--prior-option needs --prior, or a study file that has one prior"),
        (["--prior", "student-t", "--dim", "2", "--prior-option", "df"], "an option is given as key=value, got 'df'"),
    ],
)
def test_what_is_lacking_is_one_line(compare: Compare, flags: list[str], words: str) -> None:
    assert compare(*flags) == (USAGE, f"latentot: {words}\n")
