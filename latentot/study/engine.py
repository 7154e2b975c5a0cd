"""The engine: cells are computed in any order, in this process, on others of this machine, or on a cluster."""

__all__ = ["Engine", "Task"]

import contextlib
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple

from latentot.errors import InputError, one_line
from latentot.study.cells import Cell
from latentot.study.failure import Failure
from latentot.study.plan import Plan


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
        scheduler: the address of a Dask scheduler, such as tcp://host:8786, or "local" for a Dask cluster of `jobs`
            processes on this machine; None for none.
    """

    jobs: int = 1
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise InputError(f"jobs is at least 1, got {self.jobs}")

    def compute(self, tasks: list[Task]) -> Iterator[Done]:
        """What becomes of each task, as it becomes known.

        Where a worker of a cluster is lost, what it was at is computed by another. BLAS has as many threads in each
        process as cores are left to it.
        """
        if self.scheduler is None and self.jobs == 1:
            for number, task in enumerate(tasks):
                yield _compute(number, task)
            return
        from joblib import Parallel, delayed

        with self._workers():
            calls = (delayed(_compute)(number, task) for number, task in enumerate(tasks))
            yield from Parallel(n_jobs=self.jobs if self.scheduler is None else -1, return_as="generator_unordered")(
                calls
            )

    def _workers(self) -> AbstractContextManager[Any]:
        if self.scheduler is None:
            return contextlib.nullcontext()
        return _cluster(self.scheduler, self.jobs)


@contextlib.contextmanager
def _cluster(scheduler: str, jobs: int) -> Iterator[None]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise InputError("a cluster needs Dask: pip install 'latentot[cluster]'") from error
    from joblib import parallel_config

    with contextlib.ExitStack() as stack:
        try:
            if scheduler == "local":
                cluster = LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None)
                address: Any = stack.enter_context(cluster)
            else:
                address = scheduler
            client = stack.enter_context(Client(address, timeout=10, set_as_default=False))
        except (OSError, ValueError) as error:
            raise InputError(f"no Dask scheduler answers at {scheduler}: {one_line(error)}") from error
        stack.enter_context(parallel_config(backend="dask", client=client))
        yield


def _compute(number: int, task: Task) -> Done:
    """A cell that fails is recorded, and the rest goes on."""
    start = time.perf_counter()
    outcome: Any
    try:
        outcome = task.cell.compute(task.plan)
    except Exception as error:
        outcome = Failure(one_line(error))
    return Done(number, outcome, time.perf_counter() - start)
