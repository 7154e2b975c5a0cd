"""The engine: cells are computed in any order, in this process or on others of this machine."""

__all__ = ["Engine", "Task"]

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from latentot.errors import InputError, one_line
from latentot.study.cells import Cell
from latentot.study.failure import Failure
from latentot.study.plan import Plan
from latentot.study.threads import one_thread


class Task(NamedTuple):
    """A cell and the plan that it belongs to: all that a worker needs beside the installed packages."""

    plan: Plan
    cell: Cell


class Done(NamedTuple):
    """What became of a task, and the seconds that it took."""

    number: int
    outcome: Any
    seconds: float


@dataclass(frozen=True)
class Engine:
    """Where cells are computed.

    Args:
        jobs: processes on this machine.
    """

    jobs: int = 1

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise InputError(f"jobs is at least 1, got {self.jobs}")

    def compute(self, tasks: list[Task]) -> Iterator[Done]:
        """What becomes of each task, as it becomes known."""
        if self.jobs == 1:
            for number, task in enumerate(tasks):
                yield _compute(number, task)
            return
        from joblib import Parallel, delayed

        calls = (delayed(_compute)(number, task) for number, task in enumerate(tasks))
        yield from Parallel(n_jobs=self.jobs, return_as="generator_unordered")(calls)


def _compute(number: int, task: Task) -> Done:
    """A cell that fails is recorded, and the rest goes on."""
    start = time.perf_counter()
    outcome: Any
    try:
        task.plan.subject()  # a model's library has its own threads, which are found when it is loaded
        with one_thread():
            outcome = task.cell.compute(task.plan)
    except Exception as error:
        outcome = Failure(one_line(error))
    return Done(number, outcome, time.perf_counter() - start)
