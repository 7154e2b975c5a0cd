"""What a run will take: its cells, those already kept, and an estimate of seconds and memory."""

__all__ = ["Estimate", "estimate"]

from dataclasses import dataclass
from pathlib import Path

from latentot.study.cells import Cell, ControlCell, MethodCell
from latentot.study.engine import Engine, Task
from latentot.study.keys import part_keys
from latentot.study.null_cache import NullCache
from latentot.study.prepared import Prepared
from latentot.study.spec import Study
from latentot.study.store import NAME, Store
from latentot.study.subject import Population

PILOT = 500
"""Pairs of the cells that are timed."""
SHADOWS = 256
"""Directions whose sorted projections a worker keeps of the reference, four bytes each."""


@dataclass(frozen=True)
class Estimate:
    """What one study will take.

    Args:
        cells: how many cells it has.
        done: how many of them are kept.
        seconds: of one process for the rest, about.
        mebibytes: of each process for samples and references, about.
    """

    cells: int
    done: int
    seconds: float
    mebibytes: float


def estimate(study: Study, folder: Path | None = None, null_cache: NullCache | None = None) -> Estimate:
    """What a study will take.

    One cell of each kind and method is computed with few pairs and scaled up in proportion to the pairs. It errs on the
    long side, by a factor of five or so at most: what grows less, such as metrics that subsample and transports that
    are fitted, is scaled in the same way.

    Args:
        study: what is to be compared.
        folder: where an earlier run may have kept cells.
        null_cache: null bands of earlier runs, which need no cells.

    Raises:
        InputError: the study cannot be prepared, or the store of the folder cannot be read.
    """
    one = Prepared.of(study, null_cache=null_cache)
    kept: set[str] = set()
    if folder is not None and (folder / NAME).exists():
        with Store.open(folder) as store:
            kept = store.keys()
    missing = [cell for cell in one.cells if not kept.issuperset(part_keys(one.plan, cell).values())]
    seconds = _seconds(study, missing) if missing else 0.0
    largest = max(population.n_reference for population in one.populations)
    mebibytes = largest * (16 * one.plan.subject().prior.dim + 8 * SHADOWS) / 2**20
    return Estimate(len(one.cells), len(one.cells) - len(missing), seconds, mebibytes)


def _seconds(study: Study, missing: list[Cell]) -> float:
    few = min(PILOT, study.pairs)
    pilot = Prepared.of(study.model_copy(update={"pairs": few, "repeats": 1, "null_draws": 5}))
    list(Engine().compute([Task(pilot.plan, cell) for cell in pilot.cells if isinstance(cell, ControlCell)]))
    timed = {}
    for done in Engine().compute([Task(pilot.plan, cell) for cell in pilot.cells]):
        timed[_kind(pilot.cells[done.number])] = done.seconds
    return sum(timed.get(_kind(cell), 0.0) * _growth(cell.population, few) for cell in missing)


def _growth(population: Population, few: int) -> float:
    return max(1.0, population.n / few)


def _kind(cell: Cell) -> tuple[str, str, str]:
    """Cells of one kind take about the same time."""
    return type(cell).__name__, cell.population.label, cell.choice.label if isinstance(cell, MethodCell) else ""
