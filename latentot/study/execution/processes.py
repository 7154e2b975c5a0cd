"""Processes of this machine: a pool of workers, with what their cells share mapped into the memory of all."""

__all__ = ["compute", "pool"]

import functools
import itertools
import tempfile
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

from loky import ProcessPoolExecutor
from loky.process_executor import BrokenProcessPool

from latentot.errors import InputError, one_line
from latentot.study.execution.mapped import Mapped
from latentot.study.execution.task import Done, Task, computed_here, learned_here, lessons_of
from latentot.study.execution.threads import one_thread
from latentot.study.execution.worker import ignore_interrupts
from latentot.study.work.failure import Failure
from latentot.study.work.fitted import Learned, Lesson
from latentot.study.work.plan import Plan

IDLE = 300
"""Seconds after which a worker without work ends, to be started anew where there is work again."""
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
"""What libraries of other processes read as they are loaded."""


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Worker processes, which end with the context, whatever they are at."""
    executor = ProcessPoolExecutor(workers, timeout=IDLE, env=ONE_THREAD, initializer=ignore_interrupts)
    try:
        executor.submit(_nothing)
        yield executor
    finally:
        executor.shutdown(kill_workers=True)


def compute(tasks: list[Task], executor: ProcessPoolExecutor, threads: int) -> Generator[Done]:
    """What becomes of each task, as it becomes known.

    What methods learn is learned once, by one worker, beside cells that need none of it.

    Args:
        tasks: cells and their plans.
        executor: the workers.
        threads: how many prepare in this process what cells share.

    Raises:
        InputError: a worker was killed, or a plan cannot be sent to them.
    """
    for plan, group in itertools.groupby(enumerate(tasks), lambda numbered: numbered[1].plan):
        with tempfile.TemporaryDirectory(prefix="latentot-", ignore_cleanup_errors=True) as folder:
            try:
                yield from _of_one_plan(plan, dict(group), executor, threads, folder)
            except BrokenProcessPool as error:
                raise InputError(
                    f"a process that computed cells was killed, for lack of memory maybe ({one_line(error)}): "
                    "run the same again with fewer jobs; cells that were kept are not computed again"
                ) from error


def _of_one_plan(
    plan: Plan, tasks: dict[int, Task], executor: ProcessPoolExecutor, threads: int, folder: str
) -> Generator[Done]:
    needed = {number: lessons_of(task) for number, task in tasks.items()}
    shared = _mapped(_prepared(plan, threads), folder)
    known: dict[Lesson, Learned | Failure] = {}
    back, away = SimpleQueue[Future[Any]](), 0

    @functools.cache
    def taught(lessons: tuple[Lesson, ...]) -> Any:
        return _mapped({lesson: known[lesson] for lesson in lessons}, folder) if lessons else {}

    def send(function: Callable[..., Any], *arguments: Any) -> None:
        nonlocal away
        executor.submit(function, *arguments).add_done_callback(back.put)
        away += 1

    for lesson in dict.fromkeys(itertools.chain.from_iterable(needed.values())):
        send(_learned, shared, lesson)
    ready = [number for number, lessons in needed.items() if not lessons]
    while True:
        for number in ready:
            send(_computed, number, shared, tasks[number].cell, taught(needed[number]))
        if not away:
            return
        found, away = back.get().result(), away - 1
        if isinstance(found, Done):
            ready = []
            yield found
        else:
            lesson, what = found
            known[lesson] = what
            ready = [n for n, lessons in needed.items() if lesson in lessons and known.keys() >= set(lessons)]


def _prepared(plan: Plan, threads: int) -> Plan:
    try:
        with one_thread():
            return plan.sharing(threads)
    except Exception:  # each cell that needs what cannot be prepared fails with the reason
        return plan


def _mapped(shared: Any, folder: str) -> Any:
    try:
        return Mapped.of(shared, folder)
    except OSError:  # no room: each process is sent its own
        return shared
    except Exception as error:
        raise InputError(f"other processes cannot be sent this subject ({one_line(error)}): use one job") from error


def _computed(number: int, plan: Plan, cell: Any, lessons: dict[Lesson, Learned | Failure]) -> Done:
    return computed_here(number, Task(plan, cell), lessons)


def _learned(plan: Plan, lesson: Lesson) -> tuple[Lesson, Learned | Failure]:
    return lesson, learned_here(plan, lesson)


def _nothing() -> None:
    """Submitted first: workers start, and load this package, while this process prepares what they share."""
