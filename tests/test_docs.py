"""Pages that are made by code are what the code makes today."""

import importlib.util
import json
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import latentot as lot
from latentot.study import read_studies

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def made_by(script: str, folder: Path = DOCS) -> ModuleType:
    spec = importlib.util.spec_from_file_location(script, folder / f"{script}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["methods", "metrics", "transport"])
def test_a_page_is_the_one_that_the_code_makes(name):
    page = made_by(f"make_{name}").page()
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == page, f"run python docs/make_{name}.py"


def test_leaderboard_and_table_of_methods_are_made_from_stored_runs():
    module = made_by("make_leaderboard")
    rows, page = module.read(module.REPORTS), module.CHOICE.read_text(encoding="utf-8")
    assert page == module.with_table(page, "choice", module.choice(rows)), "run python docs/make_leaderboard.py"
    readme = module.README.read_text(encoding="utf-8")
    assert readme == module.with_table(readme, "methods", module.short(rows)), "run python docs/make_leaderboard.py"
    assert module.PAGE.read_text(encoding="utf-8") == module.page(rows), "run python docs/make_leaderboard.py"


@pytest.mark.usefixtures("without_figures")
def test_the_leaderboard_of_other_runs_passes_over_what_is_none(tmp_path, capsys):
    module = made_by("make_leaderboard")
    with pytest.raises(lot.InputError, match="there is no run in"):
        module.read(tmp_path)
    result = lot.compare(lot.Normal(4), ["linear", "matched"], ["norm-wasserstein"], t=0.5, n=200, repeats=2)
    result.report(tmp_path / "mine")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{}")
    page = module.page(module.read(tmp_path))
    assert "results.csv is missing" in capsys.readouterr().err
    assert re.search(r"^\| mine \| prior \| ✗ 100 % \| [✓?] -?\d %", page, re.MULTILINE)


def test_the_picture_of_the_readme_is_drawn_from_the_stored_run():
    module = made_by("make_hero")
    figure = module.draw(module.RunFolder.read(module.RUN))
    shown = [axes.get_title(loc="left") for axes in figure.axes]
    assert shown[0::2] == ["linear", "spherical", "cauchy", "earth-mover"]
    assert {axes.get_title(loc="right") for axes in figure.axes[0::2]} <= {"keeps", "drifts", "inconclusive"}


def test_the_table_of_peers_is_made_from_what_was_measured():
    module = made_by("peers", ROOT / "benchmarks" / "speed")
    page = module.PAGE.read_text(encoding="utf-8")
    made = module.table(json.loads(module.FOUND.read_text(encoding="utf-8")))
    assert page == module.with_table(page, made), "run python benchmarks/speed/peers.py table"


def test_shares_are_of_the_excess_over_the_null():
    module = made_by("make_leaderboard")
    import pandas as pd

    rows = [
        ("linear", "m", 0.5, 11.0),
        ("mine", "m", 0.5, 2.0),
        ("linear", "weak", 0.5, 1.1),
        ("mine", "weak", 0.5, 9.0),
    ]
    table = pd.DataFrame(rows, columns=["method", "metric", "t", "value"]).assign(null_mean=1, null_lo=0.9, null_hi=1.1)
    assert module.shares(table, "mine") == {"m": pytest.approx(0.1)}
    assert module.shares(table, "other") == {}
    assert [module.percent(x) for x in (0.123, -0.001, 12.0, float("nan"))] == ["12 %", "0 %", "> 1,000 %", ""]


def test_the_page_of_metrics_has_all_and_says_what_is_not_measured(monkeypatch, tmp_path):
    module = made_by("make_metrics")
    head, *rows = module.TABLE.read_text(encoding="utf-8").splitlines()
    known = [row for row in rows if row.startswith("norm-wasserstein,")]
    monkeypatch.setattr(module, "TABLE", tmp_path / "power.csv")
    module.TABLE.write_text("\n".join([head, *known, ""]), encoding="utf-8")
    page = module.page()
    for name in lot.drifts():
        facts, measured = (line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        assert lot.drift(name).title in facts
        assert ("not measured" in measured) == (name != "norm-wasserstein")
    module.TABLE.write_text(f"{head}\n", encoding="utf-8")
    assert "Nothing is measured." in module.page()


def test_the_guide_to_metrics_is_written_from_the_numbers():
    module = made_by("make_metrics")
    effects = (("a", 30.0, 0.5), ("b", 1.0, 8.0), ("c", 2.0, 4.0))
    power = module.Power(
        {
            (name, alternative, 4_000, d): value
            for name, linear, shift in effects
            for d in (16, 256)
            for alternative, value in (("linear", linear), ("shift", shift))
        },
        {"a": 5.0, "b": 1.0, "c": 9.0},
    )
    text = module.guide(power)
    assert "straight line** is seen by `a` (30) only; at d = 256 best by `a` (30)." in text
    assert "shifted by 0.2** is seen by most, best by `b` (8.0) and `c` (4.0), and not by `a`;" in text
    # None of the real metrics is in these numbers, and the paragraph says so.
    assert "not measured: `sliced-wasserstein`" in text
    assert text.endswith("No metric sees everything: `b` and `a` together see all that any measured one does.")


def test_the_studies_of_the_guide_are_accepted(tmp_path):
    page = (DOCS / "studies.md").read_text(encoding="utf-8")
    study, judged, models = re.findall(r"```toml[^\n]*\n(.*?)```", page, re.DOTALL)
    (tmp_path / "study.toml").write_text(study, encoding="utf-8")
    assert len(read_studies(tmp_path / "study.toml")) == 10
    (tmp_path / "judged.toml").write_text(f'model = "sklearn-pca"\n{judged}', encoding="utf-8")
    assert [len(one.judges) for one in read_studies(tmp_path / "judged.toml")] == [5]
    (tmp_path / "models.toml").write_text(models, encoding="utf-8")
    assert [one.model.options["checkpoint"] for one in read_studies(tmp_path / "models.toml")] == [
        "/shared/a.safetensors",
        "/shared/b.safetensors",
    ]


def test_the_drawing_of_the_house_is_what_the_import_contract_holds() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    layers = [{room.strip().removeprefix("latentot.") for room in layer.split("|")} for layer in contract["layers"]]
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawing = " ".join(line.strip() for line in page.splitlines() if line.startswith("    ") and " > " in line)
    assert [{room.strip() for room in layer.split("|")} for layer in drawing.split(">")] == layers


def test_the_walk_from_the_call_to_the_page_names_files_that_are_there() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_/]+\.py)`", page.partition("## From `lot.compare(prior)`")[2].partition("\n## ")[0])
    assert len(named) >= 15
    assert [name for name in named if not (ROOT / "latentot" / name).is_file()] == []
