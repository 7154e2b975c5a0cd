"""The engine: cells are computed in any order, in this process, on others of this machine, or on a cluster."""

__all__ = ["Done", "Engine", "Task", "computed_here", "learned_here", "lessons_of"]

import functools
import multiprocessing
import numbers
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from latentot.errors import InputError, one_line, unknown_name
from latentot.study.cells import Cell, MethodCell, StripsCell
from latentot.study.failure import Failure
from latentot.study.lessons import Learned, Lesson
from latentot.study.plan import Plan
from latentot.study.threads import one_thread

LOCAL = "local"
ADDRESS = r"(tcp|tls|ws|wss|ucx)://\S+:\d+"


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
        computer: what computed it, if not a process of this machine; empty where nobody knows.
    """

    number: int
    outcome: Any
    seconds: float
    computer: str | None = None


@dataclass(frozen=True)
class Engine:
    """Where cells are computed: the numbers are the same.

    Args:
        jobs: processes on this machine, this one among them.
        scheduler: the address of a Dask scheduler whose workers compute instead, such as "tcp://host:8786".
        cluster: "local": the processes are Dask workers, with a scheduler of their own.

    Raises:
        InputError: none of these, or more than one.
    """

    jobs: int = 1
    scheduler: str | None = None
    cluster: str | None = None
    _address: Callable[[], str] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.jobs, bool) or not isinstance(self.jobs, numbers.Integral) or self.jobs < 1:
            raise InputError(f"jobs is a whole number of at least 1, got {self.jobs!r}")
        if self.cluster not in (None, LOCAL):
            raise unknown_name("cluster", self.cluster, [LOCAL])
        if self.scheduler is not None and (self.cluster is not None or self.jobs > 1):
            raise InputError("a scheduler has workers of its own: give it without jobs and without a cluster")
        if self.scheduler is not None and not re.fullmatch(ADDRESS, str(self.scheduler)):
            raise InputError(
                f"a scheduler's address is such as tcp://host:8786 or tls://host:8786, got {self.scheduler!r}"
            )

    @contextmanager
    def lasting(self) -> Iterator["Engine"]:
        """This engine for several runs: a local cluster, started where it is first needed, serves them all.

        Processes without one stay for the next run anyway.
        """
        if self.cluster is None or self._address is not None:
            yield self
            return
        from latentot.study import cluster

        with ExitStack() as stack:
            yield replace(self, _address=functools.cache(lambda: stack.enter_context(cluster.local(self.jobs))))

    def compute(self, tasks: list[Task]) -> Generator[Done]:
        """What becomes of each task, as it becomes known.

        Raises:
            InputError: the cluster cannot be reached, or cannot compute these tasks.
        """
        if not tasks:
            return
        if self.scheduler is not None or self.cluster is not None:
            from latentot.study import cluster

            with self.lasting() as engine:
                yield from cluster.compute(tasks, engine._scheduler)
        elif (jobs := self._processes(len(tasks))) > 1:
            from latentot.study import processes

            yield from processes.compute(tasks, jobs)
        else:
            yield from (computed_here(number, task) for number, task in enumerate(tasks))

    def _processes(self, tasks: int) -> int:
        """How many are of use; a daemonic process, as of a multiprocessing.Pool, may have no children."""
        return 1 if multiprocessing.current_process().daemon else min(self.jobs, tasks)

    def _scheduler(self) -> str:
        """The address of the scheduler, which is started if it is a local one."""
        return str(self.scheduler) if self._address is None else self._address()


def computed_here(number: int, task: Task, lessons: Mapping[Lesson, Learned | Failure] | None = None) -> Done:
    """Compute a cell in this process; one that fails is recorded, so that the rest goes on.

    Args:
        number: of the task.
        task: what to compute.
        lessons: what has been learned for it elsewhere; where one failed, the cell fails for its reason.
    """
    start = time.perf_counter()
    learned: dict[Lesson, Learned] = {}
    for lesson, found in (lessons or {}).items():
        if isinstance(found, Failure):
            return Done(number, found, 0.0)
        learned[lesson] = found
    outcome: Any
    try:
        task.plan.subject()  # a model's library has its own threads, which are found when it is loaded
        with one_thread():
            task.plan.know(learned)
            outcome = task.cell.compute(task.plan)
    except Exception as error:
        outcome = Failure(one_line(error))
    return Done(number, outcome, time.perf_counter() - start)


def lessons_of(task: Task) -> tuple[Lesson, ...]:
    """What is learned before a task, and is the same for others."""
    return task.cell.lessons(task.plan) if isinstance(task.cell, MethodCell | StripsCell) else ()


def learned_here(plan: Plan, lesson: Lesson) -> Learned | Failure:
    """What a lesson teaches, learned in this process, or why it cannot be: cells that need it fail for this reason."""
    try:
        plan.subject()  # as for a cell
        with one_thread():
            return plan.learn(lesson)
    except Exception as error:
        return Failure(one_line(error))
