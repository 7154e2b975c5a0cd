"""The report of a sweep: what became of every method on every subject, beside each other."""

__all__ = ["Overview", "compose_overview"]

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from latentot.reporting import tables
from latentot.reporting.figures import Drawing, attempted
from latentot.reporting.figures.subjects import DRIFT, SEEN, Quantity, draw_over_subjects
from latentot.reporting.formats import count, listed, number, signed
from latentot.reporting.headline import Headline, headline_over
from latentot.reporting.populations import baseline, brief_title, law, population_title
from latentot.reporting.sweep import Subject, Sweep
from latentot.runformat import Definition, Population

MIN_REPEATS = 5
"""With fewer, the share of repeats that show drift says little."""
MIN_DRAWS = 20
"""With fewer, no repeat alone can show drift: its least p-value, 1 / (draws + 1), is not below 5 %."""
LEAST = 0.01
"""Smaller shares of the baseline's drift differ by chance only."""
SPLIT = 0.5
"""A chance that is no promise: each test then has a level of its own."""
BY_CHANCE = (
    "Each method is tested on each subject at 5 %: of twenty that keep the law that they are held against, one at most "
    "is said to drift by chance, on average."
)


@dataclass(frozen=True)
class Entry:
    """One method on one subject, written out; `state` is keeps, drifts, inconclusive or none.

    `share` is how far it drifts, of linear's drift, and `size` the length of a bar for it, in per cent of the whole.
    """

    method: str
    state: str
    symbol: str = ""
    excess: str = ""
    share: str = ""
    size: float = 0.0
    where: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One subject: its name, the folder of its own report, its size, and an entry for each method."""

    label: str
    folder: str
    size: str
    control_failed: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Section:
    """What is said of one population of every subject."""

    title: str
    brief: str
    baseline: str
    answers: tuple[str, ...]
    methods: tuple[str, ...]
    rows: tuple[Row, ...]
    drift: Drawing
    seen: Drawing | None


@dataclass(frozen=True)
class Overview:
    """All that the page and the Markdown of a sweep show, in order."""

    title: str
    subject: str
    headline: Headline
    sections: tuple[Section, ...]
    methods: tuple[tuple[str, Definition], ...]
    metrics: tuple[tuple[str, Definition], ...]
    by_chance: str
    changes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def says_share(self) -> bool:
        """Whether drifts are known as shares of the baseline's; older runs do not know them."""
        return any(entry.share for section in self.sections for row in section.rows for entry in row.entries)

    def figures(self) -> tuple[tuple[str, str, tuple[Drawing, ...]], ...]:
        """The figures under their headings, each with the name that links have for it."""
        kinds = (
            ("drift", "Drift of each subject", tuple(section.drift for section in self.sections)),
            ("seen", "How often drift is seen", tuple(section.seen for section in self.sections if section.seen)),
        )
        return tuple(kind for kind in kinds if kind[2])

    def drawings(self) -> Iterator[Drawing]:
        """All figures, those without tiles included."""
        for _, _, drawings in self.figures():
            yield from drawings


def compose_overview(sweep: Sweep, changes: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> Overview:
    """Puts the report of a sweep together, figures included.

    Args:
        sweep: the runs.
        changes: what differs between some of them, a line each, by a heading.
    """
    runs = [subject.run for subject in sweep.subjects]
    methods = {name: entry for run in runs for name, entry in run.facts.methods.items()}
    metrics = {name: entry for run in runs for name, entry in run.facts.metrics.items()}
    sections = tuple(_section(sweep, population) for population in sweep.populations())
    along = f" along {sweep.axis.name}" if sweep.axis.name else ""
    return Overview(
        title=sweep.title,
        subject=f"{len(runs)} subjects{along}: {_apart([subject.label for subject in sweep.subjects])}",
        headline=_headline(sections, sweep),
        sections=sections,
        methods=tables.definitions(sweep.method_names(), methods),
        metrics=tables.definitions(sweep.metric_names(), metrics),
        by_chance=_by_chance(sweep),
        changes=changes,
    )


def _headline(sections: tuple[Section, ...], sweep: Sweep) -> Headline:
    """The answer in one sentence, over all populations."""
    entries = [entry for section in sections for row in section.rows for entry in row.entries]
    states = {
        method: [entry.state for entry in entries if entry.method == method and entry.state != "none"]
        for method in sweep.method_names()
    }
    laws = list(dict.fromkeys(population.reference for population in sweep.populations()))
    return headline_over(states, law(laws[0]) if len(laws) == 1 else "its law", len(sweep.subjects))


def _by_chance(sweep: Sweep) -> str:
    """How often verdicts err where nothing drifts: levels are split over subjects, where ranks can reach them."""
    chances = [population.false_drift for subject in sweep.subjects for population in subject.run.populations]
    known = [chance for chance in chances if chance is not None]
    if len(known) < len(chances) or not known or max(known) > SPLIT:
        return BY_CHANCE
    return (
        f"Of all subjects together, in at most {100 * max(known):.2g} % of such comparisons is any method that keeps "
        "the law that it is held against said to drift."
    )


def _section(sweep: Sweep, population: Population) -> Section:
    judged = [v.method for s in sweep.subjects for v in s.run.facts.verdicts if v.key == population.key]
    methods = tuple(name for name in sweep.method_names() if name in judged)
    rows = tuple(_row(subject, population, methods) for subject in sweep.subjects)
    repeats = max(
        (p.repeats or 0 for s in sweep.subjects for p in s.run.populations if p.key == population.key), default=0
    )
    draws = min(
        (p.n_null for s in sweep.subjects for p in s.run.populations if p.key == population.key and p.n_null),
        default=MIN_DRAWS,
    )
    return Section(
        title=population_title(population),
        brief=brief_title(population),
        baseline=baseline(population.space),
        answers=tuple(_answer(method, rows, population) for method in methods),
        methods=methods,
        rows=rows,
        drift=_drawn(sweep, population, DRIFT),
        seen=_drawn(sweep, population, SEEN) if repeats >= MIN_REPEATS and draws >= MIN_DRAWS else None,
    )


def _drawn(sweep: Sweep, population: Population, quantity: Quantity) -> Drawing:
    return attempted(quantity.kind, population, functools.partial(draw_over_subjects, sweep, population, quantity))


def _row(subject: Subject, population: Population, methods: tuple[str, ...]) -> Row:
    verdicts = {v.method: v for v in subject.run.facts.verdicts if v.key == population.key}
    own = next((p for p in subject.run.populations if p.key == population.key), population)
    entries = []
    for method in methods:
        verdict = verdicts.get(method)
        if verdict is None:
            entries.append(Entry(method, "none"))
            continue
        state = verdict.verdict if verdict.verdict in tables.SYMBOLS else "inconclusive"
        at = "" if verdict.worst_t is None else f"{verdict.worst_metric}, t = {number(verdict.worst_t)}"
        far = "" if verdict.share is None else f"{100 * verdict.share:,.0f} %" if verdict.share >= LEAST else "< 1 %"
        # Shares go over several decades; their roots show the small ones too.
        size = round(100 * min(1.0, max(0.0, verdict.share or 0.0)) ** 0.5, 1)
        symbol = tables.SYMBOLS[state]
        entries.append(Entry(method, state, symbol, signed(verdict.excess), far, size, at, verdict.reason))
    size = f"d = {subject.run.facts.subject.get('dim')}, {count(own.n)} pairs, {count(own.repeats)} repeats"
    return Row(subject.label, subject.folder, size, subject.run.control_failed(population), tuple(entries))


def _answer(method: str, rows: tuple[Row, ...], population: Population) -> str:
    """What becomes of one method, in a sentence."""
    states = {row.label: next(entry.state for entry in row.entries if entry.method == method) for row in rows}
    told = {
        state: [label for label, own in states.items() if own == state] for state in ("keeps", "drifts", "inconclusive")
    }
    known = sum(map(len, told.values()))
    verbs = {"keeps": f"keeps {law(population.reference)}", "drifts": "drifts", "inconclusive": "is inconclusive"}
    clauses = []
    for state, labels in told.items():
        if labels:
            where = "on every subject" if len(labels) == len(rows) else f"on {_named(labels)}"
            clauses.append(f"{verbs[state]} {where}")
    if known < len(rows):
        clauses.append(f"was not tried on {_named([label for label, own in states.items() if own == 'none'])}")
    return f"{method} {listed(clauses)}."


def _named(labels: list[str]) -> str:
    """Subjects in a sentence."""
    return _apart(labels) if any("," in label for label in labels) else listed(labels)


def _apart(labels: list[str]) -> str:
    """Subjects one after another; a comma does not part those that have one themselves."""
    return ("; " if any("," in label for label in labels) else ", ").join(labels)
