"""What a study writes is what the format declares, no more and no less, and is read as it was written."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import latentot as lot
from latentot import runformat
from latentot.study import Study, run, write

RECORDS = {
    "populations": runformat.Population,
    "verdicts": runformat.Verdict,
    "misses": runformat.Miss,
    "cells": runformat.Cell,
    "controls": runformat.Control,
    "rounds": runformat.Round,
    "walks": runformat.Walk,
    "decoder": runformat.Decoder,
}


def encode(x: np.ndarray) -> lot.Posterior:
    mean = x.reshape(len(x), -1)[:, [20, 27, 36]].astype(float)
    return lot.Posterior(mean, np.full_like(mean, 0.5))


def fields(record: Any) -> set[str]:
    return {field.name for field in dataclasses.fields(record)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a model with both kinds of endpoints and both references."""
    model = lot.Model(lot.Normal(3), lambda z: z[:, None, None, :], encode)
    settings: dict[str, Any] = {
        "methods": ["linear", "cauchy"], "metrics": ["norm-wasserstein", "marginal-ks"], "t": [0.25, 0.5],
        "pairs": 85, "repeats": 2, "null_draws": 19, "data": "digits", "margin": 0.9,
        "judges": ["sliced-wasserstein", "path-length"], "features": "pixels",
    }  # fmt: skip
    path = tmp_path_factory.mktemp("run")
    write(run(Study.of(**settings), live=model), path)
    return path


def test_facts(folder: Path) -> None:
    stored = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert stored.keys() == fields(runformat.Facts)
    for section, record in RECORDS.items():
        expected = fields(record) | ({"subject"} if section == "populations" else set())
        assert stored[section], section
        assert all(entry.keys() == expected for entry in stored[section]), section
    for section in ("methods", "metrics"):
        assert all(entry.keys() <= fields(runformat.Definition) for entry in stored[section].values())


def test_columns(folder: Path) -> None:
    stored = pd.read_csv(folder / "results.csv").columns
    assert list(stored) == list(runformat.COLUMNS)


def test_arrays(folder: Path) -> None:
    with np.load(folder / "artefacts.npz", allow_pickle=False) as stored:
        names = set(stored.files)
    patterns = [re.sub(r"\{\w+\}", "[^/]+", array.name) for array in runformat.ARRAYS]
    assert [name for name in names if not any(re.fullmatch(pattern, name) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(re.fullmatch(pattern, name) for name in names)] == []


def test_is_read_as_it_was_written(folder: Path) -> None:
    stored = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    facts = runformat.RunFolder.read(folder).facts
    for section in ("title", "study", "subject", "null", "seed", "versions", "machine", "started", "results_sha256"):
        assert getattr(facts, section) == stored[section]
    for section in ("verdicts", "cells", "controls"):
        for record, entry in zip(getattr(facts, section), stored[section], strict=True):
            defaults = {field.name: field.default for field in dataclasses.fields(record)}
            expected = {name: defaults[name] if value is None else value for name, value in entry.items()}
            assert dataclasses.asdict(record) == expected


def test_a_run_of_an_older_version_has_no_rounds(folder: Path, tmp_path: Path) -> None:
    stored = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    del stored["rounds"]
    table = pd.read_csv(folder / "results.csv").drop(columns="round")
    with np.load(folder / "artefacts.npz", allow_pickle=False) as arrays:
        runformat.write_run(tmp_path, table, stored, dict(arrays))
    read = runformat.RunFolder.read(tmp_path)
    assert read.facts.rounds == ()
    assert len(read.first_round) == len(table), "all is of one round"


def test_records_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        runformat.Population("prior").n = 3  # type: ignore[misc]
