"""Cells have one thread: the same bits with any number of cores and jobs."""

from typing import Any, NamedTuple

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from latentot.paths.blocks import threads
from latentot.study import Engine, Study
from latentot.study.execution.task import Task
from latentot.study.execution.threads import one_thread
from latentot.study.work.plan import Plan


def pools() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info()}


class Counting(NamedTuple):
    """A cell that finds out how many threads it has."""

    title: str = "threads"

    def compute(self, _plan: Any) -> set[int]:
        return pools() | {threads()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_cell_has_one_thread(study: Study, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("OPENBLAS", "OMP"):  # what other processes start with
        monkeypatch.setenv(f"{library}_NUM_THREADS", "2")
    tasks: Any = [Task(Plan("threads", study), Counting())] * 2
    with threadpool_limits(2):
        assert [done.outcome for done in Engine(jobs).compute(tasks)] == [{1}, {1}]


def test_threads_are_given_back() -> None:
    with threadpool_limits(2):
        with one_thread():
            assert pools() | {threads()} == {1}
        assert pools() == {2}
