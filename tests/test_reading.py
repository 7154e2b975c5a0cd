"""Paths as people write them, wherever one is taken, and files that are not what their name says."""

import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot import reporting, study
from latentot.cli import main
from latentot.cli.app import _warnings_shown as warnings_shown
from latentot.reading import path_of, printable, refuse_pointer
from latentot.study import Study, read_studies

STUDY = """
prior = "normal"
dim = 3
methods = ["linear"]
metrics = ["norm-wasserstein"]
t = [0.5]
pairs = 40
repeats = 1
null_draws = 20
"""
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 9912422\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder in which we are not."""
    (tmp_path / "home").mkdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LATENTOT_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path / "home"


@pytest.mark.parametrize("given", ["~", "~/a b", Path("~/a b"), "~/é", "~/a,b"])
def test_home_is_home(home: Path, given: str | Path) -> None:
    assert path_of(given, "it") == Path(str(given).replace("~", str(home), 1))


@pytest.mark.parametrize("given", ["a~b", "./~", "~nobody-of-this-name/a", "/~/a", "x" * 5000, r"a\x", r"a\xe9"])
def test_what_is_no_home_is_left_as_it_is(home: Path, given: str) -> None:
    assert path_of(given, "it") == Path(given)


@pytest.mark.parametrize("given", ["", None, 3, b"a", "a\0b", ["a"], "\ud800"])
def test_what_is_no_path_is_one_line(given: Any) -> None:
    with pytest.raises(lot.InputError, match=r"^it is a path, as text or a pathlib\.Path, got ") as caught:
        path_of(given, "it")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
@pytest.mark.parametrize("name", [b"caf\xe9", b"\xa4\xa4\xe5", b"plain", "ünï".encode(), rb"a\xe9"])
def test_names_that_are_no_text_have_a_text_that_names_them(home: Path, name: bytes) -> None:
    Path(os.fsdecode(name)).touch()
    named = printable(os.fsdecode(name))
    named.encode()
    assert os.fsencode(path_of(named, "it")) == name


def test_a_large_file_or_none_is_no_pointer(tmp_path: Path) -> None:
    (tmp_path / "large").write_text(POINTER + 40_000 * "x")
    for name in ("large", "none", "."):
        refuse_pointer(tmp_path / name)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "mark"])
@pytest.mark.parametrize("given", ["~/s.toml", Path("~/s.toml"), "{home}/s.toml"])
def test_study_files(home: Path, mark: bytes, given: str | Path) -> None:
    (home / "s.toml").write_bytes(mark + STUDY.replace("\n", "\r\n").encode())
    (found,) = read_studies(given if isinstance(given, Path) else given.format(home=home))
    assert (found.pairs, found.title) == (40, "s")


@pytest.mark.parametrize(
    ("content", "message"),
    [(STUDY.encode("utf-16"), "is not TOML"), (POINTER.encode(), r"s\.toml is a Git LFS pointer.*git lfs pull")],
)
def test_study_files_that_are_none(home: Path, content: bytes, message: str) -> None:
    (home / "s.toml").write_bytes(content)
    with pytest.raises(lot.InputError, match=message) as caught:
        read_studies("~/s.toml")
    assert "\n" not in str(caught.value)


def test_studies_hold_text(home: Path) -> None:
    """A study is plain data that can be stored, whatever its paths are given as."""
    asked = Study.of(
        model={"name": "sklearn-pca", "options": {"data": Path("~/a.npz"), "latent": 2}}, data=Path("b\udce9.npz")
    )
    assert asked.model is not None
    assert (asked.data, asked.model.options["data"]) == (r"b\xe9.npz", "~/a.npz")
    asked.model_dump_json()


def test_models_take_paths(home: Path) -> None:
    np.savez(home / "a.npz", np.random.default_rng(0).integers(0, 256, (30, 4, 4), dtype=np.uint8))
    for given in (Path("~/a.npz"), home / "a.npz", "npz:~/a.npz"):
        model = lot.load_model("sklearn-pca", data=given, latent=2)
        assert model.provenance["data"]["train"] == 24
    # A changed file is another model.
    before = model.provenance
    np.savez(home / "a.npz", np.random.default_rng(1).integers(0, 256, (30, 4, 4), dtype=np.uint8))
    assert lot.load_model("sklearn-pca", data="npz:~/a.npz", latent=2).provenance != before


@pytest.fixture
def latentot(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    def run(*arguments: str) -> Any:
        monkeypatch.setattr(sys, "argv", ["latentot", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0

    return run


@pytest.mark.usefixtures("without_figures")
def test_a_run_from_home_to_home(home: Path, latentot: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    (home / "s.toml").write_text(STUDY)
    latentot("compare", "~/s.toml", "--out=~/run", "--quiet")
    assert (home / "run" / "report.html").is_file()
    assert not Path("~").exists()
    for name in ("run.json", "results.csv"):
        (home / "run" / name).write_bytes(b"\xef\xbb\xbf" + (home / "run" / name).read_bytes())
    assert reporting.render(Path("~/run")) == home / "run" / "report.html"
    assert latentot("diff", "~/run", str(home / "run")) == 0
    capsys.readouterr()
    for name in ("artefacts.npz", "results.csv", "run.json"):
        (home / "run" / name).write_text(POINTER)
        assert latentot("report", "~/run") == 1
        assert f"{name} is a Git LFS pointer, not the file itself: run `git lfs pull`" in capsys.readouterr().err
    (asked,) = read_studies("~/s.toml")
    assert lot.Comparison(study.run(asked)).report("~/other") == home / "other" / "report.html"


def test_a_latent_that_is_a_pointer(
    home: Path, latentot: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    np.save(home / "a.npy", np.zeros(2))
    (home / "b.npy").write_text(POINTER)
    made = ("--model", "sklearn-pca", "--model-option", "data=digits", "--model-option", "latent=2")
    assert latentot("interpolate", "~/a.npy", "~/b.npy", *made) == 1
    assert "b.npy is a Git LFS pointer" in capsys.readouterr().err
    assert latentot("interpolate", "~/a.npy", "~/a.npy", *made, "--out", "~/strip.npy") == 0
    assert np.load(home / "strip.npy").shape == (9, 1, 8, 8)


def test_doubts_are_told_once_in_a_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(home / "a.npz", np.random.default_rng(0).integers(0, 17, (60, 4, 4), dtype=np.uint8))
    with warnings_shown():
        warnings.simplefilter("always")
        lot.load_data("npz:~/a.npz")
        lot.load_data("npz:~/a.npz")
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        "latentot: ~/a.npz, array arr_0: the greatest value is 16 where 255 would be white: 16 is taken for white"
    )
