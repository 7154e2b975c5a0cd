"""Threads of a cell: one, since the last bits of a sum depend on how many share it."""

__all__ = ["libraries", "one_thread"]

import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from latentot.paths.blocks import in_one_thread


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra, OpenMP and paths have one thread in this process until the context ends.

    The same cell then gives the same bits whatever the number of jobs and the cores of the machine, and jobs do not
    crowd each other out.
    """
    with in_one_thread(), _pools(len(sys.modules)).limit(limits=1):
        yield


def libraries() -> list[dict[str, Any]]:
    """What threadpoolctl says of the libraries of this process that have threads: each with how many it has now."""
    found: list[dict[str, Any]] = _pools(len(sys.modules)).info()
    return found


@functools.lru_cache(maxsize=1)
def _pools(_modules: int) -> Any:
    """Thread pools of this process; looking for them takes milliseconds, and is done when more modules are loaded."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
