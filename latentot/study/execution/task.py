"""Tasks: a cell and the plan that it belongs to, and what becomes of it in the process that computes it."""

__all__ = ["Done", "Task", "computed_here", "fits_of", "fitted_here"]

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from latentot.errors import one_line
from latentot.study.execution.threads import one_thread
from latentot.study.work.cells import Cell, MethodCell, ProfileCell, StripsCell
from latentot.study.work.failure import Failure
from latentot.study.work.fitted import Fit, FittedState
from latentot.study.work.plan import Plan
from latentot.study.work.walks import WalksCell


class Task(NamedTuple):
    """A cell and the plan that it belongs to: all that a worker needs beside the installed packages."""

    plan: Plan
    cell: Cell


class Done(NamedTuple):
    """What became of a task, and the seconds that it took.

    Args:
        number: of the task.
        outcome: what its cell gives, or its failure.
        seconds: that it took.
        host: what computed it, if not a process of this machine; empty where nobody knows.
    """

    number: int
    outcome: Any
    seconds: float
    host: str | None = None


def computed_here(number: int, task: Task, states: Mapping[Fit, FittedState | Failure] | None = None) -> Done:
    """Compute a cell in this process; one that fails is recorded, so that the rest goes on.

    Args:
        number: of the task.
        task: what to compute.
        states: what has been fitted for it elsewhere; where one failed, the cell fails for its reason.
    """
    start = time.perf_counter()
    fitted: dict[Fit, FittedState] = {}
    for fit, found in (states or {}).items():
        if isinstance(found, Failure):
            return Done(number, found, 0.0)
        fitted[fit] = found
    outcome: Any
    try:
        task.plan.subject()  # a model's library has its own threads, which are found when it is loaded
        with one_thread():
            task.plan.set_fitted(fitted)
            outcome = task.cell.compute(task.plan)
    except Exception as error:
        outcome = Failure(one_line(error))
    return Done(number, outcome, time.perf_counter() - start)


def fits_of(task: Task) -> tuple[Fit, ...]:
    """What is fitted before a task, and is the same for others."""
    kinds = MethodCell | ProfileCell | StripsCell | WalksCell
    return task.cell.fits(task.plan) if isinstance(task.cell, kinds) else ()


def fitted_here(plan: Plan, fit: Fit) -> FittedState | Failure:
    """The state of a fit, found in this process, or why there is none: cells that need it fail for this reason."""
    try:
        plan.subject()  # as for a cell
        with one_thread():
            return plan.fit(fit)
    except Exception as error:
        return Failure(one_line(error))
