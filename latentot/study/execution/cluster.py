"""A cluster: cells are computed by the workers of a Dask scheduler, on this machine or on others.

Tasks are submitted one a cell, not through joblib's Dask backend: that hands large arguments out once, so that the
run ends when the workers that hold them are lost, and packs short cells into batches, which are kept only as a whole.
Here the plan, sent once, is the result of a task too, which the scheduler has computed again wherever it is lost.
"""

__all__ = ["compute", "local"]

import importlib.metadata
import itertools
import logging
import pickle
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from latentot.errors import InputError, WaitingWarning, one_line
from latentot.study.execution.software import software
from latentot.study.execution.task import Done, Task, fits_of
from latentot.study.execution.worker import computed, fitted, ignore_interrupts
from latentot.study.work.failure import Failure
from latentot.study.work.fitted import Fit
from latentot.study.work.plan import Plan

ANSWER = 10
"""Seconds that a scheduler has to answer."""


def compute(tasks: list[Task], scheduler: Callable[[], str]) -> Iterator[Done]:
    """What becomes of each task, as it becomes known.

    A cell whose worker is lost is computed by another; one that several workers have died of has failed.

    Args:
        tasks: cells and their plans, which are plain data or can be pickled without a script's own definitions.
        scheduler: gives the address of a Dask scheduler; asked once it is known that the plans can travel.

    Warns:
        WaitingWarning: the scheduler has no workers yet.

    Raises:
        InputError: there is no `distributed`, nobody answers, the workers differ in what numbers depend on, a plan
            cannot travel, or the scheduler is lost.
    """
    plans = {task.plan.key: task.plan for task in tasks}
    travelling = {key: _pickled(plan) for key, plan in plans.items()}
    address = scheduler()
    with _client(address) as client:
        from distributed import as_completed

        if not client.nthreads():
            start = f"start one with `dask worker {address} --nthreads 1`"
            warnings.warn(
                f"the scheduler at {address} has no workers, cells wait for the first: {start}",
                WaitingWarning,
                stacklevel=2,
            )
        numbers: dict[Any, int] = {}
        futures_of: dict[tuple[Any, Fit], Any] = {}  # both spaces of a round have what is fitted for it
        for key, plan in plans.items():
            needed, whole = software(plan), pickle.PickleBuffer(travelling[key])
            sent = client.submit(bytes, travelling[key])
            groups = defaultdict(list)
            for number, task in enumerate(tasks):
                if task.plan.key == key:
                    groups[fits_of(task)].append(number)
            of_round = (plan.whole or plan).key, plan.round
            fits = [fit for fit in dict.fromkeys(itertools.chain(*groups)) if (of_round, fit) not in futures_of]
            calls = [_pickled_call(fitted, fit, whole, needed) for fit in fits]
            states = client.map(pickle.loads, calls, buffers=[sent], key="fit", pure=False)
            futures_of |= {(of_round, fit): state for fit, state in zip(fits, states, strict=True)}
            for own, members in groups.items():
                # The state of a fit is another buffer, for which an empty one stands here.
                stand_ins = tuple(pickle.PickleBuffer(b"") for _ in own)
                calls = [_pickled_call(computed, n, tasks[n].cell, whole, needed, stand_ins) for n in members]
                buffers = [sent, *(futures_of[of_round, fit] for fit in own)]
                futures = client.map(pickle.loads, calls, buffers=buffers, key="cell", pure=False)
                numbers |= dict(zip(futures, members, strict=True))
        del futures_of  # a state is kept as long as cells need it
        done = as_completed(list(numbers), loop=client.loop, with_results=True, raise_errors=False)
        for future, result in done:
            yield result if future.status == "finished" else _failed(numbers[future], future.status, result, address)
            del numbers[future]  # the scheduler forgets what nobody holds


@dataclass(frozen=True)
class _Call:
    """A call that is made by reading its pickle.

    A worker that has no latentot would not survive to be sent a task that names it; reading bytes only fails.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        return self.function, self.arguments


def _pickled_call(function: Callable[..., Any], *arguments: Any) -> bytes:
    return pickle.dumps(_Call(function, arguments), protocol=5, buffer_callback=lambda _: None)


def _failed(number: int, status: str, error: Any, address: str) -> Done:
    """A cell that workers die of has failed; whatever else keeps a worker from computing would so for every cell."""
    from distributed import KilledWorker

    if status == "cancelled":
        raise InputError(f"the Dask scheduler at {address} is lost: start it, and run the same command again")
    error = error[1] if isinstance(error, tuple) else error
    if isinstance(error, KilledWorker):
        died = f"{error.allowed_failures + 1} workers died while they computed it: they may have too little memory"
        return Done(number, Failure(died), 0.0, "")  # the seconds are lost with the workers
    if isinstance(error, InputError):
        raise error
    raise InputError(f"a worker of {address} cannot compute cells, {one_line(error)}: install the same packages there")


def _pickled(plan: Plan) -> bytes:
    """A plan as bytes; what only this process knows is refused."""
    advice = "define it in a module that workers can import, install it as a plugin, or compute here, with jobs=2"
    for kind, own in (
        ("method", plan.methods),
        ("metric", plan.own_metrics),
        ("judge or features", plan.own_judges),
    ):
        for name, given in own.items():
            _sendable(given, f"the {kind} {name!r}", advice)
    name = plan.subject().name
    advice = "compare it by name: a prior in a study file, a model announced by an installed package"
    return _sendable(plan.seeing(), name, advice)


def _sendable(given: Any, what: str, advice: str) -> bytes:
    """Something as bytes that a worker can read.

    Raises:
        InputError: it cannot be pickled, or a part of it is defined in a script, which workers do not have.
    """
    try:
        pickled = pickle.dumps(given)
    except Exception as error:  # what cannot be pickled raises errors of many kinds
        raise InputError(f"{what} cannot be sent to workers ({one_line(error)}): {advice}") from error
    if b"__main__" in pickled:
        raise InputError(f"{what} cannot be sent to workers (a part of it is defined in a script): {advice}")
    return pickled


@contextmanager
def local(workers: int) -> Iterator[str]:
    """The address of a scheduler on this machine, with workers, until the context ends.

    Args:
        workers: processes.

    Raises:
        InputError: there is no `distributed`.
    """
    settings = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": logging.CRITICAL}
    with _distributed().LocalCluster(n_workers=workers, **settings) as cluster:
        with _client(cluster.scheduler_address) as client:
            client.run(ignore_interrupts)
        yield cluster.scheduler_address


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise InputError("a cluster needs Dask's distributed: pip install 'latentot[cluster]'") from error
    return distributed


@contextmanager
def _client(address: str) -> Iterator[Any]:
    distributed = _distributed()
    from distributed.versions import VersionMismatchWarning

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VersionMismatchWarning)  # many lines; what matters is looked at here
            client = distributed.Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"no Dask scheduler answers at {address} ({one_line(error)}): start one there") from error
    with client:
        here, there = distributed.__version__, client.run_on_scheduler(importlib.metadata.version, "distributed")
        if here != there:
            raise InputError(
                f"the scheduler at {address} has distributed {there}, here it is {here}: install the same version"
            )
        yield client
