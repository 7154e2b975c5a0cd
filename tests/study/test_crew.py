"""A crew: this process and others take calls from one queue."""

import os
import signal
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError

from latentot.study.crew import AHEAD, Call, Crew

HERE = os.getpid()


def call(function: Callable[..., Any], *arguments: Any, long: bool = False) -> Call:
    return Call(lambda: function(*arguments), lambda: (function, *arguments), long)


def numbered(number: int, seconds: float = 0) -> tuple[int, int]:
    time.sleep(seconds)
    return number, os.getpid()


def wait_for(file: Path, until: float = 30) -> None:
    while not file.exists() and until > 0:
        time.sleep(0.01)
        until -= 0.01
    assert until > 0


def end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("others", [1, 2])
@pytest.mark.parametrize("size", [0, 1, 2, 200])
def test_every_call_is_done_once(others: int, size: int) -> None:
    crew = Crew(others)
    crew.add(call(numbered, number) for number in range(size))
    assert sorted(number for number, _ in crew.results()) == list(range(size))


def met(folder: Path, processes: int) -> None:
    """Return once so many processes are here."""
    (folder / str(os.getpid())).touch()
    until = time.monotonic() + 30
    while len(list(folder.iterdir())) < processes:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_all_take_part(tmp_path: Path) -> None:
    crew = Crew(2)
    crew.add([call(met, tmp_path, 3)] * 6)
    list(crew.results())
    assert (tmp_path / str(HERE)).exists()


def test_more_is_added_meanwhile() -> None:
    crew = Crew(1)
    crew.add([call(numbered, 6)])
    found = []
    for number, _ in crew.results():
        found.append(number)
        crew.add([call(numbered, number - 1)] * 2 if number else [], first=True)
    assert sorted(found) == sorted(number for number in range(7) for _ in range(2 ** (6 - number)))


def test_others_take_what_is_long(tmp_path: Path) -> None:
    """This process passes on what others find; where all is long, it lends a hand."""
    done, own = tmp_path / "done", list[str]()

    def there() -> None:
        wait_for(done)
        time.sleep(0.2)

    crew = Crew(1)
    crew.add([Call(lambda: own.append("long"), lambda: (there,), long=True)] * 4)
    crew.add([Call(lambda: own.append("short"), lambda: (there,))] * 3)
    crew.add([call(done.touch)])
    assert len(list(crew.results())) == 8
    assert own[:3] == ["short"] * 3
    assert "long" in own


def test_nobody_waits_while_this_process_is_at_work(tmp_path: Path) -> None:
    begun, done = tmp_path / "begun", tmp_path / "done"

    def at_work() -> None:
        begun.touch()
        wait_for(done)

    crew = Crew(1)
    crew.add([Call(at_work, lambda: (numbered, 0))])
    crew.add([call(wait_for, begun)] * 2)
    crew.add([call(numbered, 0)] * (2 * AHEAD - 4))
    crew.add([call(done.touch)])
    assert len(list(crew.results())) == 2 * AHEAD


def test_what_a_call_raises_is_raised() -> None:
    crew = Crew(1)
    crew.add([Call(lambda: time.sleep(0.1), lambda: (int, "no number"))] * 3)
    with pytest.raises(ValueError, match="no number"):
        list(crew.results())


def test_a_killed_process_is_said_and_replaced() -> None:
    crew = Crew(1)
    crew.add([Call(lambda: time.sleep(0.1), lambda: (end,))] * 4)
    with pytest.raises(TerminatedWorkerError, match="terminated"):
        list(crew.results())
    crew = Crew(1)
    crew.add(call(numbered, number, 0.02) for number in range(20))
    assert len({process for _, process in crew.results()}) == 2


def test_what_cannot_be_sent_is_done_here(caplog: pytest.LogCaptureFixture) -> None:
    """As where a process that has to be started anew finds no memory."""
    crew = Crew(1)
    submit, failed = crew._others.submit, []

    def unlucky(*work: Any) -> Any:
        if threading.current_thread() is not threading.main_thread() and not failed:
            failed.append(True)
            raise OSError("Cannot allocate memory")
        return submit(*work)

    crew._others.submit = unlucky
    crew.add(call(numbered, number, 0.05) for number in range(20))
    try:
        assert sorted(number for number, _ in crew.results()) == list(range(20))
    finally:
        crew._others.submit = submit
    assert failed
    assert not caplog.records


def test_an_interrupt_loses_nothing_that_others_have_done() -> None:
    def interrupted() -> None:
        until = time.monotonic() + 30
        while crew._back.qsize() < 5:
            assert time.monotonic() < until
            time.sleep(0.01)
        raise KeyboardInterrupt

    crew = Crew(1)
    crew.add([Call(interrupted, lambda: (numbered, 0))])
    crew.add(call(numbered, number) for number in range(5))
    found: list[Any] = []
    with pytest.raises(KeyboardInterrupt):
        found.extend(crew.results())
    assert sorted(number for number, _ in found) == list(range(5))


def test_a_fork_has_processes_of_its_own() -> None:
    """Those that stay answer to the process that started them."""

    def all_done() -> int:
        crew = Crew(1)
        crew.add([call(numbered, 1)] * 6)
        return len(list(crew.results()))

    assert all_done() == 6
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries that other tests have loaded
        process = get_context("fork").Process(target=lambda: os._exit(all_done()))
        process.start()
    process.join(60)
    assert process.exitcode == 6


def test_crews_of_several_threads_are_apart() -> None:
    """Each has processes of its own, whatever the other's number."""

    def one(others: int) -> int:
        crew = Crew(others)
        crew.add(call(numbered, number, 0.01) for number in range(30))
        return len(list(crew.results()))

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(one, [1, 2, 1])) == [30, 30, 30]


def test_joblib_goes_on_as_before() -> None:
    crew = Crew(2)
    crew.add([call(numbered, 1)] * 6)
    assert len(list(crew.results())) == 6
    assert Parallel(n_jobs=2)(delayed(abs)(-number) for number in range(4)) == [0, 1, 2, 3]


def test_nobody_waits_for_others_where_it_ends_early() -> None:
    crew = Crew(1)
    crew.add([Call(lambda: "here", lambda: (time.sleep, 60))] * 4)
    start = time.monotonic()
    results = crew.results()
    assert next(results) == "here"
    results.close()
    assert time.monotonic() - start < 30
