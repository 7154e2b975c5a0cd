"""What a third party brings: installed, listed, used, broken."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from latentot.reporting.figures import Drawing
from latentot.reporting.figures.attempt import attempted

Finished = subprocess.CompletedProcess[str]
Latentot = Callable[..., Finished]

SMALL = [
    *("--method", "linear", "--method", "cauchy", "--metric", "norm-wasserstein"),
    *("--pairs", "40", "--repeats", "2", "--null-draws", "19"),
]


def assert_one_line(done: Finished, status: int, *words: str) -> None:
    assert done.returncode == status, done.stderr
    assert re.fullmatch(r"latentot: [^\n]+\n", done.stderr), done.stderr
    assert all(word in done.stderr for word in words), done.stderr


def test_both_are_listed(site: Path, fresh: Latentot) -> None:
    done = fresh("list", path=[site])
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    models = done.stdout.partition("\nmodels\n")[2]
    assert re.search(r"^  plain-model +latentot-plain-model 0\.3$", models, re.MULTILINE), done.stdout
    assert re.search(r"^  broken-model +latentot-broken-model 0\.1$", models, re.MULTILINE), done.stdout


def test_listing_imports_neither(site: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from latentot.models import MODELS; names = MODELS.origins();"
        "sys.exit(not {'plain-model', 'broken-model'} <= names.keys() or 'plain_model' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(site)], check=False).returncode == 0


def test_what_it_brings_beside_models_is_listed(site: Path, latentot: Latentot) -> None:
    said = latentot("list", "--load", path=[site]).stdout
    for section, name in {
        "methods": "rescaled",
        "metrics": "mean-shift",
        "transports": "affine",
        "priors": "wide",
        "data sources": "ramps",
    }.items():
        own = said.partition(f"{section}\n")[2]
        assert re.search(rf"^  {name} +latentot-plain-paths 0\.2$", own, re.MULTILINE), said
    assert re.search(
        r"^  broken-model +latentot-broken-model 0\.1: the plugin of .* cannot be imported", said, re.MULTILINE
    )


@pytest.mark.usefixtures("without_figures")
def test_its_method_metric_and_transport_are_compared(site: Path, latentot: Latentot, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    (tmp_path / "mine.toml").write_text(
        'prior = { name = "wide", options = { scale = 2.0 } }\ndim = 4\n'
        'methods = ["linear", "Rescaled", { name = "rescaled", options = { power = 0.25 } }, '
        '{ name = "earth-mover", options = { transport = "affine", n_fit = 500 } }]\n'
        'metrics = ["norm-wasserstein", "mean-shift", { name = "mean-shift", options = { norm = 1 } }]\n'
        "t = [0.5]\npairs = 60\nrepeats = 2\nnull_draws = 19\n"
    )
    done = latentot("compare", "mine.toml", "--out", "out", "--expect", "linear=drifts", path=[site])
    assert done.returncode == 0, done.stderr
    run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert run["failures"] == []
    assert run["methods"]["rescaled"]["claims"] == "nothing"
    assert run["subject"]["label"] == "Normal(4, scale=2)"
    results = pd.read_csv(tmp_path / "out" / "results.csv")
    assert set(results.metric) == {"norm-wasserstein", "mean-shift", "mean-shift (norm=1)"}
    assert set(results.status) == {"ok"}
    # Dask workers need the installed package, and nothing else.
    cluster = latentot("compare", "mine.toml", "--cluster", "local", "--out", "cluster", path=[site])
    assert cluster.returncode == 0, cluster.stderr
    computed = json.loads((tmp_path / "cluster" / "run.json").read_text(encoding="utf-8"))["computed"]
    assert computed["workers"] == 1
    there = pd.read_csv(tmp_path / "cluster" / "results.csv")
    pd.testing.assert_frame_equal(there.drop(columns="seconds"), results.drop(columns="seconds"), check_exact=True)
    assert "rescaled (power=0.25)" in (tmp_path / "cluster" / "report.md").read_text(encoding="utf-8")
    page = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "rescaled (power=0.25)" in page
    # Rendered again without them.
    assert latentot("report", "out", path=[]).returncode == 0
    refused = latentot("compare", "mine.toml", "--out", "other", path=[])
    assert_one_line(refused, 2, "unknown prior 'wide'")


@pytest.mark.usefixtures("without_figures")
def test_its_data_are_encoded(site: Path, latentot: Latentot, tmp_path: Path) -> None:
    arguments = ["--model", "plain-model", "--model-option", "dim=3", "--out", "out"]
    done = latentot("compare", *SMALL, *arguments, "--data", "ramps:8,400", path=[site])
    assert done.returncode == 0, done.stderr
    run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert run["failures"] == []
    data = run["subject"]["data"]
    assert (data["name"], data["train"], data["test"], data["shape"]) == ("ramps:8,400", 200, 200, [1, 8, 8])
    refused = latentot("compare", *SMALL, *arguments, "--data", "ramps", path=[site])
    assert_one_line(refused, 1, "it is asked for as ramps:PIXELS[,IMAGES]")
    failed = latentot("compare", *SMALL, *arguments, "--data", "ramps:wide", path=[site])
    assert_one_line(failed, 1, "the data source 'ramps' could not be made: ValueError: invalid literal for int()")


def test_its_method_is_checked(site: Path, latentot: Latentot) -> None:
    done = latentot("check", "rescaled", "--prior", "normal", "--dim", "3", path=[site])
    assert done.returncode == 0, done.stderr
    for check in ("shape", "endpoints", "batch"):
        assert re.search(rf"^ ?{check} +passed", done.stdout, re.MULTILINE), done.stdout


def test_its_metric_is_checked(site: Path, latentot: Latentot) -> None:
    arguments = ["mean-shift", "--metric-option", "norm=1", "--expect-failure", "shrunk=it is of means only"]
    done = latentot("check", *arguments, path=[site])
    assert done.returncode == 0, done.stderr
    for check, outcome in {"order": "passed", "scaled": "skipped", "shrunk": "expected failure"}.items():
        assert re.search(rf"^ ?{check} +{outcome}", done.stdout, re.MULTILINE), done.stdout
    assert "shrunk: it is of means only (a sample of half the size has" in done.stdout
    assert_one_line(latentot("check", "mean-shift", "--metric-option", "nrom=1", path=[site]), 1, "did you mean 'norm'")


def test_without_them_there_is_no_trace(latentot: Latentot) -> None:
    assert "plain-model" not in latentot("list", path=[]).stdout


def test_plain_one_is_compared_and_its_report_does_without_it(
    site: Path, latentot: Latentot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What it decodes to is drawn; other figures know nothing of it.
    monkeypatch.setattr(
        "latentot.reporting.page.attempted",
        lambda kind, population, draw: attempted(kind, population, draw) if kind == "strips" else Drawing(kind, "", ""),
    )
    monkeypatch.setattr("latentot.reporting.page.attempted_all", lambda *_: ())
    arguments = ["--model", "plain-model", "--model-option", "dim=3", "--data", "digits", "--out", "out"]
    done = latentot("compare", *SMALL, *arguments, path=[site])
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run["failures"] == []
    assert run["subject"]["provenance"] == {"dim": 3, "scale": 0.1}
    results = pd.read_csv(out / "results.csv")
    assert set(results.model) == {"plain"}
    assert set(results.endpoints) == {"prior", "encoded"}
    assert set(results.dim) == {3}
    assert set(results.status) == {"ok"}
    assert {path.name for path in (out / "figures").iterdir()} >= {"strips-prior.svg", "strips-encoded.svg"}

    files = ("results.csv", "run.json", "artefacts.npz")
    stored = {name: (out / name).read_bytes() for name in files}
    rendered = (out / "report.html").read_bytes()
    (out / "report.html").unlink()
    again = latentot("report", "out", path=[])
    assert again.returncode == 0, again.stderr
    assert {name: (out / name).read_bytes() for name in files} == stored
    assert (out / "report.html").read_bytes() == rendered


@pytest.mark.usefixtures("without_figures")
def test_an_option_beside_a_study_file_is_not_lost(site: Path, latentot: Latentot, tmp_path: Path) -> None:
    # A checkpoint that is given on the command line and silently not used would be a wrong answer.
    (tmp_path / "mine.toml").write_text('[model]\nname = "plain-model"\noptions = { dim = 2, scale = 0.2 }\n')
    done = latentot("compare", "mine.toml", *SMALL, "--model-option", "dim=3", "--out", "out", path=[site])
    if done.returncode == 0:
        run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
        assert run["subject"]["dim"] == 3
    else:
        assert_one_line(done, 2, "--model-option")


@pytest.mark.parametrize("command", ["compare", "train"])
def test_broken_one_fails_when_used(site: Path, latentot: Latentot, command: str) -> None:
    if command == "compare":
        done = latentot("compare", *SMALL, "--model", "broken-model", path=[site])
        assert_one_line(done, 1, "'broken-model'", "latentot-broken-model", "the library of broken-model is not")
    else:
        done = latentot("train", "broken-model", "--data", "digits", "--out", "m.safetensors", path=[site])
        assert_one_line(done, 2, "unknown trainer 'broken-model'")


def test_unknown_option_gets_the_nearest(site: Path, latentot: Latentot) -> None:
    done = latentot("compare", *SMALL, "--model", "plain-model", "--model-option", "dmi=3", path=[site])
    assert_one_line(done, 1, "'plain-model'", "'dmi'", "did you mean 'dim'")


def test_two_of_one_name_are_refused_naming_both(site: Path, latentot: Latentot, tmp_path: Path) -> None:
    rival = tmp_path / "elsewhere" / "rival-1.0.dist-info"
    rival.mkdir(parents=True)
    (rival / "METADATA").write_text("Metadata-Version: 2.1\nName: rival\nVersion: 1.0\n")
    (rival / "entry_points.txt").write_text("[latentot.models]\nplain-model = rival:load\n")
    done = latentot("compare", *SMALL, "--model", "plain-model", path=[site, rival.parent])
    assert_one_line(done, 1, "'plain-model'", "latentot-plain-model and rival")
