"""Putting a study together: outcomes of its cells become rows, verdicts, controls and arrays for figures."""

__all__ = ["Bands", "Part", "assemble"]

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import one_line
from latentot.metrics import LAWS
from latentot.paths.laws import DISTRIBUTION
from latentot.study.spec.level import Levels
from latentot.study.spec.study import Choice, Study
from latentot.study.statistics.controls import check_controls
from latentot.study.statistics.failures import Failed, of_cell, of_null, reasons, without_null
from latentot.study.statistics.looks import decoder_rows, walk_rows
from latentot.study.statistics.sensitivity import miss_rows
from latentot.study.statistics.table import Table
from latentot.study.work.cells import (
    Cell,
    ControlCell,
    MethodCell,
    MethodOutcome,
    NormsCell,
    NullCell,
    ProfileCell,
    SensitivityCell,
    StripsCell,
)
from latentot.study.work.controls import CROSS_FADE, SHRUNK, Controls
from latentot.study.work.decoded import DATA, LATENT
from latentot.study.work.decoder import DecoderCell
from latentot.study.work.failure import Failure
from latentot.study.work.listing import BASELINE
from latentot.study.work.measured import keys_of, values_of
from latentot.study.work.norms import BINS
from latentot.study.work.plan import Plan
from latentot.study.work.profile import positions_of
from latentot.study.work.subject import Population
from latentot.study.work.walks import WalksCell

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_PRECISION = {"correlations": np.float32}  # of profiles: correlations are many, and none is huge
Outcomes = Mapping[Cell, Any]
Bands = Mapping[Population, Floats]
Methods = Mapping[Population, Sequence[Choice]]


@dataclass(frozen=True)
class Part:
    """What a study of one subject found.

    Args:
        results: one row a measurement.
        facts: populations, rounds, verdicts, misses, cells, controls and failures; plain data.
        artefacts: arrays that figures need.
        bands: null draws that other runs can use, of each population, shape (B, k): none of which failed.
        unsettled: methods whose verdict more pairs may settle, on each population, by its label.
    """

    results: "pd.DataFrame"
    facts: dict[str, list[Any]]
    artefacts: dict[str, NDArray[Any]]
    bands: Bands
    unsettled: Mapping[str, Sequence[str]]


def assemble(
    plan: Plan,
    methods: Methods,
    levels: Mapping[str, Levels],
    outcomes: Outcomes,
    known: Bands,
    *,
    subjects: int = 1,
) -> Part:
    """All that a round says.

    Args:
        plan: of the round.
        methods: those that were measured, on each population.
        levels: how often tests on each population err, by its label.
        outcomes: what became of each of its cells.
        known: null draws that were not computed here.
        subjects: studies that are to be believed together: false alarms of endpoints are split over them.
    """
    import pandas as pd

    study = plan.study
    drawn = {population: _draws(study, population, outcomes) for population in methods if population not in known}
    bands = {**known, **drawn}
    tests = sum(isinstance(cell, ControlCell) for cell in outcomes) * 2 * (len(study.metrics) + len(LAWS))
    tests *= subjects * plan.spaces * max(level.rounds for level in levels.values())
    tables = [
        _table(plan, population, choices, levels[population.label], outcomes, bands[population], tests)
        for population, choices in methods.items()
    ]
    failed = [failure for cell, outcome in outcomes.items() for failure in of_cell(cell, outcome)]
    without = {table.population: list(of_null(table, outcomes)) for table in tables}
    failed += [failure for failures in without.values() for failure in failures]
    facts: dict[str, list[Any]] = {
        "populations": [table.population_row() for table in tables],
        "rounds": [table.round_row() for table in tables],
        "controls": [row for table in tables for row in table.control_rows()],
        "verdicts": [row for table in tables for row in table.verdicts()],
        "cells": [row for table in tables for row in table.cells()],
    }
    facts["misses"] = [
        row
        for table in tables
        if (found := outcomes.get(SensitivityCell(table.population))) is not None
        for row in miss_rows(table, [own for own in facts["verdicts"] if _is_of(own, table.population)], found)
    ]
    facts["walks"] = [
        row for cell, found in outcomes.items() if isinstance(cell, WalksCell) for row in walk_rows(plan, cell, found)
    ]
    facts["decoder"] = [
        row for cell, found in outcomes.items() if isinstance(cell, DecoderCell) for row in decoder_rows(plan, found)
    ]
    artefacts: dict[str, NDArray[Any]] = {}
    for (population, choices), table in zip(methods.items(), tables, strict=True):
        artefacts[f"null/{population.label}"] = table.draws
        if population.reference == "prior" and population.space == LATENT:
            artefacts |= _strips(study, population, outcomes)
            artefacts |= _profiles(population, choices, outcomes)
            try:
                artefacts |= _norms(plan, population, choices, outcomes)
            except Exception as error:  # a figure less, and all that was measured is there
                failed.append(Failed(f"densities of norms, {population.label}", one_line(error)))
    rows = pd.concat([table.rows() for table in tables], ignore_index=True)
    facts["failures"] = [f"{failure.what}: {failure.reason}" for failure in failed]
    facts["reasons"] = reasons(failed, rows)
    lost = {
        p for p in drawn if any(_is_null(cell, p) and isinstance(found, Failure) for cell, found in outcomes.items())
    }
    whole = {
        population: band for population, band in drawn.items() if not without[population] and population not in lost
    }
    return Part(rows, facts, artefacts, whole, {table.population.label: table.unsettled for table in tables})


def _table(
    plan: Plan,
    population: Population,
    choices: Sequence[Choice],
    levels: Levels,
    outcomes: Outcomes,
    draws: Floats,
    tests: int,
) -> Table:
    study, columns = plan.study, keys_of(plan.study)

    def repeats(choice: Choice) -> list[MethodOutcome]:
        found = (outcomes[MethodCell(population, choice, repeat)] for repeat in range(population.repeats))
        return [MethodOutcome.failed(study, one) if isinstance(one, Failure) else one for one in found]

    controls = [outcomes[ControlCell(population, repeat)] for repeat in range(population.repeats)]
    measured = [Controls() if isinstance(control, Failure) else control for control in controls]
    if population.space == DATA or DISTRIBUTION in plan.path(BASELINE, population.n).claims():
        # Where the straight line keeps the prior there is nothing to take a share of, nor where its drift is lost on a
        # decoder; cross-fading, which needs no model, is what walks are to be better than.
        names = [metric for metric, _ in columns]
        known = SHRUNK if population.space == LATENT else CROSS_FADE
        shrunk = [values_of(control.measured[known], names) for control in measured if control.measured]
        baseline = np.array(shrunk or [np.full(len(columns), np.nan)])
    else:
        baseline = np.array([values_of(result.measured, columns) for result in repeats(BASELINE)])
    # A metric that has no fourth moment of its own has the tail of a power law.
    metrics = plan.metrics()
    heavy = [label for label, metric in metrics.items() if 4 * metric.moments >= plan.subject().prior.moments]
    at_one_t = {label: draws[:, columns.index((label, study.t[0]))] for label in metrics}
    checked = check_controls(at_one_t, measured, tests, heavy)
    methods = {choice.label: repeats(choice) for choice in choices}
    lost = (part for cell, part in outcomes.items() if _is_null(cell, population) and isinstance(part, Failure))
    lacking = next(lost, None) or next(iter(without_null(population, outcomes).values()), None)
    return Table(plan, metrics, population, levels, draws, methods, baseline, checked, lacking)


def _draws(study: Study, population: Population, outcomes: Outcomes) -> Floats:
    """Values of the null draws, shape (B, k)."""
    drawn, columns = [outcomes[cell] for cell in outcomes if _is_null(cell, population)], keys_of(study)
    if any(isinstance(part, Failure) for part in drawn):
        return np.full((study.null_draws, len(columns)), np.nan)
    return np.array([values_of(draw, columns) for part in drawn for draw in part])


def _is_of(row: Mapping[str, Any], population: Population) -> bool:
    return (row["endpoints"], row["reference"], row["space"]) == (
        population.endpoints,
        population.reference,
        population.space,
    )


def _is_null(cell: Cell, population: Population) -> bool:
    return isinstance(cell, NullCell) and cell.population == population


def _norms(
    plan: Plan, population: Population, choices: Sequence[Choice], outcomes: Outcomes
) -> dict[str, NDArray[Any]]:
    """Densities of norms: of the points of each method and t, of encodings, of the reference, of the law if known."""
    study, kind, edges = plan.study, population.endpoints, plan.norm_edges()
    found = {
        "norms/t": np.array(study.t),
        "norms/edges": edges,
    }
    reference = outcomes[NormsCell(population)]
    if not isinstance(reference, Failure):
        found[f"norms/{kind}/reference"] = _density(reference, edges)
    for choice in choices:
        cells = [outcomes[MethodCell(population, choice, repeat)] for repeat in range(population.repeats)]
        computed = [outcome for outcome in cells if not isinstance(outcome, Failure)]
        if computed:
            counts = np.array([_total(outcome.norms[t] for outcome in computed) for t in study.t])
            found[f"norms/{kind}/{choice.label}"] = _density(counts, edges)
            if kind == "encoded":  # endpoints that follow the prior have its law
                found[f"endpoints/{kind}"] = _density(_total(outcome.ends for outcome in computed), edges)
    radius = plan.subject().prior.radius
    if radius is not None and radius.support[0] < radius.support[1]:
        grid = np.linspace(edges[0], edges[-1], 400)
        density = np.exp(radius.log_pdf(grid))
        finite = np.isfinite(density)  # not where it has a pole
        found |= {"radius/grid": grid[finite], "radius/pdf": density[finite]}
    return found


def _total(counts: Iterable[NDArray[np.int64] | Failure]) -> NDArray[np.int64]:
    """Points in each bin, shape (bins,): none where walks failed."""
    known = [own for own in counts if not isinstance(own, Failure)]
    return np.sum(known, axis=0) if known else np.zeros(BINS, dtype=np.int64)


def _density(counts: NDArray[Any], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    return counts / (np.maximum(counts.sum(axis=-1, keepdims=True), 1) * np.diff(edges))


def _strips(study: Study, population: Population, outcomes: Outcomes) -> dict[str, NDArray[Any]]:
    decoded = outcomes.get(StripsCell(population))
    if decoded is None or isinstance(decoded, Failure):
        return {}
    return {
        f"strips/{population.endpoints}": decoded,
        "strips/methods": np.array([choice.label for choice in study.methods]),
        "strips/t": np.linspace(0, 1, study.steps),
    }


def _profiles(population: Population, choices: Sequence[Choice], outcomes: Outcomes) -> dict[str, NDArray[Any]]:
    """How points go along t, of each method: in the first round, in which all of them take part."""
    cells = (ProfileCell(population, choice) for choice in choices)
    found = {cell.choice.label: outcomes[cell] for cell in cells if isinstance(outcomes.get(cell), Mapping)}
    arrays: dict[str, NDArray[Any]] = {
        f"profile/{population.endpoints}/{label}/{name}": values.astype(_PRECISION.get(name, float))
        for label, profile in found.items()
        for name, values in profile.items()
    }
    return arrays | ({"profile/t": positions_of()} if arrays else {})
