"""The store: what a study found, in a folder, each file whole or not there."""

__all__ = ["prepare", "write"]

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np

from latentot.errors import InputError
from latentot.study.run import Outcome


def prepare(folder: Path) -> None:
    """Make a folder that a run can be written to, before anything is computed.

    Raises:
        InputError: it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(f"cannot write to the folder {folder}: {error.strerror or error}") from error


def write(outcome: Outcome, folder: Path) -> None:
    """Write results.csv, run.json and artefacts.npz; a file that was there is replaced whole.

    Raises:
        InputError: the folder cannot be written to.
    """
    prepare(folder)
    text = json.dumps(_plain(outcome.facts), indent=1, ensure_ascii=False) + "\n"
    _replace(folder / "results.csv", lambda file: outcome.results.to_csv(file, index=False))
    _replace(folder / "artefacts.npz", lambda file: np.savez_compressed(file, allow_pickle=False, **outcome.artefacts))
    _replace(folder / "run.json", lambda file: file.write(text.encode()))


def _replace(path: Path, fill: Callable[[IO[bytes]], Any]) -> None:
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
            fill(file)
        Path(file.name).chmod(0o644)
        os.replace(file.name, path)  # noqa: PTH105 - atomic by contract
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error


def _plain(value: Any) -> Any:
    """JSON has no NaN: a number that is not there is null."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
