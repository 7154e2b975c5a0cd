"""A report put together: all that its page, its Markdown and other formats show."""

__all__ = ["Report", "compose"]

import functools
import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from latentot.errors import FailureWarning, one_line
from latentot.reporting import tables
from latentot.reporting.answer import answer, promises, subject, subject_name
from latentot.reporting.bibliography import bibtex
from latentot.reporting.controls import Controls, summarise
from latentot.reporting.figures import (
    Drawing,
    attempted,
    attempted_all,
    draw_coordinates,
    draw_correlations,
    draw_courses,
    draw_drift,
    draw_norms,
    draw_price,
    draw_shares,
    draw_shell,
    draw_strips,
)
from latentot.reporting.formats import NOTHING, plain
from latentot.reporting.frames import Strips, strips_of
from latentot.reporting.headline import Headline, headline
from latentot.reporting.looks import Looks, looks
from latentot.reporting.misses import missed
from latentot.reporting.play import play_data
from latentot.reporting.populations import baseline, brief_title, population_title
from latentot.reporting.ranking import Ranking, rank
from latentot.reporting.reading import reading
from latentot.reporting.references import both_references
from latentot.reporting.repeat import requirements, study_file, what_was_run
from latentot.runformat import Definition, Population, RunFolder


@dataclass(frozen=True)
class Part:
    """What a report says of one population."""

    population: Population
    title: str
    brief: str
    ranking: Ranking
    answer: str
    control_failed: bool
    verdicts: tuple[tables.VerdictRow, ...]
    missed: str
    matrix: tables.Matrix
    drift: Drawing

    @property
    def baseline(self) -> str:
        """Whose drift others are shares of."""
        return baseline(self.population.space)

    @property
    def says_share(self) -> bool:
        """Whether drifts are known as shares of the baseline's; older runs do not know them."""
        return any(row.share != NOTHING for row in self.verdicts)

    @property
    def says_first(self) -> bool:
        """Whether it is known of any method from which t on it drifts."""
        return any(row.first_t != NOTHING for row in self.verdicts)


@dataclass(frozen=True)
class Decoded:
    """Decoded walks of one population, as the page shows them; without strips the caption says why."""

    endpoints: str
    heading: str
    caption: str
    strips: Strips | None


@dataclass(frozen=True)
class Report:
    """All that the page and the Markdown show, in order."""

    title: str
    subject: str
    headline: Headline
    what_was_run: str
    controls: Controls
    parts: tuple[Part, ...]
    answers: tuple[Drawing, ...]
    courses: tuple[Drawing, ...]
    prices: tuple[Drawing, ...]
    shells: tuple[Drawing, ...]
    norms: tuple[Drawing, ...]
    coordinates: tuple[Drawing, ...]
    correlations: tuple[Drawing, ...]
    strips: tuple[Drawing, ...]
    decoded: tuple[Decoded, ...]
    play: dict[str, Any]
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
    repeating: tuple[tuple[str, str, str], ...]
    looks: tuple[Looks, ...]
    bibtex: str
    reading: tuple[tuple[str, str], ...]
    methods: tuple[tuple[str, Definition], ...]
    metrics: tuple[tuple[str, Definition], ...]
    origin: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    machine: tuple[tuple[str, str], ...]
    computed: tuple[tuple[str, str], ...]
    timings: tuple[tuple[str, str], ...]

    def drawings(self) -> Iterator[Drawing]:
        """All figures, those without tiles included, and those that the page has as text."""
        yield from self.answers
        for _, _, drawings in self.figures():
            yield from drawings

    def figures(self) -> tuple[tuple[str, str, tuple[Drawing, ...]], ...]:
        """The figures under their headings, each with the name that links have for it."""
        kinds = (
            ("course", "Drift along the walk", self.courses),
            ("drift", "Drift over t", tuple(part.drift for part in self.parts)),
            ("price", "Drift and its price", self.prices),
            ("norms", "The soap bubble", (*self.shells, *self.norms)),
            ("coordinates", "Coordinates at t = 1/2", (*self.coordinates, *self.correlations)),
            ("strips", "Decoded", self.strips),
        )
        return tuple(kind for kind in kinds if kind[2])

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """Sections of the page and what links call them, in order."""
        play = (("play", "Play"),) if self.play["worlds"] else ()
        figures = tuple((anchor, heading) for anchor, heading, drawings in self.figures() if drawings)
        failed = (("failures", "What failed"),) if self.failures or self.pieces_failed else ()
        return (
            *play,
            *figures,
            *(((("looks", "Decoded walks and the decoder")),) if self.looks else ()),
            ("verdicts", "Verdicts in full"),
            ("matrix", "All metrics"),
            *failed,
            ("repeat", "Repeat and cite"),
            ("setup", "Set-up"),
            ("reading", "How to read it"),
            ("methods", "Methods and metrics"),
            ("made", "How it was made"),
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
    latents = [population for population in run.populations if population.space == "latent"]
    first = {population.endpoints: population for population in latents[::-1]}
    shared = [population for population in latents if population is first[population.endpoints]]
    walked = [population for population in shared if population.reference == "prior"]
    strips = tuple(_drawn("strips", draw_strips, run, population) for population in shared)
    decoded = tuple(
        Decoded(
            population.endpoints, drawing.heading, drawing.caption, _decoded(run, population) if drawing.sheet else None
        )
        for population, drawing in zip(shared, strips, strict=True)
    )
    walks = {own.endpoints: own.strips for own in decoded if own.strips is not None}
    return Report(
        title=facts.title or f"Interpolation between latents of {subject_name(run)}",
        subject=subject(run),
        headline=headline(run),
        what_was_run=what_was_run(run),
        controls=summarise(run),
        parts=tuple(_part(run, population) for population in run.populations),
        answers=_all_drawn("shares", draw_shares, run, run.populations),
        courses=_all_drawn("course", draw_courses, run, walked),
        prices=_all_drawn("price", draw_price, run, run.populations),
        shells=_all_drawn("shell", draw_shell, run, walked),
        coordinates=_all_drawn("coordinates", draw_coordinates, run, walked),
        correlations=_all_drawn("correlations", draw_correlations, run, walked),
        norms=tuple(_drawn("norms", draw_norms, run, population) for population in shared),
        strips=strips,
        decoded=decoded,
        play=_played(run, shared, walks),
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
        repeating=tuple(
            (name, file, text)
            for name, file, text in (
                ("Command", "", facts.command),
                ("Study file", "study.toml", study_file(run)),
                ("Versions and machine", "requirements.txt", requirements(run)),
            )
            if text
        ),
        looks=looks(run),
        bibtex=bibtex(run),
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


def _decoded(run: RunFolder, population: Population) -> Strips | None:
    try:
        return strips_of(run, population)
    except Exception as error:
        warnings.warn(f"decoded walks could not be shown: {one_line(error)}", FailureWarning, stacklevel=2)
        return None


def _played(run: RunFolder, populations: list[Population], walks: dict[str, Strips]) -> dict[str, Any]:
    try:
        return play_data(run, populations, walks)
    except Exception as error:
        warnings.warn(f"there is nothing to play: {one_line(error)}", FailureWarning, stacklevel=2)
        return {"worlds": []}


def _all_drawn(
    kind: str,
    draw: Callable[[RunFolder, Population], Sequence[Drawing | None] | Drawing | None],
    run: RunFolder,
    populations: Iterable[Population],
) -> tuple[Drawing, ...]:
    drawn = (attempted_all(kind, population, functools.partial(draw, run, population)) for population in populations)
    return tuple(itertools.chain.from_iterable(drawn))


def _part(run: RunFolder, population: Population) -> Part:
    return Part(
        population=population,
        title=population_title(population),
        brief=brief_title(population),
        ranking=rank(run, population),
        answer=answer(run, population),
        control_failed=run.control_failed(population),
        verdicts=tables.verdict_rows(run, population),
        missed=missed(run, population),
        matrix=tables.matrix(run, population),
        drift=_drawn("drift", draw_drift, run, population),
    )
