import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from latentot import InputError
from latentot.report import RunFolder

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
    "no verdicts": (edit_json(verdicts=None), r"it has no verdicts"),
    "wrong section": (edit_json(study=["linear"]), r"study is"),
    "wrong provenance": (edit_json(subject={"provenance": [1]}), r"subject\.provenance"),
    "verdict no mapping": (edit_json(verdicts=["keeps"]), r"run\.json: verdicts\[0\] is 'keeps'"),
    "verdict lacks": (edit_json(verdicts=[{"endpoints": "prior"}]), r"verdicts\[0\] has no method"),
    "verdict wrong": (
        edit_json(verdicts=[{"endpoints": "prior", "method": "linear", "verdict": "keeps", "excess": "much"}]),
        r"verdicts\[0\]\.excess is 'much', not a number",
    ),
    "cell wrong": (
        edit_json(cells=[{"endpoints": "prior", "method": "linear", "metric": "mmd", "keeps": "no"}]),
        r"cells\[0\]\.keeps is 'no', not true or false",
    ),
    "empty csv": (lambda f: (f / "results.csv").write_text(""), r"results\.csv is damaged"),
    "binary csv": (lambda f: (f / "results.csv").write_bytes(b"a\xff\xfe,\x00\n"), r"results\.csv (is damaged|lacks)"),
    "ragged csv": (edit_csv("\n", "\n1,2,3" + ",4" * 40 + "\n"), r"results\.csv is damaged"),
    "long csv": (edit_csv(",ok\n", ",ok,ok\n"), r"results\.csv is damaged"),
    "cut csv": (truncate("results.csv"), r"results\.csv is damaged \(line \d has no status\)"),
    "columns": (edit_csv("null_lo,null_hi", "low,high"), r"results\.csv lacks the column\(s\) null_lo, null_hi"),
    "no number": (edit_csv(",0.1,", ",a tenth,"), r"line 2, column t: 'a tenth' is not a number"),
    "cut npz": (truncate("artefacts.npz"), r"artefacts\.npz is damaged"),
    "text npz": (lambda f: (f / "artefacts.npz").write_text("hello"), r"artefacts\.npz (is damaged|holds pickled)"),
    "npy": (lambda f: np.save((f / "artefacts.npz").open("wb"), np.ones(3)), r"holds no named arrays"),
    "pickle": (lambda f: (f / "artefacts.npz").write_bytes(pickle.dumps([1])), r"artefacts\.npz (is dam|holds pick)"),
    "pickled": (edit_npz(x=np.array([{}], dtype=object)), r"holds pickled objects, which are never loaded"),
    "norms shape": (edit_npz(norms__prior__linear=np.ones((2, 2))), r"norms/prior/linear is float64 \(2, 2\)"),
    "no bins": (edit_npz(norms__edges=np.ones(1)), r"norms/edges"),
    "edges": (edit_npz(norms__edges=np.ones(81)), r"norms/edges do not increase"),
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
    assert [population.key for population in run.populations] == [("prior", "prior"), ("encoded", "prior")]
    assert run.method_names() == ("linear", "spherical", "cauchy", "matched", "earth-mover")
    assert run.metric_names()[:2] == ("sliced-wasserstein", "frechet")
    assert run.results["value"].dtype == float
    assert run.results["seed"].iloc[0] == str(2**70)
    assert run.methods["matched"].citation.startswith("Agustsson")


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
    assert read.verdicts[0].excess is None
    assert read.cells[0].null_sd is None
    assert read.run["study"] == {}


def test_populations_that_only_the_rows_know_are_found(make_run):
    run = make_run()
    run.run["populations"] = []
    assert [population.key for population in RunFolder.read(run.write()).populations] == [("prior", "prior")]


def test_importing_is_light():
    heavy = "pandas", "matplotlib", "jinja2", "torch"
    code = f"import sys, latentot.report; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
