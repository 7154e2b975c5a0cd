"""Processes of this machine: cells are computed by some that are started once and know what cells share."""

__all__ = ["compute"]

import math
import tempfile
import warnings
from collections.abc import Generator, Iterator
from typing import Any

from joblib import Parallel, delayed

from latentot.study.engine import Done, Task, computed_here
from latentot.study.mapped import Mapped
from latentot.study.plan import Plan
from latentot.study.threads import one_thread


def compute(tasks: list[Task], jobs: int) -> Generator[Done]:
    """What becomes of each task, as it becomes known.

    Args:
        tasks: cells and their plans.
        jobs: processes.
    """
    with tempfile.TemporaryDirectory(prefix="latentot-", ignore_cleanup_errors=True) as folder:
        # Arguments are small: what is large is mapped, by us, since joblib writes it anew for every run.
        settings = {"return_as": "generator_unordered", "max_nbytes": None, "initializer": _may_grow}
        computed = Parallel(n_jobs=jobs, **settings)(_calls(tasks, jobs, folder))
        try:
            yield from filter(None, computed)
        finally:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # says, where a run is interrupted, what nobody waits for
                computed.close()


def _calls(tasks: list[Task], jobs: int, folder: str) -> Iterator[Any]:
    """The calls; the first ones only load this package, while this process prepares what cells share."""
    yield from [delayed(_nothing)()] * jobs
    shared: dict[Plan, Any] = {}
    for number, (plan, cell) in enumerate(tasks):
        if plan not in shared:
            shared[plan] = _shared(plan, jobs, folder)
        yield delayed(computed_here)(number, Task(shared[plan], cell))


def _shared(plan: Plan, threads: int, folder: str) -> Any:
    """What other processes unpickle as the plan, with what its cells share."""
    try:
        with one_thread():
            return Mapped.of(plan.sharing(threads), folder)
    except Exception:  # each cell that needs what cannot be prepared fails with the reason, as it does in one process
        return plan


def _nothing() -> None:
    """Where this is called, the package has been loaded."""


def _may_grow() -> None:
    """Keep loky from replacing processes that have grown by 300 MB, as those do that load a model or numba."""
    from joblib.externals.loky import process_executor

    process_executor._MEMORY_LEAK_CHECK_DELAY = math.inf
