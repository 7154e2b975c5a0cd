"""The engine: cells are computed in any order, in this process, on others of this machine, or on a cluster."""

__all__ = ["Engine"]

import functools
import multiprocessing
import numbers
import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from latentot.errors import InputError, unknown_name
from latentot.study.execution.task import Done, Task, computed_here

LOCAL = "local"
ALONE = 6.0
"""Seconds after which this process starts others: by then the default comparison of a prior is done. They take two or
three to load what they need, and it computes on until they are there."""
ADDRESS = r"(tcp|tls|ws|wss|ucx)://\S+:\d+"


@dataclass(frozen=True)
class Engine:
    """Where cells are computed: the numbers are the same.

    Args:
        jobs: processes on this machine that compute; with one, this process does.
        scheduler: the address of a Dask scheduler whose workers compute instead, such as "tcp://host:8786".
        cluster: "local": the processes are Dask workers, with a scheduler of their own.

    Raises:
        InputError: none of these, or more than one.
    """

    jobs: int = 1
    scheduler: str | None = None
    cluster: str | None = None
    _workers: Callable[[], Any] | None = field(default=None, repr=False, compare=False)
    _alone_until: float = field(default=0.0, repr=False, compare=False)

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
        """This engine for several runs: processes or a local cluster, started where first needed, serve them all."""
        if self._workers is not None or self.scheduler is not None or self._is_alone:
            yield self
            return
        with ExitStack() as stack:
            workers = functools.cache(lambda: stack.enter_context(self._started()))
            yield replace(self, _workers=workers, _alone_until=time.monotonic() + ALONE)

    def compute(self, tasks: list[Task]) -> Generator[Done]:
        """What becomes of each task, as it becomes known.

        Raises:
            InputError: the cluster cannot be reached, or cannot compute these tasks; a process was killed.
        """
        if not tasks:
            return
        with self.lasting() as engine:
            if self.scheduler is not None or self.cluster is not None:
                from latentot.study.execution import cluster

                yield from cluster.compute(tasks, engine._scheduler)
            else:
                yield from engine._compute_here(tasks)

    def _compute_here(self, tasks: list[Task]) -> Generator[Done]:
        """On this machine: by this process, until there are others and more than one cell is left."""
        for number, task in enumerate(tasks):
            several = len(tasks) - number > 1
            if self._workers is not None and several and time.monotonic() >= self._alone_until:
                from latentot.study.execution import processes

                workers = self._workers()
                if processes.are_there(workers):
                    for done in processes.compute(tasks[number:], workers, self.jobs):
                        yield done._replace(number=number + done.number)
                    return
            yield computed_here(number, task)

    @property
    def _is_alone(self) -> bool:
        """Whether this process does all; a daemonic one, as of a multiprocessing.Pool, may have no children."""
        return self.cluster is None and (self.jobs == 1 or multiprocessing.current_process().daemon)

    def _started(self) -> AbstractContextManager[Any]:
        if self.cluster is not None:
            from latentot.study.execution import cluster

            return cluster.local(self.jobs)
        from latentot.study.execution import processes

        return processes.pool(self.jobs)

    def _scheduler(self) -> str:
        """The address of the scheduler, which is started if it is a local one."""
        return str(self.scheduler) if self._workers is None else str(self._workers())
