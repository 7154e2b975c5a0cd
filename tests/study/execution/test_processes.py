"""Processes of this machine: whatever happens to them, a run says what became of each cell, once."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, NamedTuple

import pytest
from joblib import Parallel, delayed

from latentot.errors import InputError
from latentot.study import Engine, Study
from latentot.study.execution.processes import are_there, pool
from latentot.study.execution.task import Task
from latentot.study.work.plan import Plan


class Numbered(NamedTuple):
    """A cell that tells which process computed it."""

    seconds: float = 0
    title: str = "numbered"

    def compute(self, _plan: Any) -> int:
        time.sleep(self.seconds)
        return os.getpid()


class Ending(NamedTuple):
    """A cell whose process dies."""

    title: str = "ending"

    def compute(self, _plan: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def tasks(study: Study, *cells: Any, key: str = "one") -> list[Task]:
    return [Task(Plan(key, study), cell) for cell in cells]


@pytest.mark.parametrize("size", [0, 1, 2, 100])
def test_every_cell_is_computed_once(study: Study, two_processes: Engine, size: int) -> None:
    done = list(two_processes.compute(tasks(study, *[Numbered()] * size)))
    assert sorted(one.number for one in done) == list(range(size))


def test_all_workers_take_part_and_this_process_does_not(study: Study, two_processes: Engine) -> None:
    """It prepares what cells share, keeps what they find, and is free to be interrupted.

    Workers stay for the next run of an engine, as for the studies of a sweep: they start once.
    """
    cells = tasks(study, *[Numbered(0.1)] * 20)
    found = [{done.outcome for done in two_processes.compute(cells)} for _ in range(2)]
    assert len(found[0]) == 2
    assert os.getpid() not in found[0]
    assert found[0] == found[1]


def test_a_killed_worker_is_one_line_and_the_next_run_goes_on(study: Study) -> None:
    with pytest.raises(InputError, match=r"was killed, for lack of memory maybe \(.*\): run the same again"):
        list(Engine(2).compute(tasks(study, Numbered(), Ending(), Numbered())))
    assert len(list(Engine(2).compute(tasks(study, *[Numbered()] * 4)))) == 4


def test_nobody_waits_for_workers_where_a_run_ends_early(study: Study) -> None:
    start = time.monotonic()
    with closing(Engine(2).compute(tasks(study, Numbered(), *[Numbered(60)] * 4))) as computed:
        next(computed)
    assert time.monotonic() - start < 30


def test_runs_of_several_threads_are_apart(study: Study, two_processes: Engine) -> None:
    def one(key: str, engine: Engine) -> int:
        return len(list(engine.compute(tasks(study, *[Numbered(0.01)] * 20, key=key))))

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(one, "ab", (two_processes, Engine(2)))) == [20, 20]


def test_joblib_goes_on_as_before(study: Study, two_processes: Engine) -> None:
    """A program that uses it has processes of its own."""
    assert len(list(two_processes.compute(tasks(study, *[Numbered()] * 6)))) == 6
    assert Parallel(n_jobs=2)(delayed(abs)(-number) for number in range(4)) == [0, 1, 2, 3]


def test_what_takes_no_time_starts_no_process(
    study: Study, two_processes: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This process begins alone; what is left after a while it shares, by the same numbers."""
    monkeypatch.setattr("latentot.study.execution.engine.ALONE", 60.0)
    alone = list(Engine(2).compute(tasks(study, *[Numbered()] * 6)))
    assert {done.outcome for done in alone} == {os.getpid()}
    answers = iter([False] * 10)
    monkeypatch.setattr("latentot.study.execution.processes.are_there", lambda _: next(answers, True))
    shared = list(two_processes.compute(tasks(study, *[Numbered(0.05)] * 20)))
    assert sorted(done.number for done in shared) == list(range(20))
    assert [done.outcome == os.getpid() for done in shared] == [True] * 10 + [False] * 10


def test_they_are_there_once_one_has_started() -> None:
    with pool(1) as workers:
        workers.first.result()
        assert are_there(workers)
