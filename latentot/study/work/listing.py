"""The cells of a round, listed: what is computed, or is kept from an earlier run."""

__all__ = ["BASELINE", "cells_of", "measured_choices"]

from collections.abc import Collection, Iterator, Mapping, Sequence

from latentot.study.spec.own import judge_of
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
from latentot.study.work.decoded import LATENT, judges_points
from latentot.study.work.decoder import DecoderCell
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population
from latentot.study.work.walks import CROSS_FADED, SWITCHED, WalksCell

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
        latent = population.space == LATENT
        if population.reference == "prior" and latent:
            yield NormsCell(population)
        if population.endpoints == "prior":
            yield SensitivityCell(population)
        if population.reference == "prior" and latent and plan.round == 0:
            yield from _looks(plan, population)
            yield from (ProfileCell(population, choice) for choice in choices)
        for repeat in range(population.repeats):
            yield ControlCell(population, repeat)
            for choice in measured_choices(choices):
                yield MethodCell(population, choice, repeat)
        for first in range(0, 0 if population in known else study.null_draws, DRAWS_A_CELL):
            yield NullCell(population, first, min(first + DRAWS_A_CELL, study.null_draws))
        decodes = population.reference == "prior" and latent and plan.subject().model is not None
        if decodes and study.strips and plan.round == 0:
            yield StripsCell(population)


def _looks(plan: Plan, population: Population) -> Iterator[Cell]:
    """What judges see beside points at some t: whole walks, those of controls too, and the decoder by itself."""
    every = [judge_of(choice, plan.own_judges) for choice in plan.study.judges]
    if not all(map(judges_points, every)):
        own = [choice for choice in plan.study.methods if choice.label != SWITCHED.label]
        yield from (WalksCell(population, choice) for choice in (*own, CROSS_FADED, SWITCHED))
    if any(map(judges_points, every)) and population.endpoints == "prior" and plan.subject().data is not None:
        yield DecoderCell(population)


def measured_choices(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Methods, and linear, which margins are a share of."""
    return tuple(choices) if BASELINE in choices else (*choices, BASELINE)
