"""The cells of a round, listed: what is computed, or is kept from an earlier run."""

__all__ = ["BASELINE", "cells_of", "measured_choices"]

from collections.abc import Collection, Iterator, Mapping, Sequence

from latentot.study.spec.study import Choice
from latentot.study.work.cells import (
    Cell,
    ControlCell,
    MethodCell,
    NormsCell,
    NullCell,
    ProfileCell,
    SensitivityCell,
    StripsCell,
)
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population

DRAWS_A_CELL = 5
"""Null draws of one cell: few enough that little is lost with it, enough that sending it costs nothing beside them."""
BASELINE = Choice(name="linear")
"""What margins are a share of: measured, whether it was asked for or not."""


def cells_of(
    plan: Plan, methods: Mapping[Population, Sequence[Choice]], known: Collection[Population]
) -> Iterator[Cell]:
    """The cells of a round; populations whose null bands are known need no null draws.

    Args:
        plan: of the round.
        methods: those without a verdict, on each population.
        known: populations whose null bands are known.
    """
    study = plan.study
    for population, choices in methods.items():
        if population.reference == "prior":
            yield NormsCell(population)
        if population.endpoints == "prior":
            yield SensitivityCell(population)
        for repeat in range(population.repeats):
            yield ControlCell(population, repeat)
            for choice in measured_choices(choices):
                yield MethodCell(population, choice, repeat)
        for first in range(0, 0 if population in known else study.null_draws, DRAWS_A_CELL):
            yield NullCell(population, first, min(first + DRAWS_A_CELL, study.null_draws))
        if population.reference == "prior" and plan.round == 0:
            for choice in choices:
                yield ProfileCell(population, choice)
        decodes = population.reference == "prior" and plan.subject().model is not None
        if decodes and study.strips and plan.round == 0:
            yield StripsCell(population)


def measured_choices(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Methods, and linear, which margins are a share of."""
    return tuple(choices) if BASELINE in choices else (*choices, BASELINE)
