"""A study that is ready to be computed: its subject made, its cells listed, all that can be refused refused."""

__all__ = ["Prepared"]

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from latentot.models import Model
from latentot.priors import Prior
from latentot.study.spec.study import Study
from latentot.study.statistics.assemble import Bands
from latentot.study.storage.null_cache import NullCache
from latentot.study.work.cells import Cell
from latentot.study.work.listing import cells_of, measured_choices
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population


@dataclass(frozen=True, eq=False)
class Prepared:
    """A study that is ready to be computed.

    Args:
        plan: the study and its subject.
        populations: whose points it judges.
        known: null draws of earlier runs.
        cells: what is to be computed, or is kept.
    """

    plan: Plan
    populations: tuple[Population, ...]
    known: Bands
    cells: tuple[Cell, ...]

    @classmethod
    def of(
        cls,
        study: Study,
        live: Prior | Model | None = None,
        null_cache: NullCache | None = None,
        methods: Mapping[str, Any] | None = None,
        metrics: Mapping[str, Any] | None = None,
    ) -> "Prepared":
        """Make the subject of a study, and what serves it.

        Raises:
            InputError: the subject cannot be made, or does not serve what the study asks for.
        """
        # A key of its own: files that the study names may have changed since an equal study ran in this process.
        plan = Plan(uuid.uuid4().hex, study, live, dict(methods or {}), dict(metrics or {}))
        populations = plan.populations()
        _ = plan.subject().facts  # what cannot be described is refused before anything is computed
        for choice in measured_choices(study):
            plan.path(choice, study.pairs)
        loaded = {population: null_cache.load(plan, population) for population in populations} if null_cache else {}
        known = {population: band for population, band in loaded.items() if band is not None}
        return cls(plan, populations, known, tuple(cells_of(plan, populations, known)))
