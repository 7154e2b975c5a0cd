"""Running studies: what is not yet known of their cells is computed and kept, then put together."""

__all__ = ["Progress", "run"]

import contextlib
import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from latentot.models import Model
from latentot.priors import Prior
from latentot.study.execution.engine import Engine
from latentot.study.execution.hosts import host_facts
from latentot.study.execution.task import Task
from latentot.study.outcome import Outcome, merge
from latentot.study.prepared import Prepared
from latentot.study.spec.study import Study
from latentot.study.statistics.assemble import assemble
from latentot.study.storage.archive import Archive
from latentot.study.storage.null_cache import NullCache
from latentot.study.storage.store import Store
from latentot.study.work.cells import Cell

Progress = Callable[[int, int, str, float], None]
"""Called as cells are done: how many are done, how many there are, which one it was, and the seconds that it took."""


def run(
    studies: Study | tuple[Study, ...],
    *,
    live: Prior | Model | None = None,
    methods: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    engine: Engine | None = None,
    folder: Path | None = None,
    retry_failed: bool = False,
    progress: Progress | None = None,
    null_cache: NullCache | None = None,
) -> Outcome:
    """Compute studies, each of one subject.

    Args:
        studies: what to compare.
        live: a prior or a model that the study does not name.
        methods: interpolations, or callables (z0, z1, t) -> z, that the study has by their names only.
        metrics: metrics, or callables (z, reference, *, rng) -> float, likewise.
        engine: where cells are computed; in this process if not said.
        folder: where every cell is kept as soon as it is known, so that a run goes on where an earlier one stopped;
            nothing is kept if not said.
        retry_failed: whether cells that failed in an earlier run are computed again.
        progress: called as cells are done.
        null_cache: null bands of earlier runs, used where they are this study's and added to.

    Raises:
        InputError: a subject cannot be made, or does not serve what is asked for; the folder's store is damaged, or
            another process holds it.
    """
    started = datetime.datetime.now(datetime.UTC)
    given = (studies,) if isinstance(studies, Study) else studies
    prepared = [Prepared.of(study, live, null_cache, methods, metrics) for study in given]
    with Store.open(folder) if folder is not None else contextlib.nullcontext() as store:
        outcomes, hosts = _outcomes(prepared, engine or Engine(), store, retry_failed, progress)
    parts = [
        assemble(one.plan, one.populations, {cell: outcomes[one.plan.key, cell] for cell in one.cells}, one.known)
        for one in prepared
    ]
    for one, part in zip(prepared, parts, strict=True):
        for population, band in part.bands.items():
            if null_cache is not None:
                null_cache.keep(one.plan, population, band)
    return merge(prepared, parts, hosts, started)


def _outcomes(
    prepared: list[Prepared], engine: Engine, store: Store | None, retry_failed: bool, progress: Progress | None
) -> tuple[dict[tuple[str, Cell], Any], set[str]]:
    """What became of every cell, by its plan's key, and what computed them; what is kept is not computed again."""
    tasks = {(one.plan.key, cell): Task(one.plan, cell) for one in prepared for cell in one.cells}
    archive = Archive(store, tasks, retry_failed=retry_failed)
    outcomes = archive.known()
    missing = [(name, archive.rest(name)) for name in tasks if name not in outcomes]
    here = host_facts(jobs=engine.jobs) if missing else ""
    # Closed, so that processes end with the run, whatever ends it.
    with contextlib.closing(engine.compute([task for _, task in missing])) as computed:
        for number, outcome, seconds, computed_by in computed:
            name, task = missing[number]
            if by := here if computed_by is None else computed_by:
                archive.add_host(by)
            outcomes[name] = archive.keep(name, task, outcome, seconds)
            if progress is not None:
                progress(len(outcomes), len(tasks), task.cell.title, seconds)
    return outcomes, archive.hosts
