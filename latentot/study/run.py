"""Running a study: its cells are computed, in any order and on any number of processes, and put together."""

__all__ = ["Outcome", "Progress", "run"]

import datetime
import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line
from latentot.models import Model
from latentot.paths.laws import DISTRIBUTION
from latentot.priors import Prior
from latentot.study.cells import Cell, ControlCell, MethodCell, NullCell, StripsCell
from latentot.study.controls import SHRUNK, check_controls
from latentot.study.null_cache import NullCache
from latentot.study.plan import Plan, norms_of
from latentot.study.provenance import describe
from latentot.study.spec import Choice, Study
from latentot.study.subject import Population
from latentot.study.table import MethodResult, Table, values_of

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

Progress = Callable[[int, int, str], None]
"""Called as cells are done: how many are done, how many there are, which one it was."""

DRAWS_A_CELL = 5
YARDSTICK = Choice(name="linear")


@dataclass(frozen=True)
class Outcome:
    """What a study found, as it is stored.

    Args:
        results: one row a measurement.
        facts: what was run, where, and the verdicts; plain data.
        artefacts: arrays that figures need.
    """

    results: "pd.DataFrame"
    facts: dict[str, Any]
    artefacts: dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Failure:
    """Why a cell has no outcome."""

    reason: str


def run(
    study: Study,
    *,
    live: Prior | Model | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
    null_cache: NullCache | None = None,
) -> Outcome:
    """Compute a study.

    Args:
        study: what to compare.
        live: a prior or a model that the study does not name.
        jobs: processes.
        progress: called as cells are done.
        null_cache: null bands of earlier runs, used where they are this study's and added to.

    Raises:
        InputError: the subject cannot be made, or does not serve what the study asks for.
    """
    import pandas as pd

    if jobs < 1:
        raise InputError(f"jobs is at least 1, got {jobs}")
    started = datetime.datetime.now(datetime.UTC)
    plan = Plan(uuid.uuid4().hex, study, live)
    populations = plan.subject().populations(study)
    for choice in _measured(study):
        plan.path(choice, study.pairs)
    loaded = {population: null_cache.load(plan, population) for population in populations} if null_cache else {}
    known = {population: band for population, band in loaded.items() if band is not None}
    cells = list(_cells(plan, populations, known))
    done: dict[Cell, Any] = {}
    for cell, outcome in _computed(cells, plan, jobs):
        done[cell] = outcome
        if progress is not None:
            progress(len(done), len(cells), cell.title)
    # Cells are done in any order; numbers must not depend on it.
    outcomes = {cell: done[cell] for cell in cells}
    drawn = {population: _draws(study, population, outcomes) for population in populations if population not in known}
    if null_cache:
        for population, band in drawn.items():
            null_cache.keep(plan, population, band)
    bands = known | drawn
    tests = sum(isinstance(cell, ControlCell) for cell in cells) * 2 * len(study.metrics)
    tables = [_table(plan, population, outcomes, bands[population], tests) for population in populations]
    facts = describe(study, plan.subject(), populations, started)
    facts["null"] = {population.label: "cached" if population in known else "computed" for population in populations}
    facts["controls"] = [row for table in tables for row in table.control_rows()]
    facts["verdicts"] = [row for table in tables for row in table.verdicts()]
    facts["cells"] = [row for table in tables for row in table.cells()]
    facts["failures"] = [f"{c.title}: {o.reason}" for c, o in outcomes.items() if isinstance(o, Failure)]
    artefacts: dict[str, NDArray[Any]] = {}
    for population, table in zip(populations, tables, strict=True):
        artefacts[f"null/{population.label}"] = table.draws
        if population.reference == "prior":
            artefacts |= _norms(plan, population, outcomes) | _strips(study, population, outcomes)
    return Outcome(pd.concat([table.rows() for table in tables], ignore_index=True), facts, artefacts)


def _measured(study: Study) -> tuple[Choice, ...]:
    return study.methods if YARDSTICK in study.methods else (*study.methods, YARDSTICK)


def _cells(plan: Plan, populations: tuple[Population, ...], known: Collection[Population]) -> Iterator[Cell]:
    study = plan.study
    for population in populations:
        for repeat in range(population.repeats):
            yield ControlCell(population, repeat)
        for choice in _measured(study):
            for repeat in range(population.repeats):
                yield MethodCell(population, choice, repeat)
        for first in range(0, 0 if population in known else study.null_draws, DRAWS_A_CELL):
            yield NullCell(population, first, min(first + DRAWS_A_CELL, study.null_draws))
        if plan.subject().model is not None and study.strips and population.reference == "prior":
            yield StripsCell(population)


def _computed(cells: list[Cell], plan: Plan, jobs: int) -> Iterator[tuple[Cell, Any]]:
    if jobs == 1:
        yield from (_compute(cell, plan) for cell in cells)
        return
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=jobs, return_as="generator_unordered")(delayed(_compute)(cell, plan) for cell in cells)


def _compute(cell: Cell, plan: Plan) -> tuple[Cell, Any]:
    """A cell that fails is recorded and the rest goes on; without the null band of its prior a study says nothing."""
    try:
        return cell, cell.compute(plan)
    except Exception as error:
        if isinstance(cell, NullCell) and cell.population.reference == "prior":
            raise
        return cell, Failure(one_line(error))


def _table(plan: Plan, population: Population, outcomes: dict[Cell, Any], draws: Floats, tests: int) -> Table:
    study = plan.study

    def repeats(choice: Choice) -> list[MethodResult]:
        return [_result(study, outcomes[MethodCell(population, choice, r)]) for r in range(population.repeats)]

    controls = [outcomes[ControlCell(population, repeat)] for repeat in range(population.repeats)]
    measured = [{} if isinstance(control, Failure) else control for control in controls]
    if DISTRIBUTION in plan.path(YARDSTICK, population.n).claims():
        # Where the straight line keeps the prior there is nothing to take a share of.
        shrunk = [np.repeat(values_of(control[SHRUNK]), len(study.t)) for control in measured if control]
        yardstick = np.array(shrunk)
    else:
        yardstick = np.array([values_of(result.measured) for result in repeats(YARDSTICK)])
    checked = check_controls(study.metrics, draws[:, :: len(study.t)], measured, tests)
    methods = {choice.label: repeats(choice) for choice in study.methods}
    return Table(study, plan.subject(), population, draws, methods, yardstick, checked)


def _draws(study: Study, population: Population, outcomes: dict[Cell, Any]) -> Floats:
    """Values of the null draws, shape (B, k)."""
    drawn = [outcomes[cell] for cell in outcomes if isinstance(cell, NullCell) and cell.population == population]
    k = len(study.metrics) * len(study.t)
    if any(isinstance(part, Failure) for part in drawn):
        return np.full((study.null_draws, k), np.nan)
    return np.array([values_of(draw) for part in drawn for draw in part])


def _result(study: Study, outcome: Any) -> MethodResult:
    if isinstance(outcome, Failure):
        k = len(study.metrics) * len(study.t)
        return MethodResult([outcome.reason] * k, [np.nan] * k, [])
    return MethodResult(outcome.measured, outcome.spread, outcome.seconds)


def _norms(plan: Plan, population: Population, outcomes: dict[Cell, Any]) -> dict[str, NDArray[Any]]:
    """Densities of norms: of the points of each method and t, of encodings, of the reference, of the law if known."""
    study, kind, edges = plan.study, population.endpoints, plan.norm_edges()
    found = {
        "norms/t": np.array(study.t),
        "norms/edges": edges,
        f"norms/{kind}/reference": _density(np.histogram(norms_of(plan.reference(population)), edges)[0], edges),
    }
    for choice in study.methods:
        cells = [outcomes[MethodCell(population, choice, repeat)] for repeat in range(population.repeats)]
        computed = [outcome for outcome in cells if not isinstance(outcome, Failure)]
        if computed:
            found[f"norms/{kind}/{choice.label}"] = _density(np.sum([o.norms for o in computed], axis=0), edges)
            if kind == "encoded":  # endpoints that follow the prior have its law
                found[f"endpoints/{kind}"] = _density(np.sum([o.ends for o in computed], axis=0), edges)
    radius = plan.subject().prior.radius
    if radius is not None and radius.support[0] < radius.support[1]:
        grid = np.linspace(edges[0], edges[-1], 400)
        found |= {"radius/grid": grid, "radius/pdf": np.exp(radius.log_pdf(grid))}
    return found


def _density(counts: NDArray[Any], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    return counts / (np.maximum(counts.sum(axis=-1, keepdims=True), 1) * np.diff(edges))


def _strips(study: Study, population: Population, outcomes: dict[Cell, Any]) -> dict[str, NDArray[Any]]:
    decoded = outcomes.get(StripsCell(population))
    if decoded is None or isinstance(decoded, Failure):
        return {}
    return {
        f"strips/{population.endpoints}": decoded,
        "strips/methods": np.array([choice.label for choice in study.methods]),
        "strips/t": np.linspace(0, 1, study.steps),
    }
