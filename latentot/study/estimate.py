"""What a run will take: its cells, those already kept, and an estimate of seconds and memory."""

__all__ = ["Estimate", "estimate"]

from dataclasses import dataclass
from pathlib import Path

from latentot.study.execution.engine import Engine
from latentot.study.execution.task import Task, fits_of, fitted_here
from latentot.study.prepared import Prepared
from latentot.study.spec.study import Study
from latentot.study.storage.keys import part_keys
from latentot.study.storage.null_cache import NullCache
from latentot.study.storage.store import NAME, Store
from latentot.study.work.cells import Cell, ControlCell, MethodCell
from latentot.study.work.fitted import Fit, FittedState
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population

PILOT = 500
"""Pairs of the cells that are timed."""
PROJECTIONS = 256
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

    One cell of each kind and method is computed with few pairs and scaled up in proportion to the pairs; what methods
    fit once a run is timed by itself, and scaled in proportion to the draws that they are fitted to. It errs on the
    long side, by a factor of five or so: what grows less, as do metrics and transports that subsample, is scaled alike.

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
    seconds = _seconds(one.plan, missing) if missing else 0.0
    largest = max(population.n_reference for population in one.populations)
    mebibytes = largest * (16 * one.plan.subject().prior.dim + 8 * PROJECTIONS) / 2**20
    return Estimate(len(one.cells), len(one.cells) - len(missing), seconds, mebibytes)


def _seconds(plan: Plan, missing: list[Cell]) -> float:
    few = min(PILOT, int(plan.study.pairs))
    pilot = Prepared.of(plan.study.model_copy(update={"pairs": few, "repeats": 1, "null_draws": 5}))
    fitting = _fitting(plan, missing, pilot)  # first, so that no cell of the pilot does
    list(Engine().compute([Task(pilot.plan, cell) for cell in pilot.cells if isinstance(cell, ControlCell)]))
    timed = {}
    for done in Engine().compute([Task(pilot.plan, cell) for cell in pilot.cells]):
        timed[_kind(pilot.cells[done.number])] = done.seconds
    return fitting + sum(timed.get(_kind(cell), 0.0) * _growth(cell.population, few) for cell in missing)


def _fitting(plan: Plan, missing: list[Cell], pilot: Prepared) -> float:
    """Seconds of what methods fit before the missing cells are computed."""
    few = {(own.choice, own.key): own for cell in pilot.cells for own in fits_of(Task(pilot.plan, cell))}
    states = {name: fitted_here(pilot.plan, fit) for name, fit in few.items()}
    seconds = 0.0
    for fit in {fit for cell in missing for fit in fits_of(Task(plan, cell))}:
        name = fit.choice, fit.key
        if isinstance(found := states.get(name), FittedState):
            seconds += found.seconds * _draws(plan, fit) / _draws(pilot.plan, few[name])
    return seconds


def _draws(plan: Plan, fit: Fit) -> int:
    """How many draws of the prior a method is fitted to, if it says so."""
    return getattr(plan.path(fit.choice, fit.n), "n_fit", 1)


def _growth(population: Population, few: int) -> float:
    return max(1.0, population.n / few)


def _kind(cell: Cell) -> tuple[str, str, str]:
    """Cells of one kind take about the same time."""
    return type(cell).__name__, cell.population.label, cell.choice.label if isinstance(cell, MethodCell) else ""
