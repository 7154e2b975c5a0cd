"""The cells of a study, listed: what is computed, or is kept from an earlier run."""

__all__ = ["BASELINE", "cells_of", "measured_choices"]

from collections.abc import Collection, Iterator

from latentot.study.spec.study import Choice, Study
from latentot.study.work.cells import Cell, ControlCell, MethodCell, NormsCell, NullCell, StripsCell
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population

DRAWS_A_CELL = 5
"""Null draws of one cell: few enough that little is lost with it, enough that sending it costs nothing beside them."""
BASELINE = Choice(name="linear")
"""What margins are a share of: measured, whether it was asked for or not."""


def cells_of(plan: Plan, populations: tuple[Population, ...], known: Collection[Population]) -> Iterator[Cell]:
    """The cells of a study; populations whose null bands are known need no null draws."""
    study = plan.study
    for population in populations:
        if population.reference == "prior":
            yield NormsCell(population)
        for repeat in range(population.repeats):
            yield ControlCell(population, repeat)
            for choice in measured_choices(study):
                yield MethodCell(population, choice, repeat)
        for first in range(0, 0 if population in known else study.null_draws, DRAWS_A_CELL):
            yield NullCell(population, first, min(first + DRAWS_A_CELL, study.null_draws))
        if population.reference == "prior" and plan.subject().model is not None and study.strips:
            yield StripsCell(population)


def measured_choices(study: Study) -> tuple[Choice, ...]:
    """The methods of a study, and linear, which margins are a share of."""
    return study.methods if BASELINE in study.methods else (*study.methods, BASELINE)
