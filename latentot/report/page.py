"""The report as one HTML page and as Markdown, from the same composed parts."""

__all__ = ["Report", "compose", "inline_svg", "markdown_text", "to_html", "to_markdown"]

import functools
import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from latentot.report import tables
from latentot.report.answer import answer, promises, subject, subject_name
from latentot.report.controls import Controls, summarise
from latentot.report.figures import Drawing, attempted, draw_drift, draw_norms, draw_strips
from latentot.report.formats import NOTHING, plain
from latentot.report.misses import missed
from latentot.report.overview import Overview
from latentot.report.populations import population_title
from latentot.report.reading import reading
from latentot.report.references import both_references
from latentot.runformat import Definition, Population, RunFolder

if TYPE_CHECKING:
    import jinja2


@dataclass(frozen=True)
class Part:
    """What a report says of one population."""

    population: Population
    title: str
    answer: str
    control_failed: bool
    verdicts: tuple[tables.VerdictRow, ...]
    missed: str
    matrix: tables.Matrix
    drift: Drawing

    @property
    def says_share(self) -> bool:
        """Whether drifts are known as shares of linear's; older runs do not know them."""
        return any(row.share != NOTHING for row in self.verdicts)

    @property
    def says_first(self) -> bool:
        """Whether it is known of any method from which t on it drifts."""
        return any(row.first_t != NOTHING for row in self.verdicts)


@dataclass(frozen=True)
class Report:
    """All that the page and the Markdown show, in order."""

    title: str
    subject: str
    controls: Controls
    parts: tuple[Part, ...]
    norms: tuple[Drawing, ...]
    strips: tuple[Drawing, ...]
    both_references: str
    promises: tuple[str, ...]
    failures: tuple[tables.Failure, ...]
    pieces_failed: tuple[str, ...]
    n_measurements: int
    n_failed: int
    settings: tuple[tuple[str, str], ...]
    provenance: tuple[tuple[str, str], ...]
    population_columns: tuple[str, ...]
    populations: tuple[tuple[str, ...], ...]
    reading: tuple[tuple[str, str], ...]
    methods: tuple[tuple[str, Definition], ...]
    metrics: tuple[tuple[str, Definition], ...]
    origin: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    machine: tuple[tuple[str, str], ...]
    computed: tuple[tuple[str, str], ...]
    timings: tuple[tuple[str, str], ...]

    def drawings(self) -> Iterator[Drawing]:
        """All figures, those without tiles included."""
        for _, drawings in self.figures():
            yield from drawings

    def figures(self) -> tuple[tuple[str, tuple[Drawing, ...]], ...]:
        """The figures under their headings."""
        return (
            ("Drift over t", tuple(part.drift for part in self.parts)),
            ("The soap bubble", self.norms),
            ("Decoded", self.strips),
        )


def compose(run: RunFolder) -> Report:
    """Puts a report together, figures included.

    Args:
        run: the run.

    Returns:
        Its parts, in the order of the page.
    """
    facts = run.facts
    failures = tables.failures(run)
    # Of endpoints that are held against several references: they and what they decode to do not depend on it.
    first = {population.endpoints: population for population in run.populations[::-1]}
    shared = [population for population in run.populations if population is first[population.endpoints]]
    return Report(
        title=facts.title or f"Interpolation between latents of {subject_name(run)}",
        subject=subject(run),
        controls=summarise(run),
        parts=tuple(_part(run, population) for population in run.populations),
        norms=tuple(_drawn("norms", draw_norms, run, population) for population in shared),
        strips=tuple(_drawn("strips", draw_strips, run, population) for population in shared),
        both_references=both_references(run),
        promises=promises(run),
        failures=failures,
        pieces_failed=facts.failures,
        n_measurements=len(run.results),
        n_failed=sum(failure.times for failure in failures),
        settings=tables.settings(facts.study),
        provenance=tables.settings(_origin(facts.subject)),
        population_columns=tables.POPULATION_COLUMNS,
        populations=tables.population_rows(run),
        reading=reading(run),
        methods=tables.definitions(run.method_names(), facts.methods),
        metrics=tables.definitions(run.metric_names(), facts.metrics),
        origin=tables.settings({name: getattr(facts, name) for name in ("command", "seed", "started", "finished")}),
        versions=tables.settings(facts.versions),
        machine=tables.settings(facts.machine),
        computed=tables.settings(facts.computed),
        timings=tuple(
            (stage, plain(seconds) if seconds is None else f"{plain(seconds)} s")
            for stage, seconds in facts.seconds.items()
        ),
    )


def _origin(about: Mapping[str, Any]) -> dict[str, object]:
    """The prior with its parameters, and what a model says of where it comes from."""
    return {"prior": about.get("facts"), **(about.get("provenance") or {})}


def _drawn(
    kind: str, draw: Callable[[RunFolder, Population], Drawing], run: RunFolder, population: Population
) -> Drawing:
    return attempted(kind, population, functools.partial(draw, run, population))


def _part(run: RunFolder, population: Population) -> Part:
    return Part(
        population=population,
        title=population_title(population),
        answer=answer(run, population),
        control_failed=run.control_failed(population),
        verdicts=tables.verdict_rows(run, population),
        missed=missed(run, population),
        matrix=tables.matrix(run, population),
        drift=_drawn("drift", draw_drift, run, population),
    )


def to_html(report: Report | Overview) -> str:
    """The page: one file without scripts, its pictures inside it."""
    return _environment(autoescape=True).get_template(f"{type(report).__name__.lower()}.html.j2").render(report=report)


def to_markdown(report: Report | Overview) -> str:
    """The same for code-hosting pages; it links the files in figures/."""
    return _environment(autoescape=False).get_template(f"{type(report).__name__.lower()}.md.j2").render(report=report)


@functools.cache
def _environment(*, autoescape: bool) -> "jinja2.Environment":
    """The templates of pages, or of Markdown, each compiled once."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("latentot.report"),
        autoescape=autoescape,  # noqa: S701 - Markdown has an escape of its own
        finalize=None if autoescape else markdown_text,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["inline"] = _inline_tile
    return environment


def markdown_text(value: object) -> object:
    """Text that Markdown shows as it is, in table cells too; markup marked as safe passes.

    >>> markdown_text("a|b <script> $x_1$")
    'a\\\\|b &lt;script&gt; \\\\$x\\\\_1\\\\$'
    """
    if hasattr(value, "__html__"):
        return value
    line = html.escape(" ".join(str(value).split()), quote=False)
    return re.sub(r"([\\`*_\[\]|~$#])", r"\\\1", line)


def _inline_tile(svg: str, name: str, label: str) -> object:
    import markupsafe

    return markupsafe.Markup(inline_svg(svg, name, label))  # noqa: S704 - drawn here, and its label is escaped


def inline_svg(svg: str, name: str, label: str) -> str:
    """An SVG file's text as an element of a page: no prologue, its ids its own, as wide as there is room.

    >>> inline_svg('<?xml?>\\n<svg width="9pt" height="9pt" viewBox="0 0 9 9"><g id="a"/></svg>', "f", "A & B")
    '<svg role="img" aria-label="A &amp; B" viewBox="0 0 9 9"><g id="f-a"/></svg>'
    """
    start = svg.index("<svg ")
    head, body = svg[start:].split(">", 1)
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    head = head.replace("<svg ", f'<svg role="img" aria-label="{html.escape(label)}" ', 1)
    body = re.sub(r'(\bid="|href="#|url\(#)', lambda match: f"{match[1]}{name}-", body)
    return f"{head}>{body}".strip()
