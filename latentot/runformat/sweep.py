"""sweep.json: which runs belong together."""

__all__ = ["SCHEMA", "SweepFacts", "SweepRun", "read_sweep", "write_sweep"]

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pydantic import StrictStr
from pydantic.dataclasses import dataclass

from latentot.errors import InputError
from latentot.runformat.document import as_json, read_document
from latentot.runformat.folder import SWEEP, prepare
from latentot.writing import write_whole

SCHEMA = 1
_AGAIN = "run the study again, which computes only what is missing"


@dataclass(frozen=True)
class SweepRun:
    """One run: what tells it from the others, and its folder's name."""

    label: StrictStr
    folder: StrictStr


@dataclass(frozen=True)
class SweepFacts:
    """All of sweep.json.

    Args:
        title: of the study.
        runs: in the order of the study.
        schema: the version of the format.
    """

    title: StrictStr
    runs: tuple[SweepRun, ...]
    schema: int = SCHEMA


def write_sweep(folder: Path, title: str, runs: Sequence[tuple[str, str]]) -> None:
    """Write sweep.json.

    Args:
        folder: where the folders of its runs lie.
        title: of the study.
        runs: of each what tells it from the others, and its folder's name.

    Raises:
        InputError: the folder cannot be written to.
    """
    prepare(folder, sweep=True)
    facts = SweepFacts(title, tuple(SweepRun(*run) for run in runs))
    try:
        write_whole({folder / SWEEP: as_json(asdict(facts))})
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror or error}") from error


def read_sweep(folder: Path) -> SweepFacts:
    """Read sweep.json of a folder.

    Raises:
        InputError: it is missing, damaged, of another version, or names what lies elsewhere.
    """
    path = folder / SWEEP
    facts = read_document(path, SweepFacts, SCHEMA, _AGAIN)
    outside = [run.folder for run in facts.runs if Path(run.folder).name != run.folder or run.folder in {"", ".", ".."}]
    if outside or not facts.runs:
        raise InputError(f"{path} is damaged (it names {outside or 'no runs'}): {_AGAIN}")
    return facts
