"""The command line: what it writes, what it says, and how it refuses."""

import datetime
import functools
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

import latentot as lot
from latentot.cli import main
from latentot.cli.compare import _folders, _processes
from latentot.data import data_sources
from latentot.features import FEATURES
from latentot.judges import JUDGES
from latentot.models import MODELS, TRAINERS
from latentot.priors import PRIORS
from latentot.reporting import rendering
from latentot.study import studies_of
from latentot.study.execution import machine as software
from latentot.study.work.cells import MethodCell, NullCell
from latentot.transport import TRANSPORTS

STUDY = """
prior = "normal"
dim = 3
methods = ["linear", "cauchy"]
metrics = ["norm-wasserstein"]
t = [0.25, 0.5]
pairs = 40
repeats = 2
null_draws = 19
"""
STORED = ["artefacts.npz", "results.csv", "run.json"]
WRITTEN = ["cells.sqlite", "figures", "report.html", "report.md", *STORED]

PRIOR = ["--prior", "normal", "--dim", "3"]
SMALL = [
    *("--method", "linear", "--method", "cauchy", "--metric", "norm-wasserstein"),
    *("--t", "0.25", "--t", "0.5", "--pairs", "40", "--repeats", "2", "--null-draws", "19"),
]


class Finished(NamedTuple):
    """What a command left: its exit status and what it wrote."""

    status: Any
    out: str
    err: str


Latentot = Callable[..., Finished]


@pytest.fixture(autouse=True)
def study_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, but for a study."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture
def latentot(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Latentot:
    """Runs the command in this process: what a process of its own costs is paid where it matters."""

    def run(*arguments: str) -> Finished:
        monkeypatch.setattr(sys, "argv", ["latentot", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Finished(ended.value.code or 0, *capsys.readouterr())

    return run


def in_a_process(*arguments: str) -> Finished:
    command = shutil.which("latentot", path=str(Path(sys.executable).parent))
    assert command is not None, "the command is installed beside the interpreter"
    done = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)
    return Finished(done.returncode, done.stdout, done.stderr)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def stored(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_one_line(done: Finished, status: int | None, *words: str) -> None:
    """One clear line, and an exit status: None where it may be 1 or 2."""
    assert re.fullmatch(r"latentot: [^\n]+\n", done.err), done.err
    assert done.status in ((1, 2) if status is None else (status,)), done.err
    assert "--debug shows where" not in done.err, done.err
    assert all(word in done.err for word in words), done.err


@pytest.fixture(scope="module")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report, made by a process of its own."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    done = in_a_process("compare", *PRIOR, *SMALL, "--out", str(folder))
    assert done.status == 0, done.err
    return folder


@pytest.fixture
def older(finished_run: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to be written to."""
    return Path(shutil.copytree(finished_run, tmp_path / "older"))


class TestCompare:
    def test_writes_results_and_report(self, finished_run: Path) -> None:
        assert sorted(path.name for path in finished_run.iterdir()) == sorted(WRITTEN)
        figures = sorted(path.name for path in (finished_run / "figures").iterdir())
        kinds = ("coordinates-prior", "drift-prior", "price-prior", "shares-prior", "shell-prior")
        both = (*kinds, "course-prior-norm-wasserstein")
        pictures = sorted(f"{name}.svg" for name in (*both, "correlations-prior", "norms-prior"))
        assert figures == sorted([*pictures, *(f"{name}.csv" for name in both)])
        for figure in pictures:
            assert "<svg" in (finished_run / "figures" / figure).read_text(encoding="utf-8")
        results = pd.read_csv(finished_run / "results.csv")
        assert len(results) == 2 * 1 * 2 * 2
        assert set(results.status) == {"ok"}
        run = json.loads((finished_run / "run.json").read_text(encoding="utf-8"))
        assert run["command"].startswith("latentot compare --prior normal --dim 3")
        with np.load(finished_run / "artefacts.npz", allow_pickle=False) as artefacts:
            assert artefacts["null/prior"].shape == (19, 2)
        page = (finished_run / "report.html").read_text(encoding="utf-8")
        assert "cauchy" in page
        assert not re.search(r"""(src|href)=["']?(https?:)?//""", page), "the page opens offline"

    @pytest.mark.usefixtures("without_figures")
    def test_a_file_says_what_flags_would(self, latentot: Latentot, finished_run: Path) -> None:
        assert latentot("compare", "study.toml", "--out", "out").status == 0
        from_file, from_flags = (pd.read_csv(f / "results.csv") for f in (Path("out"), finished_run))
        # Another process, another day: the same numbers, read back from text.
        pd.testing.assert_frame_equal(
            from_file.drop(columns="seconds"), from_flags.drop(columns="seconds"), check_exact=True
        )

    @pytest.mark.usefixtures("without_figures")
    def test_prints_the_verdict_and_where_the_report_is(self, latentot: Latentot) -> None:
        done = latentot("compare", "study.toml", "--out", "out")
        assert re.search(r"^ *linear +(keeps|drifts|inconclusive) +norm-wasserstein", done.out, re.MULTILINE)
        assert re.search(r"^ *cauchy +(keeps|drifts|inconclusive) +norm-wasserstein", done.out, re.MULTILINE)
        assert f"report: {Path('out') / 'report.html'}\n" in done.out

    @pytest.mark.usefixtures("without_figures")
    def test_says_what_would_settle_what_is_inconclusive(self, latentot: Latentot) -> None:
        done = latentot("compare", "study.toml", "--method", "switch")
        assert re.search(r"^ *switch +inconclusive", done.out, re.MULTILINE), "40 pairs are too few"
        assert re.search(r"^switch is inconclusive: .* pairs would$", done.out, re.MULTILINE)

    @pytest.mark.usefixtures("without_figures")
    def test_flags_take_the_place_of_the_files_settings(self, latentot: Latentot) -> None:
        flags = ["--pairs", "30", "--method", "spherical", "--t", "0.75", "--seed", "5", "--repeats", "1", "--dim", "2"]
        flags += ["--null-draws", "29"]
        assert latentot("compare", "study.toml", *flags, "--out", "out").status == 0
        results = pd.read_csv("out/results.csv")
        assert {"spherical"} == set(results.method)
        expected = {"n": 30, "t": 0.75, "seed": 5, "repeat": 0, "dim": 2}
        assert (results[list(expected)] == pd.Series(expected)).all(axis=None)
        assert {"norm-wasserstein"} == set(results.metric), "what no flag says is the file's"
        assert {29} == set(results.n_null)

    @pytest.mark.usefixtures("without_figures")
    def test_a_flag_of_zero_is_a_flag(self, latentot: Latentot, study_file: Path) -> None:
        study_file.write_text(STUDY + "seed = 5\n", encoding="utf-8")
        assert latentot("compare", "study.toml", "--seed", "0", "--t", "0", "--t", "0.5", "--out", "out").status == 0
        study = json.loads(Path("out/run.json").read_text(encoding="utf-8"))["study"]
        assert (study["seed"], study["t"]) == (0, [0, 0.5])

    @pytest.mark.usefixtures("without_figures")
    def test_names_take_options_as_those_of_a_file_do(self, latentot: Latentot) -> None:
        flags = ["--method", "linear", "--method", "stable:alpha=1.5", "--metric", "mmd", "--metric", "mmd:width=2.0"]
        assert latentot("compare", *PRIOR, *flags, *SMALL[6:], "--out", "out").status == 0
        results = pd.read_csv("out/results.csv")
        assert set(results.method) == {"linear", "stable (alpha=1.5)"}
        assert set(results.metric) == {"mmd", "mmd (width=2.0)"}
        study = json.loads(Path("out/run.json").read_text(encoding="utf-8"))["study"]
        assert study["metrics"] == ["mmd", {"name": "mmd", "options": {"width": 2.0}}]

    def test_without_out_nothing_is_written(self, latentot: Latentot, tmp_path: Path) -> None:
        assert latentot("compare", "study.toml").status == 0
        assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]

    def test_progress_goes_to_stderr_and_can_be_silenced(self, latentot: Latentot) -> None:
        shown, quiet = latentot("compare", "study.toml"), latentot("compare", "study.toml", "--quiet")
        assert re.fullmatch(r"(\d+ of 14: .*\n)+", shown.err)
        assert quiet.err == ""
        assert quiet.out.splitlines()[:3] == shown.out.splitlines()[:3]

    def test_takes_the_place_of_an_older_run(self, latentot: Latentot, older: Path) -> None:
        assert latentot("compare", "study.toml", "--seed", "9", "--out", str(older)).status == 0
        assert sorted(path.name for path in older.iterdir()) == sorted(WRITTEN)
        assert set(pd.read_csv(older / "results.csv").seed) == {9}

    def test_pieces_that_fail_are_said_after_the_rest_is_reported(
        self, latentot: Latentot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compute = MethodCell.compute

        def failing(cell: MethodCell, plan: Any) -> Any:
            if cell.choice.name == "cauchy":
                raise RuntimeError("a message\nof two lines")
            return compute(cell, plan)

        monkeypatch.setattr(MethodCell, "compute", failing)
        done = latentot("compare", "study.toml", "--quiet", "--jobs", "1", "--out", "out")
        assert_one_line(done, 1, "2 pieces failed", "cauchy, prior, repeat 1", "a message")
        assert Path("out/report.html").exists()
        results = pd.read_csv("out/results.csv").set_index("method")
        assert (results.status["linear"] == "ok").all()
        assert results.status["cauchy"].str.startswith("failed: RuntimeError: a message").all()

    @pytest.mark.usefixtures("without_figures")
    def test_what_failed_is_computed_again_when_asked(
        self, latentot: Latentot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def failing(*_: Any) -> Any:
            raise RuntimeError("no luck")

        with monkeypatch.context() as patched:
            patched.setattr(MethodCell, "compute", failing)
            assert latentot("compare", "study.toml", "--quiet", "--jobs", "1", "--out", "out").status == 1
        kept = latentot("compare", "study.toml", "--out", "out")
        assert_one_line(kept, 1, "4 pieces failed")
        again = latentot("compare", "study.toml", "--retry-failed", "--out", "out")
        assert again.status == 0
        assert re.fullmatch(r"(\d+ of 10: (linear|cauchy), .*\n){4}", again.err), "nothing else is computed again"


@pytest.mark.usefixtures("without_figures")
class TestExpect:
    @pytest.fixture
    def said(self, latentot: Latentot) -> dict[str, str]:
        """The verdicts of the study."""
        assert latentot("compare", "study.toml", "--quiet", "--out", "out").status == 0
        verdicts = json.loads(Path("out/run.json").read_text(encoding="utf-8"))["verdicts"]
        return {row["method"]: row["verdict"] for row in verdicts}

    def test_what_is_as_expected(self, latentot: Latentot, said: dict[str, str]) -> None:
        expected = [f"--expect={method}={verdict}" for method, verdict in said.items()]
        assert latentot("compare", "study.toml", *expected, "--out", "out").status == 0

    def test_what_is_not_ends_with_three_after_all_is_reported(self, latentot: Latentot, said: dict[str, str]) -> None:
        assert said["linear"] == "drifts"
        done = latentot("compare", "study.toml", "--quiet", "--expect", "linear=keeps", "--out", "out")
        assert_one_line(done, 3, "1 verdict is not as expected", "linear drifts, expected keeps")
        assert "report: out/report.html" in done.out

    def test_of_several_studies_each_is_held_to_it(self, latentot: Latentot, study_file: Path) -> None:
        study_file.write_text(STUDY.replace("dim = 3", "dim = [2, 3]"), encoding="utf-8")
        done = latentot("compare", "study.toml", "--quiet", "--expect", "linear=keeps")
        assert_one_line(done, 3, "2 verdicts are not as expected")

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ("linear", ("--expect takes method=verdict", "got 'linear'")),
            ("linear=holds", ("keeps, drifts, inconclusive", "got 'linear=holds'")),
            ("lineer=keeps", ("unknown method in --expect 'lineer'", "did you mean 'linear'")),
            ("spherical=keeps", ("There are cauchy, linear",)),
            ("slerp=keeps", ("'spherical'", "There are cauchy, linear")),
        ],
    )
    def test_what_cannot_be_expected(self, latentot: Latentot, given: str, words: tuple[str, ...]) -> None:
        assert_one_line(latentot("compare", "study.toml", "--expect", given), 2, *words)


class TestSweeps:
    @pytest.fixture
    def without_own_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The page over all subjects is drawn, each subject's own is not."""
        monkeypatch.setattr("latentot.reporting.rendering.compose", lambda run: SimpleNamespace(run=run))
        write = rendering._write
        monkeypatch.setattr(
            rendering,
            "_write",
            lambda folder, page, kind: folder / "own.html" if hasattr(page, "run") else write(folder, page, kind),
        )

    @pytest.mark.parametrize(
        ("axis", "folders"),
        [
            ('prior = ["normal", "uniform"]', ["normal", "uniform"]),
            ("dim = [2, 3]", ["d=2", "d=3"]),
            ("pairs = [30, 40]", ["n=30", "n=40"]),
            ("seed = [0, 1]", ["seed=0", "seed=1"]),
        ],
        ids=str,
    )
    @pytest.mark.usefixtures("without_own_pages")
    def test_a_folder_for_each(self, latentot: Latentot, study_file: Path, axis: str, folders: list[str]) -> None:
        name, _, values = axis.partition(" = ")
        kept = [line for line in STUDY.splitlines() if not line.startswith(f"{name} =")]
        study_file.write_text("\n".join([*kept, axis]), encoding="utf-8")
        assert latentot("compare", "study.toml", "--quiet", "--out", "out").status == 0
        assert sorted(path.parent.name for path in Path("out").glob("*/results.csv")) == folders
        key = {"pairs": "n"}.get(name, name)
        found = [pd.read_csv(Path("out") / folder / "results.csv")[key].unique().tolist() for folder in folders]
        assert found == [[value] for value in json.loads(values)]

    @pytest.mark.usefixtures("without_own_pages")
    def test_models_with_options_and_data_files(self, latentot: Latentot, study_file: Path) -> None:
        """From the file to the page over all subjects, and what is said of it later."""
        pytest.importorskip("latentot_sklearn", reason="the sklearn backend is not installed")
        np.savez("half.npz", images=lot.load_data("digits").train[::2])
        file = f"npz:{study_file.parent}/half.npz"
        kept = [line for line in STUDY.splitlines() if not line.startswith(("prior", "dim", "t"))]
        model = '{ name = "sklearn-pca", options = { data = "digits", latent = SIZE } }'
        models = [model.replace("SIZE", size) for size in "23"]
        own = [f"model = [{', '.join(models)}]", f'data = ["digits", "{file}"]', 'endpoints = ["encoded"]', "t = [0.5]"]
        study_file.write_text("\n".join([*kept, *own, "strips = 0"]).replace("= 19", "= 20"), encoding="utf-8")
        done = latentot("compare", "study.toml", "--quiet", "--out", "out")
        assert (done.status, done.err) == (0, "")
        folders = [f"sklearn-pca-latent={size}-data={name}" for size in (2, 3) for name in ("digits", "npz-half.npz")]
        said = [line for line in done.out.splitlines() if line.startswith("report: ")]
        assert said == [*(f"report: out/{name}/own.html" for name in folders), "report: out/report.html"]
        facts = [json.loads(Path("out", name, "run.json").read_text(encoding="utf-8")) for name in folders]
        assert [one["study"]["data"] for one in facts] == ["digits", file] * 2
        assert [one["subject"]["dim"] for one in facts] == [2, 2, 3, 3]

        *rows, total = latentot("plan", "study.toml", "--out", "out").out.splitlines()[1:]
        assert [row.split()[-5:-2] for row in rows] == [["19", "19", "0:00:00"], ["16", "16", "0:00:00"]] * 2
        assert total.split()[-5:-2] == ["70", "70", "0:00:00"]

        page = Path("out/report.html")
        before = page.read_text(encoding="utf-8")
        page.unlink()
        assert latentot("report", "out").out == "report: out/report.html\n"
        assert page.read_text(encoding="utf-8") == before
        names = [
            f"sklearn-pca (latent={size}), data = {name}" for size in (2, 3) for name in ("digits", "npz:half.npz")
        ]
        assert f"4 subjects: {'; '.join(names)}</span></h1>" in before
        for folder, name in zip(folders, names, strict=True):
            assert f'<a href="{quote(folder)}/report.html">{name}</a>' in before
        assert str(study_file.parent) not in before

    def test_names_that_make_the_same_folder_have_one_each(self) -> None:
        asked = studies_of(model="sklearn-pca", data=["npz:a b.npz", "digits", "npz:a-b.npz"])
        assert _folders(asked, Path("out")) == [
            Path("out", name) for name in ("data=npz-a-b.npz-1", "data=digits", "data=npz-a-b.npz-3")
        ]

    def test_a_flag_takes_the_place_of_an_axis(self, latentot: Latentot, study_file: Path) -> None:
        study_file.write_text(STUDY.replace("dim = 3", "dim = [2, 3]"), encoding="utf-8")
        assert latentot("compare", "study.toml", "--quiet", "--dim", "2", "--out", "out").status == 0
        assert sorted(path.name for path in Path("out").iterdir()) == sorted(WRITTEN)

    @pytest.mark.parametrize(
        ("axis", "words"), [("dim = []", ("dim lists nothing",)), ("dim = [3, 3]", ("a value is listed twice",))]
    )
    def test_bad_axes(self, latentot: Latentot, study_file: Path, axis: str, words: tuple[str, ...]) -> None:
        study_file.write_text(STUDY.replace("dim = 3", axis), encoding="utf-8")
        assert_one_line(latentot("compare", "study.toml"), 2, "study.toml", *words)


@pytest.mark.usefixtures("without_figures")
class TestRounds:
    @pytest.mark.parametrize(("expected", "status"), [("keeps", 0), ("drifts", 3)])
    def test_verdicts_of_later_rounds_are_as_expected_or_not(
        self, latentot: Latentot, study_file: Path, expected: str, status: int
    ) -> None:
        """At d = 4 `cauchy` takes more than one round."""
        text = STUDY.replace("pairs = 40", "max_pairs = 8_000").replace("null_draws = 19\n", "")
        study_file.write_text(text.replace("dim = 3", "dim = 4"), encoding="utf-8")
        done = latentot("compare", "study.toml", "--quiet", "--expect", f"cauchy={expected}", "--out", "out")
        assert done.status == status, done.err
        assert ("cauchy keeps, expected drifts" in done.err) == (status == 3)
        rounds = json.loads(Path("out", "run.json").read_text(encoding="utf-8"))["rounds"]
        assert len(rounds) > 1


@pytest.mark.usefixtures("without_figures")
class TestPlan:
    def test_cells_what_is_done_time_and_memory(self, latentot: Latentot) -> None:
        done = latentot("plan", "study.toml", "--out", "out")
        assert (done.status, done.err) == (0, "")
        header, row = done.out.splitlines()
        assert header.split() == ["subject", "cells", "done", "time", "memory"]
        assert re.fullmatch(r" *study +14 +0 +0:00:\d\d +\d MiB *", row), row
        assert not Path("out").exists(), "a plan leaves nothing behind"

    def test_what_is_done_is_known_and_what_is_new(self, latentot: Latentot) -> None:
        assert latentot("compare", "study.toml", "--quiet", "--out", "out").status == 0
        assert latentot("plan", "study.toml", "--no-cache", "--out", "out").out.split()[-5:-2] == [
            "14",
            "14",
            "0:00:00",
        ]
        # With the null band that the run has left.
        assert latentot("plan", "study.toml", "--out", "out").out.split()[-5:-2] == ["10", "10", "0:00:00"]
        Path("more.toml").write_text(STUDY.replace("repeats = 2", "repeats = 3"), encoding="utf-8")
        assert latentot("plan", "more.toml", "--out", "out").out.split()[-5:-3] == ["13", "10"]

    def test_of_a_sweep_each_and_in_all(self, latentot: Latentot, study_file: Path) -> None:
        study_file.write_text(STUDY.replace("dim = 3", "dim = [2, 3]"), encoding="utf-8")
        lines = latentot("plan", "study.toml").out.splitlines()
        assert [re.split(r"  +", line.strip())[:-3] for line in lines[1:]] == [
            ["d = 2", "14"],
            ["d = 3", "14"],
            ["in all", "28"],
        ]

    def test_of_rounds_each_and_at_most(self, latentot: Latentot, study_file: Path) -> None:
        text = STUDY.replace("pairs = 40", "max_pairs = 2_000").replace("null_draws = 19\n", "")
        study_file.write_text(text, encoding="utf-8")
        lines = latentot("plan", "study.toml").out.splitlines()
        assert [re.split(r"  +", line.strip())[:-3] for line in lines[1:]] == [
            ["study", "500", "18"],
            ["2,000", "16"],
            ["at most, in all", "34"],
        ]

    def test_a_study_that_is_not_there_or_names_nothing(self, latentot: Latentot, tmp_path: Path) -> None:
        assert_one_line(latentot("plan", "none.toml"), 2, "none.toml", "cannot be read")
        (tmp_path / "nothing.toml").write_text('methods = ["linear"]\n', encoding="utf-8")
        assert_one_line(latentot("plan", "nothing.toml"), 2, "nothing to compare on", "nothing.toml")


@pytest.mark.usefixtures("without_figures")
class TestDiff:
    def test_what_differs(self, latentot: Latentot, finished_run: Path) -> None:
        assert latentot("compare", "study.toml", "--seed", "9", "--quiet", "--out", "out").status == 0
        done = latentot("diff", str(finished_run), "out")
        assert (done.status, done.err) == (0, "")
        assert done.out.startswith("0 of 4 measurements are the same to the last bit\n")
        assert "\n  seed: 0 -> 9\n" in done.out
        assert "\n  study.seed: 0 -> 9\n" in done.out

    def test_nothing(self, latentot: Latentot, finished_run: Path) -> None:
        done = latentot("diff", str(finished_run), str(finished_run))
        assert done.out.startswith("4 of 4 measurements are the same to the last bit\n")
        assert done.out.count("no difference") == 3

    def test_no_run(self, latentot: Latentot, finished_run: Path) -> None:
        assert_one_line(latentot("diff", str(finished_run), "nowhere"), 1, "there is no run folder nowhere")


class TestProvenance:
    """Each fact that a run must tell of itself."""

    @pytest.fixture
    def facts(self, finished_run: Path) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads((finished_run / "run.json").read_text(encoding="utf-8"))
        return facts

    def test_the_table_that_they_belong_to(self, facts: dict[str, Any], finished_run: Path) -> None:
        assert facts["results_sha256"] == hashlib.sha256((finished_run / "results.csv").read_bytes()).hexdigest()

    def test_software(self, facts: dict[str, Any]) -> None:
        assert facts["schema"] == 1
        for name in ("latentot", "numpy", "scipy", "POT", "scikit-learn", "pandas", "matplotlib", "loky"):
            assert facts["versions"][name] == importlib.metadata.version(name)
        assert facts["versions"]["python"] == platform.python_version()
        assert facts["plugins"].keys() == set(MODELS.names())

    def test_commit(self, facts: dict[str, Any]) -> None:
        root = Path(lot.__file__).parents[1]
        if not (root / ".git").exists():
            assert facts["source"] is None
            return
        said = subprocess.run(
            [str(shutil.which("git")), "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        )
        assert facts["source"]["commit"] == said.stdout.strip()
        assert isinstance(facts["source"]["dirty"], bool)

    def test_machine(self, facts: dict[str, Any]) -> None:
        machine = facts["machine"]
        assert machine.keys() == {"system", "processor", "cores", "memory", "blas", "gpu"}
        assert machine["cores"] == os.cpu_count()
        assert machine["processor"] == platform.machine()
        assert re.fullmatch(r"\d+\.\d GiB", machine["memory"])
        # What a cell has, not what this process might use.
        assert machine["blas"]
        assert all(re.fullmatch(r"\S+ \S+, 1 threads", one) for one in machine["blas"]), machine["blas"]
        with threadpool_limits(2):
            assert software.machine()["blas"] == machine["blas"]

    def test_seed_command_and_times(self, facts: dict[str, Any]) -> None:
        assert facts["seed"] == 0
        assert facts["command"].startswith("latentot compare --prior normal --dim 3 --method linear")
        started, finished = (datetime.datetime.fromisoformat(facts[name]) for name in ("started", "finished"))
        assert started.tzinfo is not None
        assert 0 <= (finished - started).total_seconds() < 600


class TestReport:
    def test_renders_again_without_computing_again(
        self, latentot: Latentot, older: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("latentot.study.run", lambda *_, **__: pytest.fail("computed again"))
        before = stored(older)
        for name in ("report.html", "report.md"):
            (older / name).unlink()
        shutil.rmtree(older / "figures")
        done = latentot("report", str(older))
        assert done == (0, f"report: {older / 'report.html'}\n", "")
        assert stored(older) == before

    def test_shows_what_is_stored(self, latentot: Latentot, older: Path) -> None:
        run = json.loads((older / "run.json").read_text(encoding="utf-8"))
        (older / "run.json").write_text(json.dumps(run | {"title": "A title of its own"}), encoding="utf-8")
        assert latentot("report", str(older)).status == 0
        assert "A title of its own" in (older / "report.html").read_text(encoding="utf-8")
        assert "A title of its own" in (older / "report.md").read_text(encoding="utf-8")

    @pytest.mark.parametrize("damage", ["", '{"schema": 1', '{"schema": 1}', "[]", "\x00"])
    def test_damaged_facts(self, latentot: Latentot, older: Path, damage: str) -> None:
        (older / "run.json").write_text(damage, encoding="utf-8")
        page = (older / "report.html").read_bytes()
        assert_one_line(latentot("report", str(older)), 1, "run.json")
        assert (older / "report.html").read_bytes() == page

    @pytest.mark.parametrize("name", STORED)
    def test_missing_file(self, latentot: Latentot, older: Path, name: str) -> None:
        (older / name).unlink()
        assert_one_line(latentot("report", str(older)), 1, name, "missing")

    def test_missing_folder(self, latentot: Latentot) -> None:
        assert_one_line(latentot("report", "nowhere"), 1, "there is no run folder nowhere")
        assert not Path("nowhere").exists()


class TestList:
    def test_names_all(self, latentot: Latentot) -> None:
        done = latentot("list")
        assert (done.status, done.err) == (0, "")
        sections: dict[str, list[str]] = {}
        for line in done.out.splitlines():
            if line.startswith("  "):
                sections[list(sections)[-1]].append(line.split()[0])
            else:
                sections[line] = []
        assert {title: sorted(names) for title, names in sections.items()} == {
            "methods": sorted(lot.interpolations()),
            "metrics": sorted(lot.drifts()),
            "transports": sorted(TRANSPORTS.names()),
            "priors": sorted(PRIORS.names()),
            "models": sorted(MODELS.names()),
            "trainers": sorted(TRAINERS.names()),
            "data sources": sorted(data_sources()),
            "judges": sorted(JUDGES.names()),
            "features": sorted(FEATURES.names()),
        }


# The arguments, the exit status, what the one line must say. What was said wrong on the command line or in a study file
# is wrong usage, 2; what cannot be done, though it was said rightly, has failed, 1.
REFUSED: dict[str, tuple[list[str], int | None, tuple[str, ...]]] = {
    "t above 1": (["study.toml", "--t", "1.5"], 2, ("t lies between 0 and 1", "1.5")),
    "t below 0": (["study.toml", "--t", "-0.1"], 2, ("t lies between 0 and 1", "-0.1")),
    "t not a number": (["study.toml", "--t", "nan"], 2, ("t lies between 0 and 1", "nan")),
    "method": ([*PRIOR, "--method", "sfherical"], 2, ("unknown method 'sfherical'", "did you mean 'spherical'")),
    "metric": ([*PRIOR, "--metric", "mmmd"], 2, ("unknown metric 'mmmd'", "did you mean 'mmd'")),
    "prior": (["--prior", "nromal", "--dim", "3"], 2, ("unknown prior 'nromal'", "did you mean 'normal'")),
    "model": (["--model", "torch-vea"], 1, ("unknown model 'torch-vea'", "did you mean 'torch-vae'")),
    "method by two words": ([*PRIOR, "--method", "slerp", "--method", "Spherical"], 2, ("each once, got spherical",)),
    "option of a metric": ([*PRIOR, "--metric", "mmd:widht=2"], 2, ("did you mean 'width'",)),
    "option of a method": ([*PRIOR, "--method", "stable:beta=2"], 2, ("alpha",)),
    "option of a metric without value": ([*PRIOR, "--metric", "mmd:"], 2, ("key=value", "got ''")),
    "metric of images": ([*PRIOR, "--metric", "fid"], 2, ("no metric 'fid'", "'frechet'")),
    "data": ([*PRIOR, *SMALL, "--data", "digts"], 1, ("unknown data source 'digts'", "did you mean 'digits'")),
    "endpoints": ([*PRIOR, "--endpoints", "priro"], 2, ("endpoints", "priro")),
    "encoded endpoints of a prior": ([*PRIOR, "--endpoints", "encoded"], 2, ("encoded endpoints need data",)),
    "prior without dim": (["--prior", "normal"], 2, ("a prior needs a dim",)),
    "prior and model": ([*PRIOR, "--model", "torch-vae"], 2, ("got both",)),
    "no subject": (SMALL, 2, ("nothing to compare on", "--prior NAME --dim N")),
    "no pairs": (["study.toml", "--pairs", "0"], 2, ("pairs is at least 1",)),
    "too few pairs": ([*PRIOR, "--metric", "emd", "--pairs", "3"], 1, ("emd needs at least 4 points", "3 pairs")),
    "no processes": (["study.toml", "--jobs", "0"], None, ("jobs",)),
    "cluster": (["study.toml", "--cluster", "lokal"], 2, ("unknown cluster 'lokal'", "did you mean 'local'")),
    "scheduler": (["study.toml", "--scheduler", "host"], 2, ("tcp://host:8786", "got 'host'")),
    "option without value": (["--model", "torch-vae", "--model-option", "checkpoint"], 2, ("key=value", "checkpoint")),
    "option misspelled": (["--model", "torch-vae", "--model-option", "chekpoint=a"], 1, ("did you mean 'checkpoint'",)),
    "option called name": (["--model", "torch-vae", "--model-option", "name=a"], 1, ("option", "'name'")),
    "option missing": (["--model", "torch-vae"], 1, ("needs the option checkpoint",)),
    "checkpoint missing": (
        ["--model", "torch-vae", "--model-option", "checkpoint=none.safetensors"],
        1,
        ("there is no checkpoint none.safetensors", "latentot train"),
    ),
    "study missing": (["none.toml"], None, ("none.toml", "cannot be read: No such file")),
    "out is a file": (["study.toml", "--out", "study.toml"], 1, ("cannot write to the folder study.toml",)),
    "out is below a file": (["study.toml", "--out", "study.toml/out"], 1, ("cannot write to the folder",)),
}

# What a study file may have wrong in it.
DAMAGED: dict[str, tuple[str, tuple[str, ...]]] = {
    "syntax": ("methods [3]\n", ("is not TOML", "line 1")),
    "misspelled key": (STUDY + "metod = ['linear']\n", ("unknown setting 'metod'", "did you mean 'methods'")),
    "misspelled key of a table": (STUDY + "[model]\nname = 'a'\noption = {}\n", ("did you mean 'options'",)),
    "key that Python knows": (STUDY + "cls = 1\n", ("unknown setting 'cls'",)),
    "method": (STUDY.replace("cauchy", "cauhcy"), ("unknown method 'cauhcy'", "did you mean 'cauchy'")),
    "metric": (STUDY.replace("norm-was", "nrom-was"), ("unknown metric", "did you mean 'norm-wasserstein'")),
    "prior": (STUDY.replace('"normal"', '"nomal"'), ("unknown prior 'nomal'", "did you mean 'normal'")),
    "t": (STUDY.replace("0.25", "-0.25"), ("t lies between 0 and 1", "-0.25")),
    "type": (STUDY.replace("40", '"forty"'), ("pairs", "forty")),
}


class TestRefusals:
    @pytest.mark.parametrize(("arguments", "status", "words"), REFUSED.values(), ids=REFUSED)
    def test_bad_arguments(
        self, latentot: Latentot, arguments: list[str], status: int | None, words: tuple[str, ...], tmp_path: Path
    ) -> None:
        assert_one_line(latentot("compare", *arguments), status, *words)
        assert stored(tmp_path) == {"study.toml": STUDY.encode()}, "nothing is left behind, nothing is changed"

    @pytest.mark.parametrize(("content", "words"), DAMAGED.values(), ids=DAMAGED)
    def test_bad_study_file(self, latentot: Latentot, study_file: Path, content: str, words: tuple[str, ...]) -> None:
        study_file.write_text(content, encoding="utf-8")
        assert_one_line(latentot("compare", "study.toml"), 2, "study.toml", *words)

    @pytest.mark.parametrize("content", [b"", b"not safetensors", b"\x80\x04pickled", b"\xff" * 64])
    def test_damaged_checkpoint(self, latentot: Latentot, content: bytes) -> None:
        pytest.importorskip("latentot_torch_vae")
        Path("m.safetensors").write_bytes(content)
        done = latentot("compare", "--model", "torch-vae", "--model-option", "checkpoint=m.safetensors")
        assert_one_line(done, 1, "m.safetensors is not a checkpoint of torch-vae")

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["torch-vea", "--data", "digits"], ("unknown trainer 'torch-vea'", "did you mean 'torch-vae'")),
            (["torch-vae", "--data", "digts"], ("unknown data source 'digts'", "did you mean 'digits'")),
            (["torch-vae", "--data", "digits", "--option", "epoch=3"], ("did you mean 'epochs'",)),
            (["torch-vae", "--data", "digits", "--option", "epochs"], ("key=value",)),
        ],
    )
    def test_training(self, latentot: Latentot, arguments: list[str], words: tuple[str, ...]) -> None:
        pytest.importorskip("latentot_torch_vae")
        assert_one_line(latentot("train", *arguments, "--out", "m.safetensors"), 2, *words)
        assert not Path("m.safetensors").exists()

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["compar"], ("'compar'", "latentot --help")),
            (["compare", "--metod", "linear"], ("--metod", "--method", "latentot compare --help")),
            (["compare", "--t", "half"], ("--t takes a number, got 'half'",)),
            (["compare", "--pairs", "1e4"], ("pairs is 'auto', or the number of pairs", "got '1e4'")),
            (["compare", "a", "b"], ("b",)),
            (["compare", "--method"], ("--method",)),
            (["train"], ("name",)),
        ],
    )
    def test_what_the_parser_refuses_is_wrong_usage(
        self, latentot: Latentot, arguments: list[str], words: tuple[str, ...]
    ) -> None:
        done = latentot(*arguments)
        assert_one_line(done, 2, *words)
        assert "Input should" not in done.err

    def test_of_nothing_the_help_is_shown(self, latentot: Latentot) -> None:
        done = latentot()
        assert (done.status, done.err) == (2, "")
        assert "compare" in done.out

    def test_what_nobody_expected_is_one_line_too(self, latentot: Latentot, monkeypatch: pytest.MonkeyPatch) -> None:
        def failing(*_: Any) -> None:
            raise ZeroDivisionError("of two\nlines")

        monkeypatch.setattr("latentot.study.outcome.describe", failing)
        done = latentot("compare", "study.toml", "--quiet")
        assert done.status == 1
        assert re.fullmatch(r"latentot: unexpected ZeroDivisionError: of two.*--debug.*\n", done.err), done.err


class TestOlderRun:
    """A compare that fails leaves the results of an older run untouched, down to their modification times."""

    @pytest.fixture
    def untouched(self, older: Path) -> Callable[[], bool]:
        def state() -> dict[str, Any]:
            files = (path for path in older.rglob("*") if path.is_file() and path.name != "cells.sqlite")
            return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

        before = state()
        return lambda: state() == before

    @pytest.mark.parametrize("arguments", [["--t", "3"], ["--method", "lin"], ["--pairs", "1"], ["--data", "x"]])
    def test_refused(
        self, latentot: Latentot, older: Path, untouched: Callable[[], bool], arguments: list[str]
    ) -> None:
        assert latentot("compare", "study.toml", *arguments, "--out", str(older)).status in (1, 2)
        assert untouched()

    def test_failed_on_the_way(
        self,
        latentot: Latentot,
        older: Path,
        untouched: Callable[[], bool],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def failing(*_: Any) -> None:
            raise MemoryError

        monkeypatch.setattr("latentot.study.outcome.describe", failing)
        assert latentot("compare", "study.toml", "--out", str(older)).status == 1
        assert untouched()

    def test_interrupted_on_the_way(
        self,
        latentot: Latentot,
        older: Path,
        untouched: Callable[[], bool],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def interrupted(*_: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(NullCell, "compute", interrupted)
        done = latentot("compare", "study.toml", "--seed", "3", "--jobs", "1", "--out", str(older))
        assert done.status == 130
        assert "Traceback" not in done.err
        assert untouched()

    @pytest.mark.parametrize("broken", ["pandas.DataFrame.to_csv", "numpy.savez_compressed", "os.replace"])
    def test_disk_full(
        self,
        latentot: Latentot,
        older: Path,
        untouched: Callable[[], bool],
        monkeypatch: pytest.MonkeyPatch,
        broken: str,
    ) -> None:
        def failing(*_: Any, **__: Any) -> None:
            raise OSError(28, os.strerror(28))

        monkeypatch.setattr(broken, failing)
        done = latentot("compare", "study.toml", "--seed", "9", "--quiet", "--out", str(older))
        assert_one_line(done, 1, "No space left on device")
        assert untouched()


def test_without_a_number_of_processes_there_are_as_many_as_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loky.cpu_count", lambda: 5)
    assert [_processes(None, None), _processes(3, None), _processes(None, "tcp://one:8786")] == [5, 3, 1]


class TestProcesses:
    """What only a process of its own can show."""

    def test_refusal_is_one_line_and_a_status(self) -> None:
        done = in_a_process("compare", "study.toml", "--t", "1.5")
        assert_one_line(done, 2, "study.toml: t lies between 0 and 1, got 1.5")
        assert done.out == ""

    def test_debug_shows_the_traceback(self) -> None:
        done = in_a_process("--debug", "compare", "--model", "torch-vea")
        assert done.status == 1
        assert done.err.startswith("Traceback (most recent call last):")
        assert done.err.splitlines()[-1].startswith("latentot.errors.InputError: unknown model 'torch-vea'")

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["compare", "--debug", "--model", "torch-vea"], "unknown model 'torch-vea'"),
            (["compare", "--model", "torch-vea", "--debug"], "unknown model 'torch-vea'"),
            (["compare", "study.toml", "--metric", "mmmd", "--debug"], "unknown metric 'mmmd'"),
        ],
        ids=["in the middle", "at the end", "of wrong usage"],
    )
    def test_debug_may_stand_anywhere(self, arguments: list[str], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """What leaves `main` is shown with its traceback."""
        monkeypatch.setattr(sys, "argv", ["latentot", *arguments])
        with pytest.raises(lot.InputError, match=words):
            main()

    @pytest.mark.parametrize("how", [["--jobs", "2"], ["--jobs", "1", "--cluster", "local"]], ids=["jobs", "cluster"])
    def test_interrupted_by_a_terminal(self, how: list[str]) -> None:
        """Ctrl-C goes to every process of the group: one line, what was done is kept, and nobody goes on."""
        psutil = pytest.importorskip("psutil")
        pytest.importorskip("distributed")
        command = shutil.which("latentot", path=str(Path(sys.executable).parent))
        arguments = [str(command), "compare", "study.toml", "--repeats", "300", "--out", "out", *how]
        # A suite that runs in the background has been told to ignore interrupts, and its children with it.
        heed = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        with subprocess.Popen(
            arguments,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed,  # noqa: PLW1509
        ) as process:
            assert process.stderr is not None
            assert process.stderr.readline().startswith("91 of 908: ")
            start = time.perf_counter()
            os.killpg(process.pid, signal.SIGINT)
            *lines, last = process.stderr.readlines()
            sys.stdout.write(f"stopped after {time.perf_counter() - start:.1f} s\n")
            assert process.wait(30) == 130
        assert last == "latentot: interrupted: finished cells are kept in out, the same command resumes from there\n"
        assert all(re.fullmatch(r"\d+ of 908: .*\n", line) for line in lines), lines
        with closing(sqlite3.connect("out/cells.sqlite")) as store:
            assert 91 <= store.execute("SELECT count(DISTINCT title) FROM cells").fetchone()[0] < 908

        def alive() -> list[Any]:
            ours = [one for one in psutil.process_iter(["status"]) if _group(one.pid) == process.pid]
            return [one for one in ours if one.info["status"] != psutil.STATUS_ZOMBIE]

        until = time.monotonic() + 20
        while alive() and time.monotonic() < until:
            time.sleep(0.05)
        assert alive() == []
