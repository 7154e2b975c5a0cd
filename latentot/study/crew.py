"""A crew: this process and others of this machine take calls from one queue, each the next as soon as it is free."""

__all__ = ["Call", "Crew"]

import contextlib
import math
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from multiprocessing import resource_tracker
from queue import SimpleQueue
from typing import Any, NamedTuple

from joblib.externals.loky import ProcessPoolExecutor, process_executor

AHEAD = 4
"""Calls that lie ready for each process, so that none waits while this one is at work."""
IDLE = 300
"""Seconds that other processes stay for the next crew."""
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
"""What libraries of other processes read as they are loaded."""

_idle: dict[tuple[int, int], Any] = {}
"""Processes that stay for the next crew of as many, and of this process: a fork of it cannot use them. They are our
own: those of joblib's users are made otherwise."""


class Call(NamedTuple):
    """Something to be done, by this process or another one.

    Args:
        here: does it in this process.
        there: a function and its arguments, which do it in another process.
        long: others take it first, since this process passes nothing on while it is at work.
    """

    here: Callable[[], Any]
    there: Callable[[], tuple[Any, ...]]
    long: bool = False


class Crew:
    """This process and others, which are started once and stay for the next crew.

    Args:
        others: how many other processes, at least 1.

    >>> crew = Crew(1)
    >>> crew.add([Call(lambda: 2, lambda: (sum, [1, 1]))] * 3)
    >>> list(crew.results())
    [2, 2, 2]
    """

    def __init__(self, others: int) -> None:
        self._number = others
        self._others = _idle.pop((os.getpid(), others), None)
        if self._others is None or self._others._flags.broken:
            self._others = ProcessPoolExecutor(others, timeout=IDLE, initializer=_may_grow, env=ONE_THREAD)
        self._waiting = deque[Call]()
        self._ready = deque[tuple[Call, tuple[Any, ...]]]()
        self._away = set[Future[Any]]()
        self._back = SimpleQueue[Future[Any]]()
        self._lock = threading.RLock()

    def start(self, function: Callable[[], Any]) -> None:
        """Have each other process start and call a function, for what it loads, while this one goes on."""
        with _interrupts_wait():
            for _ in range(self._number):
                self._others.submit(function)

    def add(self, calls: Iterable[Call], *, first: bool = False) -> None:
        """Have more done, before all that waits or after it."""
        if first:
            ready = [(call, call.there()) for call in calls]
            with self._lock:
                self._ready.extendleft(reversed(ready))
        else:
            self._waiting.extend(calls)

    def results(self) -> Generator[Any]:
        """What calls give, as it becomes known; more can be added meanwhile.

        Raises:
            Exception: a call raised it, or another process was killed.
        """
        try:
            while True:
                self._make_ready()
                call = self._short()
                self._send()
                if call := call or self._any():
                    try:
                        found = call.here()
                    except BaseException:
                        yield from (back.result() for back in self._came_back() if back.exception() is None)
                        raise
                    yield found
                elif self._more_to_come():
                    yield self._back.get().result()
                else:
                    return
                yield from (back.result() for back in self._came_back())
        finally:
            self._leave()

    def _make_ready(self) -> None:
        """Arguments are made by this thread: others only take what is ready."""
        while self._waiting and len(self._ready) < AHEAD * (self._number + 1):
            call = self._waiting.popleft()
            self._ready.append((call, call.there()))

    def _short(self) -> Call | None:
        """The first call that is not long."""
        with self._lock:
            index = next((i for i, (call, _) in enumerate(self._ready) if not call.long), None)
            if index is None:
                return None
            call, _ = self._ready[index]
            del self._ready[index]
            return call

    def _any(self) -> Call | None:
        with self._lock:
            return self._ready.popleft()[0] if self._ready else None

    def _send(self) -> None:
        """Give each other process a call, and one more for whoever is free first."""
        with self._lock:
            while self._ready and len(self._away) <= self._number:
                _, (function, *arguments) = self._ready[0]
                with _interrupts_wait():  # one that was idle for long is started anew
                    future = self._others.submit(function, *arguments)
                self._ready.popleft()
                self._away.add(future)
                future.add_done_callback(self._returned)

    def _returned(self, future: Future[Any]) -> None:
        with self._lock:
            self._away.remove(future)
            self._back.put(future)
            if not future.cancelled() and future.exception() is None:
                with contextlib.suppress(Exception):  # what cannot be sent from here stays ready
                    self._send()

    def _came_back(self) -> Iterator[Future[Any]]:
        while not self._back.empty():
            yield self._back.get()

    def _more_to_come(self) -> bool:
        with self._lock:
            return bool(self._away) or not self._back.empty()

    def _leave(self) -> None:
        """Where this ends early, nobody waits for what others are at."""
        with self._lock:
            self._ready.clear()
            away = list(self._away)
        if away:
            # What is killed before it has been handed on leaves a traceback of loky's.
            until = time.monotonic() + 1
            while time.monotonic() < until and not all(future.running() or future.done() for future in away):
                time.sleep(0.001)
            self._others.shutdown(kill_workers=True)
        else:
            _idle[os.getpid(), self._number] = self._others


@contextlib.contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Processes started meanwhile never see Ctrl-C, which a terminal sends to all: this process ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which lets interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _may_grow() -> None:
    """Keep loky from replacing processes that have grown by 300 MB, as those do that load a model or numba."""
    process_executor._MEMORY_LEAK_CHECK_DELAY = math.inf
