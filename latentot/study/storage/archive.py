"""What is known of a run's cells from earlier ones, part by part, and what is yet to be computed."""

__all__ = ["Archive"]

from typing import Any

from latentot.study.execution.task import Task
from latentot.study.storage.keys import part_keys
from latentot.study.storage.parts import WALK, join, part_names, split
from latentot.study.storage.store import Store
from latentot.study.work.cells import Cell, MethodOutcome
from latentot.study.work.failure import Failure

Name = tuple[str, Cell]
"""A plan's key, and a cell of it."""


class Archive:
    """The cells of a run and the store that knows some of their parts.

    Args:
        store: where parts are kept; without one nothing is known or kept.
        tasks: all cells of the run.
        retry_failed: whether parts that failed are taken for unknown.

    Attributes:
        hosts: what computed them, in earlier runs too.
    """

    def __init__(self, store: Store | None, tasks: dict[Name, Task], *, retry_failed: bool) -> None:
        self._store, self._tasks = store, tasks
        self._keys = {name: part_keys(*task) for name, task in tasks.items()} if store is not None else {}
        kept = store.outcomes({key for keys in self._keys.values() for key in keys.values()}) if store else {}
        self.hosts = store.hosts() if store else set()
        if retry_failed:
            kept = {key: part for key, part in kept.items() if not isinstance(part, Failure)}
        self._parts = {
            name: {part: kept[key] for part, key in self._keys.get(name, {}).items() if key in kept} for name in tasks
        }
        for parts in self._parts.values():
            walk = parts.get(WALK)
            if retry_failed and isinstance(walk, MethodOutcome) and walk.failed_at():
                parts.clear()

    def known(self) -> dict[Name, Any]:
        """The outcomes of cells of which every part is known."""
        return {
            name: join(cell, plan.study, self._parts[name])
            for name, (plan, cell) in self._tasks.items()
            if len(self._parts[name]) == len(part_names(cell, plan.study))
        }

    def rest(self, name: Name) -> Task:
        """What is to be computed of a cell: the metrics that are not known."""
        plan, cell = self._tasks[name]
        lacking = tuple(choice for choice in plan.study.metrics if choice.label not in self._parts[name])
        return Task(plan.measuring(lacking), cell)

    def keep(self, name: Name, computed: Task, outcome: Any, seconds: float) -> Any:
        """Keep what has been computed of a cell.

        Returns:
            The outcome of the whole cell.
        """
        if self._store is None:
            return outcome
        plan, cell = self._tasks[name]
        found = split(cell, computed.plan.study, outcome)
        self._store.keep({self._keys[name][part]: own for part, own in found.items()}, cell.title, seconds)
        return join(cell, plan.study, found | self._parts[name])

    def add_host(self, host: str) -> None:
        """Keep what has computed a cell."""
        if host not in self.hosts:
            self.hosts.add(host)
            if self._store is not None:
                self._store.add_host(host)
