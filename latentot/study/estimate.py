"""What a run will take: its cells, those already kept, and an estimate of seconds and memory."""

__all__ = ["Estimate", "RoundEstimate", "estimate"]

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentot.study.execution.engine import Engine
from latentot.study.execution.task import Task, fits_of, fitted_here
from latentot.study.prepared import Open, Prepared
from latentot.study.spec.study import Study
from latentot.study.statistics.assemble import assemble
from latentot.study.storage.archive import Archive
from latentot.study.storage.null_cache import NullCache
from latentot.study.storage.store import NAME, Store
from latentot.study.work.cells import Cell, ControlCell, MethodCell, ProfileCell
from latentot.study.work.decoded import LATENT
from latentot.study.work.failure import Failure
from latentot.study.work.fitted import Fit, FittedState
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population

PILOT = 500
"""Pairs of the cells that are timed."""
PROJECTIONS = 256
"""Directions whose sorted projections a worker keeps of the reference, four bytes each."""


@dataclass(frozen=True)
class RoundEstimate:
    """What one round of a study will take, if every method that may take part in it does; those whose points are
    decoded come last.

    Args:
        pairs: of each repeat.
        cells: how many cells it has.
        done: how many of them are kept.
        seconds: of one process for the rest, about.
        mebibytes: of each process for samples and references, about.
    """

    pairs: int
    cells: int
    done: int
    seconds: float
    mebibytes: float


@dataclass(frozen=True)
class Estimate:
    """What one study will take, at most: methods that have their verdict early leave.

    Args:
        rounds: those that there may be; of a round all of which is kept, the next has only what it left open.
    """

    rounds: tuple[RoundEstimate, ...]

    @property
    def cells(self) -> int:
        """How many cells there are in all."""
        return sum(one.cells for one in self.rounds)

    @property
    def done(self) -> int:
        """How many of them are kept."""
        return sum(one.done for one in self.rounds)

    @property
    def seconds(self) -> float:
        """Of one process for the rest, about."""
        return sum(one.seconds for one in self.rounds)

    @property
    def mebibytes(self) -> float:
        """Of each process for samples and references, about."""
        return max(one.mebibytes for one in self.rounds)


def estimate(
    study: Study, folder: Path | None = None, null_cache: NullCache | None = None, subjects: int = 1
) -> Estimate:
    """What a study will take, round by round.

    One cell of each kind and method is computed with few pairs and scaled up in proportion to the pairs; what methods
    fit once a run is timed by itself, and scaled in proportion to the draws that they are fitted to. It errs on the
    long side, by a factor of five or so: what grows less, as do metrics and transports that subsample, is scaled alike.

    Args:
        study: what is to be compared.
        folder: where an earlier run may have kept cells.
        null_cache: null bands of earlier runs, which need no cells.
        subjects: studies that are to be believed together: levels are split over them.

    Raises:
        InputError: the study cannot be prepared, or the store of the folder cannot be read.
    """
    latent = Prepared.of(study, null_cache=null_cache, subjects=subjects)
    is_kept = folder is not None and (folder / NAME).exists()
    with Store.open(folder) if folder is not None and is_kept else contextlib.nullcontext() as store:
        rounds = [
            one
            for first in (latent, latent.in_data_space())
            if first is not None
            for one in _rounds(first, store, null_cache)
        ]
    return Estimate(tuple(rounds))


def _rounds(first: Prepared, store: Store | None, null_cache: NullCache | None) -> Iterator[RoundEstimate]:
    """What the rounds in one space will take."""
    coming: Prepared | None = first
    pilot: _Pilot | None = None
    while (one := coming) is not None:
        tasks = {(one.plan.key, cell): Task(one.plan, cell) for cell in one.cells}
        known = Archive(store, tasks, retry_failed=False).known()
        missing = [cell for key, cell in tasks if (key, cell) not in known]
        if missing and pilot is None:
            pilot = _Pilot.of(one.plan)
        largest = max(population.n_reference for population in one.populations)
        yield RoundEstimate(
            int(one.plan.study.pairs),
            len(one.cells),
            len(known),
            pilot.seconds(one.plan, missing) if pilot else 0.0,
            largest * (16 * one.plan.subject().prior.dim + 8 * PROJECTIONS) / 2**20,
        )
        coming = one.following(_left_open(one, known if not missing else None), null_cache)


def _left_open(one: Prepared, known: Mapping[tuple[str, Cell], Any] | None) -> Open:
    """Methods that a round leaves open: all of them, where not all of it is known."""
    if known is None:
        return {population.label: [choice.label for choice in own] for population, own in one.methods.items()}
    outcomes = {cell: outcome for (_, cell), outcome in known.items()}
    return assemble(one.plan, one.methods, one.levels, outcomes, one.known, subjects=one.subjects).unsettled


@dataclass(frozen=True)
class _Pilot:
    """Seconds of one cell of each kind, and of what methods fit, with few pairs."""

    prepared: Prepared
    timed: Mapping[tuple[str, str, str], float]
    states: Mapping[Any, FittedState | Failure]
    few: Mapping[Any, Fit]

    @classmethod
    def of(cls, plan: Plan) -> "_Pilot":
        few = min(PILOT, int(plan.study.pairs))
        study = (plan.whole or plan).study.model_copy(update={"pairs": few, "repeats": 1, "null_draws": 5})
        latent = Prepared.of(study)
        prepared = latent if plan.space == LATENT else latent.in_data_space() or latent
        fits = {(own.choice, own.key): own for cell in prepared.cells for own in fits_of(Task(prepared.plan, cell))}
        # First, so that no cell of the pilot does.
        states = {name: fitted_here(prepared.plan, fit) for name, fit in fits.items()}
        list(Engine().compute([Task(prepared.plan, cell) for cell in prepared.cells if isinstance(cell, ControlCell)]))
        timed = {}
        for done in Engine().compute([Task(prepared.plan, cell) for cell in prepared.cells]):
            timed[_kind(prepared.cells[done.number])] = done.seconds
        return cls(prepared, timed, states, fits)

    def seconds(self, plan: Plan, missing: Sequence[Cell]) -> float:
        """Of the cells that are missing, and of what is fitted for them."""
        few = int(self.prepared.plan.study.pairs)
        fits = {fit for cell in missing for fit in fits_of(Task(plan, cell))}
        fitting = sum(self._fitting(plan, fit) for fit in fits)
        return fitting + sum(self.timed.get(_kind(cell), 0.0) * _growth(cell.population, few) for cell in missing)

    def _fitting(self, plan: Plan, fit: Fit) -> float:
        name = fit.choice, fit.key
        if not isinstance(found := self.states.get(name), FittedState):
            return 0.0
        return found.seconds * _draws(plan, fit) / _draws(self.prepared.plan, self.few[name])


def _draws(plan: Plan, fit: Fit) -> int:
    """How many draws of the prior a method is fitted to, if it says so."""
    return getattr(plan.path(fit.choice, fit.n), "n_fit", 1)


def _growth(population: Population, few: int) -> float:
    return max(1.0, population.n / few)


def _kind(cell: Cell) -> tuple[str, str, str]:
    """Cells of one kind take about the same time."""
    return (
        type(cell).__name__,
        cell.population.label,
        cell.choice.label if isinstance(cell, MethodCell | ProfileCell) else "",
    )
