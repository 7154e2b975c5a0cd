"""Running studies round by round: what is not yet known of their cells is computed and kept, then put together."""

__all__ = ["Progress", "run"]

import contextlib
import datetime
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from latentot.models import Model
from latentot.priors import Prior
from latentot.study.execution.engine import Engine
from latentot.study.execution.hosts import host_facts
from latentot.study.execution.machine import memory
from latentot.study.execution.task import Task
from latentot.study.outcome import Outcome, merge
from latentot.study.prepared import Prepared
from latentot.study.spec.rounds import GROWTH, check_memory
from latentot.study.spec.study import Study
from latentot.study.statistics.assemble import Part, assemble
from latentot.study.statistics.rounds import joined
from latentot.study.storage.archive import Archive
from latentot.study.storage.null_cache import NullCache
from latentot.study.storage.store import Store
from latentot.study.work.cells import Cell

Progress = Callable[[int, int, str, float], None]
"""Called as cells are done: how many are done, how many there are, which one it was, and the seconds that it took.

What there is to be done is known of the rounds up to the present one, and grows with each."""


Name = tuple[int, str]
"""Which study, and the space that its points are measured in."""


def run(
    studies: Study | tuple[Study, ...],
    *,
    live: Prior | Model | None = None,
    methods: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    judges: Mapping[str, Any] | None = None,
    engine: Engine | None = None,
    folder: Path | None = None,
    retry_failed: bool = False,
    progress: Progress | None = None,
    null_cache: NullCache | None = None,
    subjects: int = 1,
) -> Outcome:
    """Compute studies, each of one subject, in rounds of growing n until every method has its verdict.

    Args:
        studies: what to compare.
        live: a prior or a model that the study does not name.
        methods: interpolations, or callables (z0, z1, t) -> z, that the study has by their names only.
        metrics: metrics, or callables (z, reference, *, rng) -> float, likewise.
        judges: judges and features, or callables, likewise.
        engine: where cells are computed; in this process by default.
        folder: where every cell is kept as soon as it is known, so that a run goes on where an earlier one stopped;
            nothing is kept by default.
        retry_failed: whether cells that failed in an earlier run are computed again.
        progress: called as cells are done, those of all rounds so far.
        null_cache: null bands of earlier runs, used where they are this study's and added to.
        subjects: studies of other runs, these included, that are to be believed together: levels are split over them.

    Raises:
        InputError: a subject cannot be made, or does not serve what is asked for; the folder's store is damaged, or
            another process holds it.
    """
    started = datetime.datetime.now(datetime.UTC)
    given = (studies,) if isinstance(studies, Study) else studies
    subjects = max(subjects, len(given))
    latent = [Prepared.of(study, live, null_cache, methods, metrics, judges, subjects) for study in given]
    if engine is None or engine.scheduler is None:
        for one in latent:
            for population in one.populations:
                check_memory(population.n, population.n_reference, one.plan.subject().prior.dim, memory())
    first = {
        (number, one.plan.space): one
        for number, prepared in enumerate(latent)
        for one in (prepared, prepared.in_data_space())
        if one is not None
    }
    rounds: dict[Name, list[Part]] = {name: [] for name in first}
    hosts: set[str] = set()
    with (
        Store.open(folder) if folder is not None else contextlib.nullcontext() as store,
        (engine or Engine()).lasting() as lasting,
    ):
        coming: dict[Name, Prepared | None] = dict(first)
        begun, before = time.monotonic(), 0
        while now := {name: one for name, one in coming.items() if one is not None}:
            start = time.monotonic()
            outcomes, own_hosts = _outcomes(list(now.values()), lasting, store, retry_failed, progress, before)
            before += len(outcomes)
            hosts |= own_hosts
            for name, one in now.items():
                own = {cell: outcomes[one.plan.key, cell] for cell in one.cells}
                part = assemble(one.plan, one.methods, one.levels, own, one.known, subjects=one.subjects)
                rounds[name].append(part)
                for population, band in part.bands.items():
                    if null_cache is not None:
                        null_cache.keep(one.plan, population, band)
            next_ends = time.monotonic() - begun + GROWTH * (time.monotonic() - start)
            coming = {
                name: one.following(rounds[name][-1].unsettled, null_cache)
                for name, one in now.items()
                if one.asked.budget is None or next_ends <= one.asked.budget
            }
    studied = [[name for name in first if name[0] == number] for number in range(len(latent))]
    parts = [joined([part for name in names for part in rounds[name]]) for names in studied]
    return merge([[first[name] for name in names] for names in studied], parts, hosts, started)


def _outcomes(
    prepared: list[Prepared],
    engine: Engine,
    store: Store | None,
    retry_failed: bool,
    progress: Progress | None,
    before: int,
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
                progress(before + len(outcomes), before + len(tasks), task.cell.title, seconds)
    return outcomes, archive.hosts
