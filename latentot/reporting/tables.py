"""A stored run as tables of plain text: what the page and the Markdown both show."""

__all__ = [
    "POPULATION_COLUMNS",
    "CellRow",
    "Failure",
    "Matrix",
    "VerdictRow",
    "definitions",
    "failures",
    "matrix",
    "population_rows",
    "settings",
    "verdict_rows",
]

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from latentot.reporting.formats import NOTHING, count, number, plain, share, signed
from latentot.runformat import Cell, Definition, Population, RunFolder

# A symbol beside every colour: the tables must work in black and white, and for every reader.
SYMBOLS = {"keeps": "✓", "drifts": "✗", "inconclusive": "?"}
POPULATION_COLUMNS = (
    "Endpoints",
    "Reference",
    "Space",
    "Pairs",
    "Repeats",
    "Reference points",
    "Null draws",
    "Null band",
)
_UNDEFINED = Definition()


@dataclass(frozen=True)
class VerdictRow:
    """One method's verdict, written out; `state` is keeps, drifts, or inconclusive for all else."""

    method: str
    title: str
    state: str
    symbol: str
    verdict: str
    share: str
    theory: str
    pairs: str
    worst_metric: str
    worst_t: str
    excess: str
    first_t: str
    first_metric: str
    p_value: str
    seconds: str
    reason: str
    note: str


@dataclass(frozen=True)
class CellRow:
    """One method under one metric, written out; `state` is keeps, drifts, inconclusive or none.

    `resolved` is false where what chance adds to a bound is as large as the margin: then the cell says nothing of it.
    """

    method: str
    metric: str
    state: str
    symbol: str
    t: str = NOTHING
    value: str = NOTHING
    null_mean: str = NOTHING
    null_sd: str = NOTHING
    excess: str = NOTHING
    difference: str = NOTHING
    interval: str = ""
    unit: str = NOTHING
    upper: str = NOTHING
    margin: str = NOTHING
    least: str = NOTHING
    resolved: bool = True
    p_value: str = NOTHING


@dataclass(frozen=True)
class Matrix:
    """Methods (rows) by metrics (columns); every row has one cell a metric."""

    metrics: tuple[str, ...]
    rows: tuple[tuple[str, tuple[CellRow, ...]], ...]

    @property
    def known(self) -> tuple[CellRow, ...]:
        """The cells that have a measurement, row by row."""
        return tuple(cell for _, cells in self.rows for cell in cells if cell.state != "none")


@dataclass(frozen=True)
class Failure:
    """Measurements that did not come about, and why."""

    endpoints: str
    reference: str
    method: str
    metric: str
    status: str
    times: int


def verdict_rows(run: RunFolder, population: Population) -> tuple[VerdictRow, ...]:
    """The verdict table of one population, a row a method, in the stored order."""
    return tuple(
        VerdictRow(
            method=verdict.method,
            title=_title(verdict.method, run.facts.methods.get(verdict.method, _UNDEFINED)),
            state=verdict.verdict if verdict.verdict in SYMBOLS else "inconclusive",
            symbol=SYMBOLS.get(verdict.verdict, "?"),
            verdict=verdict.verdict,
            share=share(verdict.share, verdict.share_low, verdict.share_high),
            theory=verdict.theory or NOTHING,
            pairs=count(population.n if verdict.n is None else verdict.n),
            worst_metric=verdict.worst_metric or NOTHING,
            worst_t=_position(verdict.worst_t),
            excess=signed(verdict.excess),
            # What a failed control voids drifts from nowhere.
            first_t=_position(verdict.first_t if verdict.verdict == "drifts" else None),
            first_metric=verdict.first_metric if verdict.verdict == "drifts" and verdict.first_metric else NOTHING,
            p_value=number(verdict.p_value),
            seconds=number(verdict.seconds),
            reason=verdict.reason,
            note=verdict.note,
        )
        for verdict in run.facts.verdicts
        if verdict.key == population.key
    )


def matrix(run: RunFolder, population: Population) -> Matrix:
    """The method by metric table of one population, each cell where the method is worst."""
    cells = {(cell.method, cell.metric): cell for cell in run.facts.cells if cell.key == population.key}
    metrics = tuple(name for name in run.metric_names() if any(metric == name for _, metric in cells))
    methods = [name for name in run.method_names() if any(method == name for method, _ in cells)]
    units = {metric: run.facts.metrics.get(metric, _UNDEFINED).unit for metric in metrics}
    return Matrix(
        metrics=metrics,
        rows=tuple(
            (method, tuple(_cell_row(method, metric, units[metric], cells.get((method, metric))) for metric in metrics))
            for method in methods
        ),
    )


def _cell_row(method: str, metric: str, unit: str, cell: Cell | None) -> CellRow:
    if cell is None or cell.value is None:
        return CellRow(method, metric, state="none", symbol=NOTHING)
    state = "keeps" if cell.keeps else "drifts" if cell.drifts else "inconclusive"
    return CellRow(
        method=method,
        metric=metric,
        state=state,
        symbol=SYMBOLS[state],
        t=_position(cell.t),
        value=number(cell.value),
        null_mean=number(cell.null_mean),
        null_sd=number(cell.null_sd),
        excess=signed(cell.excess),
        difference=number(cell.difference),
        interval="" if cell.low is None or cell.high is None else f"[{number(cell.low)}, {number(cell.high)}]",
        unit=unit or NOTHING,
        upper=number(cell.upper),
        margin=number(cell.margin),
        least=number(cell.least),
        resolved=cell.noise is None or cell.margin is None or cell.noise < cell.margin,
        p_value=number(cell.p_value),
    )


def _position(t: float | None) -> str:
    return NOTHING if t is None else f"{t:g}"


def failures(run: RunFolder) -> tuple[Failure, ...]:
    """The measurements whose status is not ok, counted by population, method, metric and reason."""
    failed = run.results[run.results["status"] != "ok"]
    names = ("endpoints", "reference", "method", "metric", "status")
    reasons = Counter(zip(*(failed[name] for name in names), strict=True))
    return tuple(Failure(**dict(zip(names, reason, strict=True)), times=times) for reason, times in reasons.items())


def settings(given: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Named settings as pairs of text, without those that were left open.

    >>> settings({"null_draws": 199, "t": [0.25, 0.5], "data": None})
    (('null draws', '199'), ('t', '0.25, 0.5'))
    """
    pairs = ((name.replace("_", " "), plain(value)) for name, value in given.items())
    return tuple((name, text) for name, text in pairs if text != NOTHING)


def definitions(names: Iterable[str], known: Mapping[str, Definition]) -> tuple[tuple[str, Definition], ...]:
    """What each name stands for; a title that only repeats the name is left out, an exact metric's error is "none".

    >>> definitions(["earth-mover"], {"earth-mover": Definition(title="Earth mover")})[0][1].title
    ''
    """
    found = ((name, known.get(name, _UNDEFINED)) for name in names)
    return tuple(
        (name, replace(entry, title=_title(name, entry), error="none" if entry.error == "exact" else entry.error))
        for name, entry in found
    )


def _title(name: str, entry: Definition) -> str:
    return "" if entry.title.lower().replace(" ", "-") == name.lower() else entry.title


def population_rows(run: RunFolder) -> tuple[tuple[str, ...], ...]:
    """The populations, a row each with `POPULATION_COLUMNS`."""
    return tuple(
        (
            *p.key,
            *(count(number) for number in (p.n, p.repeats, p.n_reference, p.n_null)),
            {"cached": "from a cache"}.get(origin := run.facts.null.get(p.label, NOTHING), origin),
        )
        for p in run.populations
    )
