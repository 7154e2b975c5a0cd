"""The folder of a run: made, written and read."""

__all__ = ["INSPECTION", "SWEEP", "RunFolder", "prepare", "write_run"]

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from latentot.errors import InputError
from latentot.reading import path_of, refuse_pointer
from latentot.runformat.arrays import Arrays, read_artefacts
from latentot.runformat.document import as_json, read_document
from latentot.runformat.facts import SCHEMA, Facts, Population
from latentot.runformat.table import read_results
from latentot.writing import Content, write_whole

if TYPE_CHECKING:
    import pandas as pd

RUN, SWEEP, INSPECTION = "run.json", "sweep.json", "inspection.json"
RESULTS, ARTEFACTS = "results.csv", "artefacts.npz"
_AGAIN = "restore it, or run the comparison again"


def prepare(folder: Path, *, sweep: bool = False) -> None:
    """Make a folder that a run can be written to, before anything is computed.

    Args:
        folder: where.
        sweep: whether it is to hold several runs, each in a folder of its own.

    Raises:
        InputError: it cannot be made or written to, or holds a run where a sweep is to be, or the other way round.
    """
    other, held = (RUN, "the run of one subject") if sweep else (SWEEP, "runs of several subjects")
    try:
        if (folder / other).exists():
            raise InputError(f"the folder {folder} holds {held} ({other}): choose another, or delete it")
        folder.mkdir(parents=True, exist_ok=True)
        if taken := [name for name in (RESULTS, ARTEFACTS, RUN) if (folder / name).is_dir()]:
            raise InputError(f"{folder / taken[0]} is a folder where a file is to be: choose another --out, or move it")
        # A full disk still makes files, but takes no block.
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".longer-than-any-name-of-a-run.") as file:
            file.write(bytes(4096))
            file.flush()
    except OSError as error:
        raise InputError(f"cannot write to the folder {folder}: {error.strerror or error}") from error


def write_run(folder: Path, results: "pd.DataFrame", facts: Mapping[str, Any], artefacts: Arrays) -> None:
    """Write results.csv, artefacts.npz and run.json; files that were there are replaced whole.

    Args:
        folder: where.
        results: one row a measurement, with `COLUMNS`.
        facts: what `Facts` declares, as plain data; what is no plain data is stored as its text.
        artefacts: the arrays that `ARRAYS` declares.

    Raises:
        InputError: the folder cannot be written to.
    """
    prepare(folder)
    try:
        table = results.to_csv(index=False).encode()
        files: dict[str, Content] = {
            RESULTS: table,
            ARTEFACTS: lambda file: np.savez_compressed(file, allow_pickle=False, **artefacts),
            RUN: as_json({"schema": SCHEMA} | dict(facts) | {"results_sha256": hashlib.sha256(table).hexdigest()}),
        }
        write_whole({folder / name: content for name, content in files.items()}, synced=True)
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror or error}") from error


@dataclass(frozen=True)
class RunFolder:
    """A run as it was stored.

    Args:
        path: the folder.
        results: results.csv, tidy, a row a measurement.
        facts: run.json.
        artefacts: the arrays that figures need, by key.
    """

    path: Path
    results: "pd.DataFrame"
    facts: Facts
    artefacts: Arrays

    @classmethod
    def read(cls, folder: Path | str) -> "RunFolder":
        """Read a run's folder.

        Args:
            folder: where results.csv, run.json and artefacts.npz lie.

        Returns:
            What they say, checked.

        Raises:
            InputError: the folder or a file is missing, damaged, or of a newer schema.
        """
        path = path_of(folder, "the folder of a run")
        if not path.is_dir():
            raise InputError(f"there is no run folder {path}: give one that `latentot compare --out` has written")
        for name in (RUN, RESULTS, ARTEFACTS):
            if not (path / name).is_file():
                raise InputError(f"{path / name} is missing: {_AGAIN}")
            refuse_pointer(path / name)
        facts = read_document(path / RUN, Facts, SCHEMA, _AGAIN)
        return cls(path, read_results(path / RESULTS, _AGAIN), facts, read_artefacts(path / ARTEFACTS, _AGAIN))

    @cached_property
    def populations(self) -> tuple[Population, ...]:
        """What the verdicts are about, in the order to show them; older runs list none."""
        measured = (
            self.results[["endpoints", "reference", "space"]].drop_duplicates().itertuples(index=False, name=None)
        )
        found = (*self.facts.verdicts, *self.facts.cells, *(self.facts.controls or ()))
        populations = {population.key: population for population in self.facts.populations}
        for key in (*(one.key for one in found), *measured):
            populations.setdefault(key, Population(*key))
        return tuple(populations.values())

    def rows_of(self, population: Population) -> "pd.DataFrame":
        """The measurements of a population in the first round."""
        rows = self.first_round
        names = ("endpoints", "reference", "space")
        return rows[np.logical_and.reduce([rows[name] == own for name, own in zip(names, population.key, strict=True)])]

    @cached_property
    def first_round(self) -> "pd.DataFrame":
        """The measurements of the first round, in which every method took part against one null band."""
        rounds = self.results["round"]
        return self.results[rounds.isna() | (rounds == rounds.min())]

    def control_failed(self, population: Population) -> bool:
        """Whether a control of this population did not come out."""
        return any(not control.holds for control in self.facts.controls or () if control.key == population.key)

    def method_names(self) -> tuple[str, ...]:
        """Every method of the run, verdicts first: the order in which all tables and figures show them."""
        judged = (*(one.method for one in self.facts.verdicts), *(one.method for one in self.facts.cells))
        return tuple(dict.fromkeys((*judged, *self.results["method"].unique())))

    def metric_names(self) -> tuple[str, ...]:
        """Every metric of the run, in the order in which all tables and figures show them."""
        return tuple(dict.fromkeys((*(cell.metric for cell in self.facts.cells), *self.results["metric"].unique())))
