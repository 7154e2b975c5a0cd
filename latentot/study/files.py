"""The store: what a study found, in a folder, each file whole or not there."""

__all__ = ["prepare", "write", "write_sweep"]

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from latentot.errors import InputError
from latentot.reading import printable
from latentot.study.outcome import Outcome
from latentot.writing import Content, write_whole

RUN, SWEEP = "run.json", "sweep.json"
FILES = ("results.csv", "artefacts.npz", RUN)


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
        if taken := [name for name in FILES if (folder / name).is_dir()]:
            raise InputError(f"{folder / taken[0]} is a folder where a file is to be: choose another --out, or move it")
        # A full disk still makes files, but takes no block.
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".longer-than-any-name-of-a-run.") as file:
            file.write(bytes(4096))
            file.flush()
    except OSError as error:
        raise InputError(f"cannot write to the folder {folder}: {error.strerror or error}") from error


def write(outcome: Outcome, folder: Path) -> None:
    """Write results.csv, run.json and artefacts.npz; a file that was there is replaced whole.

    Raises:
        InputError: the folder cannot be written to.
    """
    prepare(folder)
    try:
        table = outcome.results.to_csv(index=False).encode()
        facts = outcome.facts | {"results_sha256": hashlib.sha256(table).hexdigest()}
        files: dict[str, Content] = {
            "results.csv": table,
            "artefacts.npz": lambda file: np.savez_compressed(file, allow_pickle=False, **outcome.artefacts),
            RUN: _json(facts),
        }
        write_whole({folder / name: content for name, content in files.items()}, synced=True)
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror or error}") from error


def write_sweep(folder: Path, title: str, runs: Sequence[tuple[str, str]]) -> None:
    """Write sweep.json: which runs belong together.

    Args:
        folder: where their folders lie.
        title: of the study.
        runs: of each what tells it from the others, and its folder's name.

    Raises:
        InputError: the folder cannot be written to.
    """
    prepare(folder, sweep=True)
    facts = {"schema": 1, "title": title, "runs": [{"label": label, "folder": name} for label, name in runs]}
    try:
        write_whole({folder / SWEEP: _json(facts)})
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror or error}") from error


def _json(facts: dict[str, Any]) -> bytes:
    # A file's name, as of a study that the command line names, may be no UTF-8.
    return (json.dumps(_plain(facts), indent=1, ensure_ascii=False) + "\n").encode(errors="replace")


def _plain(value: Any) -> Any:
    """What JSON can hold: a number that is not there is null, what is no plain data is its text."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if isinstance(value, int | float | bool | None) else printable(str(value))
