"""The files of a run: they are whole or not there, whatever happens while they are written."""

import errno
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from latentot.errors import InputError
from latentot.runformat import prepare, write_sweep
from latentot.study import Outcome, write

FILES = ["artefacts.npz", "results.csv", "run.json"]


def outcome(value: float) -> Outcome:
    return Outcome(
        results=pd.DataFrame({"value": [value, np.nan], "status": ["ok", "failed: a, b"]}),
        facts={"value": value},
        artefacts={"null/prior": np.full((3, 2), value)},
    )


def facts(folder: Path) -> dict[str, Any]:
    """run.json, which says its version and what table it belongs to."""
    found: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((folder / "results.csv").read_bytes()).hexdigest()
    assert (found.pop("schema"), found.pop("results_sha256")) == (1, digest)
    return found


def stored(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an older run."""
    write(outcome(1.0), tmp_path / "run")
    return tmp_path / "run"


def disk_full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def half_written(file: Any, *_: Any, **__: Any) -> None:
    file.write(b"half of it")
    disk_full()


BREAKS = {
    "results": ("pandas.DataFrame.to_csv", disk_full),
    "artefacts": ("numpy.savez_compressed", half_written),
    "rename": ("os.replace", disk_full),
}


@pytest.fixture(params=BREAKS)
def broken_writing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Something that goes wrong while files are written."""
    monkeypatch.setattr(*BREAKS[request.param])
    return str(request.param)


def test_writes_what_was_found(folder: Path) -> None:
    assert sorted(stored(folder)) == FILES
    pd.testing.assert_frame_equal(pd.read_csv(folder / "results.csv"), outcome(1.0).results)
    assert facts(folder) == {"value": 1.0}
    with np.load(folder / "artefacts.npz", allow_pickle=False) as artefacts:
        np.testing.assert_array_equal(artefacts["null/prior"], np.ones((3, 2)))


def test_takes_the_place_of_an_older_run(folder: Path) -> None:
    write(outcome(2.0), folder)
    assert sorted(stored(folder)) == FILES
    assert facts(folder) == {"value": 2.0}
    assert pd.read_csv(folder / "results.csv").value[0] == 2


def test_the_same_outcome_gives_the_same_numbers_and_text(folder: Path, tmp_path: Path) -> None:
    write(outcome(1.0), tmp_path / "again")
    for name in ("results.csv", "run.json"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_files_can_be_read_by_others(folder: Path) -> None:
    # Temporary files are private to their owner; results are not.
    for name in FILES:
        assert (folder / name).stat().st_mode & 0o044 == 0o044


def test_failure_while_writing_is_one_clear_line(folder: Path, broken_writing: str) -> None:
    with pytest.raises(InputError, match=r"cannot write .*: No space left on device") as refused:
        write(outcome(2.0), folder)
    assert "\n" not in str(refused.value)


def test_failure_while_writing_leaves_every_file_whole(folder: Path, broken_writing: str) -> None:
    before = stored(folder)
    with pytest.raises(InputError):
        write(outcome(2.0), folder)
    after = stored(folder)
    # The file that failed, and those after it, are the old ones, bit for bit.
    assert after["run.json"] == before["run.json"]
    assert after["artefacts.npz"] == before["artefacts.npz"]
    pd.read_csv(folder / "results.csv")


def test_failure_while_writing_does_not_mix_two_runs(folder: Path, broken_writing: str) -> None:
    # A table of one run beside the verdicts of another would be read as one run.
    before = stored(folder)
    with pytest.raises(InputError):
        write(outcome(2.0), folder)
    assert {name: content for name, content in stored(folder).items() if name in FILES} == before


def test_failure_while_writing_leaves_nothing_lying_about(folder: Path, broken_writing: str) -> None:
    with pytest.raises(InputError):
        write(outcome(2.0), folder)
    assert sorted(stored(folder)) == FILES


def test_what_is_not_plain_data_is_stored_as_its_text(folder: Path) -> None:
    write(Outcome(outcome(2.0).results, {"model": Path("m.safetensors")}, {}), folder)
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["model"] == "m.safetensors"


@pytest.mark.parametrize("blocked", ["file", "file/below"])
def test_a_file_in_its_place(tmp_path: Path, blocked: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for refusing in (prepare, lambda path: write(outcome(1.0), path)):
        with pytest.raises(InputError, match="cannot write to the folder"):
            refusing(tmp_path / blocked)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_not_ours_to_write_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Simulated: tests may run as root, whom no permission stops.
    def denied(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("tempfile.NamedTemporaryFile", denied)
    with pytest.raises(InputError, match=r"cannot write to the folder .*: Permission denied"):
        prepare(tmp_path)


def test_prepare_makes_the_folder_and_leaves_it_empty(tmp_path: Path) -> None:
    prepare(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_prepare_leaves_an_older_run_alone(folder: Path) -> None:
    before = stored(folder)
    prepare(folder)
    assert stored(folder) == before


def test_a_run_and_a_sweep_do_not_share_a_folder(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds the run of one subject \(run\.json\): choose another, or delete it"):
        prepare(folder, sweep=True)
    write_sweep(tmp_path / "sweep", "several", [("d = 2", "d-2")])
    with pytest.raises(InputError, match=r"holds runs of several subjects \(sweep\.json\)"):
        prepare(tmp_path / "sweep")
    prepare(folder)
    prepare(tmp_path / "sweep", sweep=True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (np.nan, None),
        (-np.inf, None),
        (np.float64(0.1), 0.1),
        (np.float32(0.5), 0.5),
        (np.float32(np.nan), None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        ((1, np.nan), [1, None]),
        ({"t": [np.float64(0.25)]}, {"t": [0.25]}),
        ("Schölkopf", "Schölkopf"),
    ],
)
def test_facts_become_strict_json(tmp_path: Path, given: object, expected: object) -> None:
    write(Outcome(outcome(1.0).results, {"fact": given}, {}), tmp_path)

    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is not JSON")

    text = (tmp_path / "run.json").read_text(encoding="utf-8")
    assert json.loads(text, parse_constant=refuse)["fact"] == expected
    assert facts(tmp_path) == {"fact": expected}
