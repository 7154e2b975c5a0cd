import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from latentot import InputError
from latentot.runformat import RunFolder

Change = Callable[[Path], object]


def edit_json(**changes: object) -> Change:
    def change(folder: Path) -> None:
        run = json.loads((folder / "run.json").read_text())
        (folder / "run.json").write_text(json.dumps({**run, **changes}))

    return change


def edit_csv(old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        text = (folder / "results.csv").read_text()
        assert old in text
        (folder / "results.csv").write_text(text.replace(old, new, 1))

    return change


def edit_npz(**arrays: np.ndarray) -> Change:
    def change(folder: Path) -> None:
        with np.load(folder / "artefacts.npz") as stored:
            old = dict(stored)
        new = {key.replace("__", "/"): array for key, array in arrays.items()}
        np.savez(folder / "artefacts.npz", **{**old, **new})

    return change


def truncate(name: str) -> Change:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:700])


BAD: dict[str, tuple[Change, str]] = {
    "no json": (lambda f: (f / "run.json").unlink(), r"run\.json is missing: .*run the comparison again"),
    "no csv": (lambda f: (f / "results.csv").unlink(), r"results\.csv is missing"),
    "no npz": (lambda f: (f / "artefacts.npz").unlink(), r"artefacts\.npz is missing"),
    "cut json": (truncate("run.json"), r"run\.json is damaged"),
    "binary json": (lambda f: (f / "run.json").write_bytes(b"\xff\xfe\x00"), r"run\.json is damaged"),
    "deep json": (lambda f: (f / "run.json").write_text("[" * 100_000), r"run\.json is damaged"),
    "json list": (lambda f: (f / "run.json").write_text("[]"), r"run\.json is damaged"),
    "newer schema": (edit_json(schema=2), r"has schema 2, this latentot reads schema 1: upgrade latentot"),
    "no schema": (edit_json(schema=None), r"has schema None"),
    "no number of a schema": (edit_json(schema=True), r"has schema True, this latentot reads schema 1: restore it"),
    "no list of rounds": (edit_json(rounds={"n": 3}), r"rounds is not a list"),
    "verdict true": (
        edit_json(verdicts=[{"endpoints": "prior", "method": "linear", "verdict": "keeps", "excess": True}]),
        r"verdicts\[0\]\.excess is True, not a number",
    ),
    "no verdicts": (edit_json(verdicts=None), r"it has no verdicts"),
    "wrong section": (edit_json(study=["linear"]), r"study is"),
    "wrong provenance": (edit_json(subject={"provenance": [1]}), r"subject\.provenance"),
    "verdict no mapping": (edit_json(verdicts=["keeps"]), r"run\.json is damaged \(verdicts\[0\] is 'keeps'"),
    "verdict lacks": (edit_json(verdicts=[{"endpoints": "prior"}]), r"verdicts\[0\] has no method"),
    "verdict wrong": (
        edit_json(verdicts=[{"endpoints": "prior", "method": "linear", "verdict": "keeps", "excess": "much"}]),
        r"verdicts\[0\]\.excess is 'much', not a number",
    ),
    "interval wrong": (
        edit_json(cells=[{"endpoints": "prior", "method": "linear", "metric": "mmd", "low": [0]}]),
        r"cells\[0\]\.low is \[0\], not a number",
    ),
    "first metric wrong": (
        edit_json(verdicts=[{"endpoints": "prior", "method": "linear", "verdict": "drifts", "first_metric": 1}]),
        r"verdicts\[0\]\.first_metric is 1, not text",
    ),
    "first t wrong": (
        edit_json(verdicts=[{"endpoints": "prior", "method": "linear", "verdict": "drifts", "first_t": "half"}]),
        r"verdicts\[0\]\.first_t is 'half', not a number",
    ),
    "controls no list": (edit_json(controls={"t = 0": True}), r"run\.json is damaged \(controls is not a list"),
    "control lacks": (edit_json(controls=[{"endpoints": "prior", "control": "t = 0"}]), r"controls\[0\] has no holds"),
    "control wrong": (
        edit_json(controls=[{"endpoints": "prior", "control": "t = 0", "holds": "yes"}]),
        r"controls\[0\]\.holds is 'yes', not true or false",
    ),
    "control reason": (
        edit_json(controls=[{"endpoints": "prior", "control": "t = 0", "holds": False, "reason": ["blind"]}]),
        r"controls\[0\]\.reason is \['blind'\], not text",
    ),
    "repeats wrong": (
        edit_json(populations=[{"endpoints": "prior", "repeats": "3"}]),
        r"populations\[0\]\.repeats is '3'",
    ),
    "null no mapping": (edit_json(null=["cached"]), r"null is \['cached'\]"),
    "null wrong": (edit_json(null={"prior": True}), r"\(null\.prior is True, not text"),
    "failures wrong": (edit_json(failures=["fine", None]), r"\(failures\[1\] is None, not text"),
    "error wrong": (edit_json(metrics={"mmd": {"error": 0.1}}), r"metrics\.mmd\.error is 0\.1, not text"),
    "cell wrong": (
        edit_json(cells=[{"endpoints": "prior", "method": "linear", "metric": "mmd", "keeps": "no"}]),
        r"cells\[0\]\.keeps is 'no', not true or false",
    ),
    "empty csv": (lambda f: (f / "results.csv").write_text(""), r"results\.csv is damaged"),
    "binary csv": (lambda f: (f / "results.csv").write_bytes(b"a\xff\xfe,\x00\n"), r"results\.csv (is damaged|lacks)"),
    "ragged csv": (edit_csv("\n", "\n1,2,3" + ",4" * 40 + "\n"), r"results\.csv is damaged"),
    "long csv": (edit_csv(",ok,", ",ok,ok,"), r"results\.csv is damaged"),
    "cut csv": (truncate("results.csv"), r"results\.csv is damaged \(line \d has no status\)"),
    "columns": (edit_csv("null_lo,null_hi", "low,high"), r"results\.csv lacks the column\(s\) null_lo, null_hi"),
    "no number": (edit_csv(",0.1,", ",a tenth,"), r"line 2, column t: 'a tenth' is not a number"),
    "no spread": (edit_csv(",ok,", ",ok,little,more,"), r"results\.csv is damaged"),
    "spread wrong": (edit_csv(",0.00055\n", ",little\n"), r"line \d+, column spread: 'little' is not a number"),
    "cut npz": (truncate("artefacts.npz"), r"artefacts\.npz is damaged"),
    "text npz": (lambda f: (f / "artefacts.npz").write_text("hello"), r"artefacts\.npz (is damaged|holds pickled)"),
    "npy": (lambda f: np.save((f / "artefacts.npz").open("wb"), np.ones(3)), r"holds no named arrays"),
    "pickle": (lambda f: (f / "artefacts.npz").write_bytes(pickle.dumps([1])), r"artefacts\.npz (is dam|holds pick)"),
    "pickled": (edit_npz(x=np.array([{}], dtype=object)), r"holds pickled objects, which are never loaded"),
    "norms shape": (edit_npz(norms__prior__linear=np.ones((2, 2))), r"norms/prior/linear is float64 \(2, 2\)"),
    "no bins": (edit_npz(norms__edges=np.ones(1)), r"norms/edges"),
    "edges": (edit_npz(norms__edges=np.ones(81)), r"norms/edges do not increase"),
    "endpoints shape": (edit_npz(endpoints__encoded=np.ones((3, 80))), r"endpoints/encoded is float64 \(3, 80\)"),
    "radius shape": (edit_npz(radius__pdf=np.ones(3)), r"radius/pdf"),
}


@pytest.mark.parametrize(("change", "message"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_clear_line(make_run, change, message):
    folder = make_run().write()
    change(folder)
    with pytest.raises(InputError, match=message) as caught:
        RunFolder.read(folder)
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)


def test_missing_folder(tmp_path):
    with pytest.raises(InputError, match="there is no run folder"):
        RunFolder.read(tmp_path / "nowhere")


def test_reads_what_is_stored(make_run):
    run = RunFolder.read(str(make_run(model=True).write()))
    assert [population.key for population in run.populations] == [
        ("prior", "prior", "latent"),
        ("encoded", "prior", "latent"),
        ("encoded", "posterior", "latent"),
    ]
    assert run.method_names() == ("linear", "spherical", "cauchy", "matched", "earth-mover")
    assert run.metric_names()[:2] == ("sliced-wasserstein", "frechet")
    assert run.results["value"].dtype == float
    assert run.results["seed"].iloc[0] == str(2**70)
    assert run.facts.methods["matched"].citation.startswith("Agustsson")
    assert run.facts.metrics["frechet"].error == "2,000 points of each, chosen at random"
    assert run.results[["excess", "spread"]].notna().all(axis=None)
    assert len(run.facts.controls or ()) == 21
    assert run.facts.null["encoded against posterior"] == "computed"


def test_older_runs_are_read(make_run):
    aged = make_run(model=True)
    aged.age()
    run = RunFolder.read(aged.write())
    assert run.facts.controls is None
    assert not run.facts.null
    assert not run.facts.failures
    assert run.results[["excess", "spread"]].isna().all(axis=None)
    assert (run.facts.cells[0].difference, run.facts.verdicts[0].first_t) == (None, None)
    assert run.populations[0].repeats is None


def test_names_that_look_like_missing_values_stay_names(make_run):
    run = make_run()
    run.rename("linear", "nan")
    run.rename("cauchy", "None")
    assert {"nan", "None"} <= set(RunFolder.read(run.write()).results["method"])


def test_nulls_and_unknown_keys_are_accepted(make_run):
    run = make_run()
    run.run.update(study=None, machine=None, title=None, unheard_of=[1])
    run.run["verdicts"][0].update(excess=None, worst_t=None, reason=None, unheard_of=1)
    run.run["cells"][0].update(null_sd=float("nan"), margin=None)
    read = RunFolder.read(run.write())
    assert read.facts.verdicts[0].excess is None
    assert read.facts.cells[0].null_sd is None
    assert read.facts.study == {}


def test_populations_that_only_the_rows_know_are_found(make_run):
    run = make_run()
    run.run["populations"] = []
    assert [population.key for population in RunFolder.read(run.write()).populations] == [("prior", "prior", "latent")]


def test_importing_is_light():
    heavy = "pandas", "matplotlib", "jinja2", "torch"
    code = f"import sys, latentot.reporting; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
