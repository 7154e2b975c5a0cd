"""A worker of a cluster: computes cells for a process elsewhere, if it has the same software."""

__all__ = ["computed", "fitted", "ignore_interrupts"]

import functools
import os
import pickle
import platform
import signal
import threading
from collections.abc import Mapping, Sequence

from latentot.errors import InputError
from latentot.study.execution.hosts import host_facts
from latentot.study.execution.software import software
from latentot.study.execution.task import Done, Task, computed_here, fitted_here
from latentot.study.work.cells import Cell
from latentot.study.work.fitted import Fit
from latentot.study.work.plan import Plan

ONE_AT_A_TIME = threading.Lock()
"""Cells of one process share generators and limits of threads."""


def computed(number: int, cell: Cell, plan: bytes, needed: Mapping[str, str], fits: Sequence[bytes] = ()) -> Done:
    """Compute a cell.

    Args:
        number: of its task.
        cell: what to compute.
        plan: the plan that it belongs to, pickled.
        needed: the software of the process that asks.
        fits: what `fitted` has given for each fit that the cell needs.

    Raises:
        InputError: the software here is another.
    """
    with ONE_AT_A_TIME:
        known = _checked(plan, needed)
        states = dict(pickle.loads(fit) for fit in fits)  # noqa: S301 - from another worker
        return computed_here(number, Task(known, cell), states)._replace(host=_this_worker())


def fitted(fit: Fit, plan: bytes, needed: Mapping[str, str]) -> bytes:
    """Fit what several cells need.

    Returns:
        The fit and its state, or why there is none, pickled.

    Raises:
        InputError: the software here is another.
    """
    with ONE_AT_A_TIME:
        known = _checked(plan, needed)
        return pickle.dumps((fit, fitted_here(known, fit)))


@functools.cache
def _this_worker() -> str:
    return host_facts(host=platform.node(), process=os.getpid())


def ignore_interrupts() -> None:
    """Leave Ctrl-C, which a terminal sends to all that it started, to the process that ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _checked(plan: bytes, needed: Mapping[str, str]) -> Plan:
    known = _read(plan)
    _check(known, tuple(needed.items()))
    return known


@functools.lru_cache(maxsize=2)
def _read(plan: bytes) -> Plan:
    return pickle.loads(plan)  # noqa: S301 - from whoever sends the cell itself


@functools.lru_cache(maxsize=2)
def _check(plan: Plan, needed: tuple[tuple[str, str], ...]) -> None:
    here = software(plan)
    for name, wanted in needed:
        if here.get(name) != wanted:
            raise InputError(
                f"a worker on {platform.node()} has {name} {here.get(name) or 'not at all'}, where the study was "
                f"started it is {wanted}: install the same there"
            )
