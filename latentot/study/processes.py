"""Processes of this machine: cells are computed by some that are started once and know what cells share."""

__all__ = ["compute"]

import functools
import itertools
import math
import tempfile
import warnings
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from joblib import Parallel, delayed
from joblib.externals.loky import process_executor
from joblib.externals.loky.backend import resource_tracker

from latentot.study.engine import Done, Task, computed_here, learned_here, lessons_of
from latentot.study.failure import Failure
from latentot.study.lessons import Learned, Lesson
from latentot.study.mapped import Mapped
from latentot.study.plan import Plan
from latentot.study.threads import one_thread


def compute(tasks: list[Task], jobs: int) -> Generator[Done]:
    """What becomes of each task, as it becomes known.

    Lessons that cells need are learned first, each by one process, beside cells that need none.

    Args:
        tasks: cells and their plans.
        jobs: processes.
    """
    with _temporary_folder() as folder:
        shared = functools.cache(functools.partial(_shared, threads=jobs, folder=folder))
        needed = [lessons_of(task) for task in tasks]
        lessons = list(dict.fromkeys((task.plan, one) for task, own in zip(tasks, needed, strict=True) for one in own))
        learned: dict[tuple[Plan, Lesson], Learned | Failure] = {}

        # The first calls only load this package, while this process prepares what cells share.
        loading = [delayed(_nothing)()] * jobs
        teaching = (delayed(_taught)(i, shared(plan), lesson) for i, (plan, lesson) in enumerate(lessons))
        free = (
            delayed(computed_here)(number, Task(shared(plan), cell))
            for number, (plan, cell) in enumerate(tasks)
            if not needed[number]
        )
        for found in _results(itertools.chain(loading, teaching, free), jobs):
            if isinstance(found, Done):
                yield found
            elif found is not None:
                number, what = found
                learned[lessons[number]] = what

        @functools.cache
        def known(plan: Plan, own: tuple[Lesson, ...]) -> Any:
            return _mapped({one: learned[plan, one] for one in own}, folder)

        informed = (
            delayed(computed_here)(number, Task(shared(plan), cell), known(plan, needed[number]))
            for number, (plan, cell) in enumerate(tasks)
            if needed[number]
        )
        yield from _results(informed, jobs)


@contextmanager
def _temporary_folder() -> Iterator[str]:
    """A folder that is deleted even if this process is killed: by loky's tracker, once its processes have ended."""
    with tempfile.TemporaryDirectory(prefix="latentot-", ignore_cleanup_errors=True) as folder:
        resource_tracker.register(folder, "folder")
        try:
            yield folder
        finally:
            resource_tracker.unregister(folder, "folder")


def _results(calls: Iterable[Any], jobs: int) -> Generator[Any]:
    # Arguments are small: what is large is mapped, by us, since joblib writes it anew for every run.
    settings = {"return_as": "generator_unordered", "max_nbytes": None, "initializer": _may_grow}
    results = Parallel(n_jobs=jobs, **settings)(calls)
    try:
        for result in results:  # noqa: UP028 - `yield from` closes them first, and joblib warns before `finally`
            yield result
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # says, where a run is interrupted, what nobody waits for
            results.close()


def _shared(plan: Plan, threads: int, folder: str) -> Any:
    """What other processes unpickle as the plan, with what its cells share."""
    try:
        with one_thread():
            return _mapped(plan.sharing(threads), folder)
    except Exception:  # each cell that needs what cannot be prepared fails with the reason, as it does in one process
        return plan


def _mapped(shared: Any, folder: str) -> Any:
    try:
        return Mapped.of(shared, folder)
    except OSError:  # no room: each process is sent its own
        return shared


def _taught(number: int, plan: Plan, lesson: Lesson) -> tuple[int, Learned | Failure]:
    return number, learned_here(plan, lesson)


def _nothing() -> None:
    """Where this is called, the package has been loaded."""


def _may_grow() -> None:
    """Keep loky from replacing processes that have grown by 300 MB, as those do that load a model or numba."""
    process_executor._MEMORY_LEAK_CHECK_DELAY = math.inf
