"""The folder of an inspection: inspection.json, a table a file, and the arrays of its figures; written and read."""

__all__ = ["Facts", "InspectionFolder", "Operation", "TableFacts", "write_inspection"]

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from latentot.errors import InputError
from latentot.inspection.findings import Figure
from latentot.reading import path_of
from latentot.runformat.arrays import read_artefacts
from latentot.runformat.document import as_json, read_document
from latentot.runformat.folder import INSPECTION
from latentot.writing import Content, write_whole

if TYPE_CHECKING:
    import pandas as pd

ARTEFACTS, TABLES = "artefacts.npz", "tables"
SCHEMA = 1
_AGAIN = "restore it, or inspect again"


@dataclass(frozen=True)
class TableFacts:
    """A table's file, tables/NAME.csv, and what its columns are."""

    name: str
    caption: str


@dataclass(frozen=True)
class Operation:
    """What one operation found; `skipped` says why, where it found nothing."""

    name: str
    title: str
    says: tuple[str, ...] = ()
    skipped: str = ""
    tables: tuple[TableFacts, ...] = ()
    figures: tuple[Figure, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True)
class Facts:
    """inspection.json."""

    title: str
    subject: str
    operations: tuple[Operation, ...]
    notes: tuple[str, ...] = ()
    model: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    citations: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    command: str = ""
    started: str = ""
    seconds: float | None = None


def write_inspection(
    folder: Path, facts: Mapping[str, Any], tables: "Mapping[str, pd.DataFrame]", arrays: Mapping[str, Any]
) -> None:
    """Write what an inspection found; files that were there are replaced whole.

    Args:
        folder: where; made if it does not exist.
        facts: what `Facts` declares, as plain data.
        tables: by name.
        arrays: by name.

    Raises:
        InputError: the folder cannot be written to.
    """
    try:
        (folder / TABLES).mkdir(parents=True, exist_ok=True)
        files: dict[Path, Content] = {
            folder / TABLES / f"{name}.csv": frame.to_csv(index=False).encode() for name, frame in tables.items()
        }
        files[folder / ARTEFACTS] = lambda file: np.savez_compressed(file, allow_pickle=False, **arrays)
        files[folder / INSPECTION] = as_json({"schema": SCHEMA} | dict(facts))
        write_whole(files)
    except OSError as error:
        raise InputError(f"cannot write to the folder {folder}: {error.strerror or error}") from error


@dataclass(frozen=True)
class InspectionFolder:
    """An inspection as it was stored.

    Args:
        path: the folder.
        facts: inspection.json.
        tables: by name.
        arrays: by name.
    """

    path: Path
    facts: Facts
    tables: "Mapping[str, pd.DataFrame]"
    arrays: Mapping[str, np.ndarray[Any, Any]]

    @classmethod
    def read(cls, folder: Path | str) -> Self:
        """Read an inspection's folder.

        Raises:
            InputError: the folder or a file is missing, damaged, or of a newer schema.
        """
        path = path_of(folder, "the folder of an inspection")
        facts = read_document(path / INSPECTION, Facts, SCHEMA, _AGAIN)
        names = [table.name for operation in facts.operations for table in operation.tables]
        if strange := [name for name in names if not name.replace("-", "").isalnum()]:
            raise InputError(f"{path / INSPECTION} is damaged (a table is called {strange[0]!r}): {_AGAIN}")
        tables = {name: _table(path / TABLES / f"{name}.csv") for name in names}
        return cls(path, facts, tables, read_artefacts(path / ARTEFACTS, _AGAIN))


def _table(path: Path) -> "pd.DataFrame":
    import pandas as pd

    try:
        return pd.read_csv(io.BytesIO(path.read_bytes()))
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): {_AGAIN}") from error
    except ValueError as error:
        raise InputError(f"{path} is damaged ({' '.join(str(error).split())}): {_AGAIN}") from error
