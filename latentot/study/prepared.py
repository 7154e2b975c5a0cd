"""A round of a study, ready to be computed: its subject made, its cells listed, all that can be refused refused."""

__all__ = ["Open", "Prepared"]

import uuid
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from latentot.errors import InputWarning
from latentot.models import Model
from latentot.priors import Prior
from latentot.study.spec.level import Levels, draws_that_reach, min_p_value
from latentot.study.spec.rounds import check_size, sizes
from latentot.study.spec.study import AUTO, Choice, Study
from latentot.study.statistics.assemble import Bands
from latentot.study.storage.null_cache import NullCache
from latentot.study.work.cells import Cell
from latentot.study.work.decoded import DATA, LATENT
from latentot.study.work.listing import cells_of, measured_choices
from latentot.study.work.plan import Plan
from latentot.study.work.subject import REFERENCE, Population

SLOW = 20
"""Minutes of decoding that a user should know of beforehand."""
Open = Mapping[str, Collection[str]]
"""Labels of the methods that have no verdict yet, on each population, by its label."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A round of a study that is ready to be computed; a study of so many pairs has one.

    Args:
        asked: the study as it is asked for.
        plan: of the round.
        subjects: studies that are to be believed together.
        sizes: pairs of every round that there may be.
        levels: how often tests on each population err.
        methods: those without a verdict, on each population.
        known: null draws of earlier runs.
        cells: what is to be computed, or is kept.
    """

    asked: Study
    plan: Plan
    subjects: int
    sizes: tuple[int, ...]
    levels: Mapping[str, Levels]
    methods: Mapping[Population, tuple[Choice, ...]]
    known: Bands
    cells: tuple[Cell, ...]

    @property
    def populations(self) -> tuple[Population, ...]:
        """Whose points it judges."""
        return tuple(self.methods)

    @classmethod
    def of(
        cls,
        study: Study,
        live: Prior | Model | None = None,
        null_cache: NullCache | None = None,
        methods: Mapping[str, Any] | None = None,
        metrics: Mapping[str, Any] | None = None,
        judges: Mapping[str, Any] | None = None,
        subjects: int = 1,
    ) -> "Prepared":
        """The first round of a study, with its subject and what serves it.

        Args:
            study: what is asked for.
            live: a prior or a model that the study does not name.
            null_cache: null bands of earlier runs.
            methods: interpolations that the study has by their names only.
            metrics: metrics that it has so.
            judges: judges and features that it has so.
            subjects: studies that are to be believed together: levels are split over them.

        Raises:
            InputError: the subject cannot be made, or does not serve what the study asks for.
        """
        # A key of its own: files that the study names may have changed since an equal study ran in this process.
        key = uuid.uuid4().hex
        whole = Plan(key, study, live, dict(methods or {}), dict(metrics or {}), own_judges=dict(judges or {}))
        subject = whole.subject()
        _ = subject.facts  # what cannot be described is refused before anything is computed
        if study.pairs == AUTO and "max_pairs" in study.model_fields_set:
            check_size(study.max_pairs, subject.prior.dim)
        if study.judges:
            whole.view()  # what cannot be seen is refused, too
        return cls._first(study, whole, subjects, sizes(study.pairs, study.max_pairs, subject.prior.dim), null_cache)

    def in_data_space(self) -> "Prepared | None":
        """The first round of the same study with points decoded; None where it has no judges of points."""
        study, whole = self.asked, self.plan.whole
        if whole is None or whole.spaces == 1:
            return None
        most = min(study.max_pairs, study.max_decoded)
        pairs = study.pairs if study.pairs == AUTO else min(int(study.pairs), study.max_decoded)
        rounds = sizes(pairs, most, whole.subject().prior.dim)
        first = self._first(study, whole, self.subjects, rounds, None, space=DATA)
        first._warn_if_slow()
        return first

    def _warn_if_slow(self) -> None:
        """Say what a slow decoder will take, before it takes it."""
        study = self.plan.study
        walks = study.null_draws + study.repeats * len(study.methods)
        points = sum(population.n * (walks * len(study.t) + REFERENCE) for population in self.populations)
        if (minutes := points * self.plan.view().of_data.seconds / 60) > SLOW:
            warnings.warn(
                f"to decode what the first round judges, {points:,} points, takes this decoder about {minutes:,.0f} "
                f"minutes of one process: give fewer pairs than n = {study.pairs}, fewer null_draws than "
                f"{study.null_draws}, one t, or a budget in seconds",
                InputWarning,
                stacklevel=2,
            )

    @classmethod
    def _first(
        cls,
        study: Study,
        whole: Plan,
        subjects: int,
        rounds: tuple[int, ...],
        null_cache: NullCache | None,
        space: str = LATENT,
    ) -> "Prepared":
        populations = whole.at_round(0, rounds[0], study.null_draws, space).populations()
        tests = subjects * whole.spaces * len(populations) * len(study.methods) * len(rounds)
        draws = study.null_draws
        if "null_draws" not in study.model_fields_set:
            fewest = min(population.repeats for population in populations)
            draws = draws_that_reach(study.false_drift / tests, fewest, draws)
        levels = {
            population.label: Levels.split(
                study.false_drift,
                study.false_keep,
                tests=tests,
                rounds=len(rounds),
                min_p=min_p_value(population.repeats, draws),
            )
            for population in populations
        }
        plan = whole.at_round(0, rounds[0], draws, space)
        for choice in measured_choices(study.methods):
            plan.path(choice, rounds[0])
        every = dict.fromkeys(populations, study.methods)
        return cls._round(study, plan, subjects, rounds, levels, every, null_cache)

    def following(self, unsettled: Open, null_cache: NullCache | None = None) -> "Prepared | None":
        """The next round, of the methods that have no verdict yet; None where there is nothing more to be had.

        Args:
            unsettled: their labels, on each population, by its label.
            null_cache: null bands of earlier runs.
        """
        number = self.plan.round + 1
        if number >= len(self.sizes) or self.plan.whole is None:
            return None
        n, draws = self.sizes[number], self.plan.study.null_draws
        plan = self.plan.whole.at_round(number, n, draws, self.plan.space)
        before = {population.label: population.n for population in self.populations}
        methods = {
            population: tuple(choice for choice in self.asked.methods if choice.label in unsettled[population.label])
            for population in plan.populations()
            if unsettled.get(population.label) and population.n > before[population.label]
        }
        if not methods:
            return None
        return self._round(self.asked, plan, self.subjects, self.sizes, self.levels, methods, null_cache)

    @classmethod
    def _round(
        cls,
        asked: Study,
        plan: Plan,
        subjects: int,
        rounds: tuple[int, ...],
        levels: Mapping[str, Levels],
        methods: Mapping[Population, tuple[Choice, ...]],
        null_cache: NullCache | None,
    ) -> "Prepared":
        loaded = {population: null_cache.load(plan, population) for population in methods} if null_cache else {}
        known = {population: band for population, band in loaded.items() if band is not None}
        return cls(asked, plan, subjects, rounds, levels, methods, known, tuple(cells_of(plan, methods, known)))
