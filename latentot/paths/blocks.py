"""Batches are computed in blocks of rows, in turn or shared out to threads."""

__all__ = ["BLOCK", "each_block", "in_one_thread", "threads"]

import functools
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

BLOCK = 1 << 17
"""Numbers computed at once: a block and its intermediates stay in cache, and memory does not grow with the batch."""

_alone = ContextVar("_alone", default=False)


@contextmanager
def in_one_thread() -> Iterator[None]:
    """Batches use one thread until the context ends: for code that already uses all threads itself.

    >>> with in_one_thread():
    ...     threads()
    1
    """
    before = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(before)


def threads() -> int:
    """How many threads a batch may use: OMP_NUM_THREADS, or as many as this process has cores."""
    if _alone.get():
        return 1
    given = os.environ.get("OMP_NUM_THREADS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@functools.cache
def _keep_pages() -> None:
    """Have malloc keep the memory of intermediate arrays: it does once an array of this size was freed.

    Until then glibc returns it to the system, which zeroes it anew each time; that takes longer than most steps that
    fill it. The array itself is never written to.
    """
    np.empty(4 * BLOCK)


def each_block(compute: Callable[[slice], None], n: int, d: int, *, block: int = BLOCK, workers: int = 1) -> None:
    """Call a function once on every block of rows.

    Threads end with the call, so that the process may be forked between calls.

    Args:
        compute: takes a slice of rows; if several raise, the error of the first block is raised.
        n: number of rows.
        d: numbers a row.
        block: numbers in a block, approximately.
        workers: threads to share the blocks out to, where there are enough of them.

    >>> rows = []
    >>> each_block(rows.append, 5, 2, block=4)
    >>> rows
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    size = max(1, block // d)
    blocks = [slice(start, min(start + size, n)) for start in range(0, n, size)]
    if len(blocks) > 1:
        _keep_pages()
    workers = min(workers, len(blocks) // 2)
    if workers <= 1:
        for rows in blocks:
            compute(rows)
        return
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(compute, blocks):
            pass
