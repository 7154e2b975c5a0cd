"""Processes of this machine: this one computes cells, beside others that know what cells share."""

__all__ = ["compute"]

import functools
import itertools
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from joblib.externals.loky.backend import resource_tracker

from latentot.errors import InputError, one_line
from latentot.study.crew import Call, Crew
from latentot.study.engine import Done, Task, computed_here, learned_here, lessons_of
from latentot.study.failure import Failure
from latentot.study.lessons import Learned, Lesson
from latentot.study.mapped import Mapped
from latentot.study.plan import Plan
from latentot.study.threads import one_thread


def compute(tasks: list[Task], jobs: int) -> Generator[Done]:
    """What becomes of each task, as it becomes known.

    Lessons that cells need are learned once, each by one process, beside cells that need none.

    Args:
        tasks: cells and their plans.
        jobs: processes, this one among them, at least 2.
    """
    crew = Crew(jobs - 1)
    crew.start(_nothing)
    with _temporary_folder() as folder:
        work = _Work(tasks, jobs, folder)
        crew.add(work.first())
        for found in crew.results():
            if isinstance(found, Done):
                yield found
            else:
                crew.add(work.after(*found), first=True)


class _Work:
    """Tasks as calls, with what they share: prepared once, mapped into other processes.

    Args:
        tasks: cells and their plans.
        threads: how many prepare what is shared.
        folder: where it is written.
    """

    def __init__(self, tasks: list[Task], threads: int, folder: str) -> None:
        self._tasks, self._threads, self._folder = tasks, threads, folder
        self._needed = [lessons_of(task) for task in tasks]
        self._learned: dict[tuple[str, Lesson], Learned | Failure] = {}
        # Caches of its own, which go with it. Plans of a sweep's studies follow each other.
        self._prepared = functools.lru_cache(maxsize=2)(self._prepare)
        self._shared = functools.lru_cache(maxsize=2)(self._share)
        self._known_shared = functools.lru_cache(maxsize=64)(self._share_known)

    def first(self) -> Iterator[Call]:
        """Plan by plan, lessons and cells that need none."""
        taught = set()
        for plan, group in itertools.groupby(range(len(self._tasks)), lambda number: self._tasks[number].plan):
            numbers = list(group)
            for lesson in itertools.chain.from_iterable(self._needed[number] for number in numbers):
                if (plan.key, lesson) not in taught:
                    taught.add((plan.key, lesson))
                    yield self._lesson(plan, lesson)
            yield from (self._cell(number) for number in numbers if not self._needed[number])

    def after(self, key: str, lesson: Lesson, learned: Learned | Failure) -> Iterator[Call]:
        """Cells that need no more than what is known with this."""
        self._learned[key, lesson] = learned
        for number, needed in enumerate(self._needed):
            needs_it = self._tasks[number].plan.key == key and lesson in needed
            if needs_it and all((key, one) in self._learned for one in needed):
                yield self._cell(number)

    def _cell(self, number: int) -> Call:
        (plan, cell), needed = self._tasks[number], self._needed[number]
        return Call(
            lambda: computed_here(number, Task(self._prepared(plan), cell), self._known(plan.key, needed)),
            lambda: (computed_here, number, Task(self._shared(plan), cell), self._known_shared(plan.key, needed)),
        )

    def _lesson(self, plan: Plan, lesson: Lesson) -> Call:
        return Call(
            lambda: _taught(self._prepared(plan), lesson),
            lambda: (_taught, self._shared(plan), lesson),
            long=True,
        )

    def _prepare(self, plan: Plan) -> Plan:
        try:
            with one_thread():
                return plan.sharing(self._threads)
        except Exception:  # each cell that needs what cannot be prepared fails with the reason
            return plan

    def _share(self, plan: Plan) -> Any:
        """What other processes unpickle as the plan, with what its cells share."""
        return self._mapped(self._prepared(plan))

    def _known(self, key: str, lessons: tuple[Lesson, ...]) -> dict[Lesson, Learned | Failure]:
        return {one: self._learned[key, one] for one in lessons}

    def _share_known(self, key: str, lessons: tuple[Lesson, ...]) -> Any:
        return self._mapped(self._known(key, lessons)) if lessons else {}

    def _mapped(self, shared: Any) -> Any:
        try:
            return Mapped.of(shared, self._folder)
        except OSError:  # no room: each process is sent its own
            return shared
        except Exception as error:
            raise InputError(f"other processes cannot be sent this subject ({one_line(error)}): use one job") from error


@contextmanager
def _temporary_folder() -> Iterator[str]:
    """A folder that is deleted even if this process is killed: by loky's tracker, once its processes have ended."""
    with tempfile.TemporaryDirectory(prefix="latentot-", ignore_cleanup_errors=True) as folder:
        resource_tracker.register(folder, "folder")
        try:
            yield folder
        finally:
            resource_tracker.unregister(folder, "folder")


def _taught(plan: Plan, lesson: Lesson) -> tuple[str, Lesson, Learned | Failure]:
    return plan.key, lesson, learned_here(plan, lesson)


def _nothing() -> None:
    """Where this is called, the package has been loaded."""
