"""Processes of this machine: a pool of workers, with what their cells share mapped into the memory of all."""

__all__ = ["Workers", "are_there", "compute", "pool"]

import functools
import itertools
import tempfile
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any, NamedTuple

import cloudpickle
from loky import ProcessPoolExecutor
from loky.process_executor import BrokenProcessPool

from latentot.errors import InputError, one_line
from latentot.study.execution.mapped import Mapped
from latentot.study.execution.task import Done, Task, computed_here, fits_of, fitted_here
from latentot.study.execution.threads import one_thread
from latentot.study.execution.worker import ignore_interrupts
from latentot.study.work.failure import Failure
from latentot.study.work.fitted import Fit, FittedState
from latentot.study.work.plan import Plan

IDLE = 300
"""Seconds after which a worker without work ends, to be started anew where there is work again."""
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
"""What libraries of other processes read as they are loaded."""
NO_RESTARTS = {"LOKY_MAX_MEMORY_LEAK_SIZE": "1e18"}
"""Loky takes a worker whose memory grows by 300 MB for one that leaks, and starts it anew after each cell: what cells
share is mapped, counts as memory of each, and is more than that from 10,000 pairs of 64 numbers on."""


class Workers(NamedTuple):
    """Worker processes, and what is done once the first of them has loaded this package."""

    executor: ProcessPoolExecutor
    first: Future[None]


@contextmanager
def pool(workers: int) -> Iterator[Workers]:
    """Worker processes, which begin to start and end with the context, whatever they are at."""
    executor = ProcessPoolExecutor(workers, timeout=IDLE, env=ONE_THREAD | NO_RESTARTS, initializer=ignore_interrupts)
    try:
        yield Workers(executor, executor.submit(_nothing))
    finally:
        executor.shutdown(kill_workers=True)


def are_there(workers: Workers) -> bool:
    """Whether they have started, or have failed to."""
    return workers.first.done()


def compute(tasks: list[Task], workers: Workers, threads: int) -> Generator[Done]:
    """What becomes of each task, as it becomes known.

    What methods fit is fitted once, by one worker, beside cells that need none of it.

    Args:
        tasks: cells and their plans.
        workers: the processes.
        threads: how many prepare in this process what cells share.

    Raises:
        InputError: a worker was killed, or a plan cannot be sent to them.
    """
    for plan, group in itertools.groupby(enumerate(tasks), lambda numbered: numbered[1].plan):
        with tempfile.TemporaryDirectory(prefix="latentot-", ignore_cleanup_errors=True) as folder:
            try:
                yield from _of_one_plan(plan, dict(group), workers.executor, threads, folder)
            except BrokenProcessPool as error:
                raise InputError(
                    f"a process that computed cells was killed, for lack of memory maybe ({one_line(error)}): "
                    "run the same again with fewer jobs; cells that were kept are not computed again"
                ) from error


def _of_one_plan(
    plan: Plan, tasks: dict[int, Task], executor: ProcessPoolExecutor, threads: int, folder: str
) -> Generator[Done]:
    needed = {number: fits_of(task) for number, task in tasks.items()}
    shared = _mapped(_prepared(plan, threads), folder)
    states: dict[Fit, FittedState | Failure] = dict(plan.fitted)
    back, away = SimpleQueue[Future[Any]](), 0

    @functools.cache
    def fitted(fits: tuple[Fit, ...]) -> Any:
        return _mapped({fit: states[fit] for fit in fits}, folder) if fits else {}

    def send(function: Callable[..., Any], *arguments: Any) -> None:
        nonlocal away
        executor.submit(function, *arguments).add_done_callback(back.put)
        away += 1

    for fit in dict.fromkeys(itertools.chain.from_iterable(needed.values())):
        if fit not in states:
            send(_fitted_pair, shared, fit)
    ready = [number for number, fits in needed.items() if states.keys() >= set(fits)]
    while True:
        for number in ready:
            send(_computed, number, shared, tasks[number].cell, fitted(needed[number]))
        if not away:
            return
        found, away = back.get().result(), away - 1
        if isinstance(found, Done):
            ready = []
            yield found
        else:
            fit, state = found
            states[fit] = state
            if isinstance(state, FittedState):
                plan.fitted[fit] = state  # for the other space
            ready = [n for n, fits in needed.items() if fit in fits and states.keys() >= set(fits)]


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
        what = _unsendable(shared) if isinstance(shared, Plan) else "what a method has fitted"
        raise InputError(f"{what} cannot be sent to other processes ({one_line(error)}): use one job") from error


def _unsendable(plan: Plan) -> str:
    """What of a plan cannot be pickled: a method, else its subject."""
    for name, method in plan.methods.items():
        try:
            cloudpickle.dumps(method)
        except Exception:  # what cannot be pickled raises errors of many kinds
            return f"the method {name!r}"
    return plan.subject().name


def _computed(number: int, plan: Plan, cell: Any, states: dict[Fit, FittedState | Failure]) -> Done:
    return computed_here(number, Task(plan, cell), states)


def _fitted_pair(plan: Plan, fit: Fit) -> tuple[Fit, FittedState | Failure]:
    return fit, fitted_here(plan, fit)


def _nothing() -> None:
    """Submitted first: workers start, and load this package, while this process computes."""
