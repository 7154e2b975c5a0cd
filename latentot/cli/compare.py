"""The commands that compare, and that say what comparing will take."""

__all__ = ["compare", "plan"]

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from latentot.cli.app import FAILED, INTERRUPTED, UNEXPECTED, app, fail, usage
from latentot.cli.options import chosen, expectations, key_values
from latentot.cli.out import check_name
from latentot.errors import InputError
from latentot.progress import shown
from latentot.reading import path_of

LONGEST = 60
"""Letters of a folder's name: a name has up to 255 bytes, a letter up to four."""


@app.command()
def compare(
    study: Annotated[Path | None, typer.Argument(help="A study file in TOML; flags override its settings.")] = None,
    prior: Annotated[
        str | None, typer.Option(help="Compare on a prior, such as normal, or npz:FILE of its samples.")
    ] = None,
    prior_option: Annotated[
        list[str] | None, typer.Option(help="An option of the prior, key=value, such as df=3 of student-t.")
    ] = None,
    dim: Annotated[int | None, typer.Option(help="Its number of coordinates.")] = None,
    model: Annotated[str | None, typer.Option(help="Compare on a model, such as torch-vae.")] = None,
    model_option: Annotated[list[str] | None, typer.Option(help="An option of the model, key=value.")] = None,
    data: Annotated[str | None, typer.Option(help="Data to encode, such as digits.")] = None,
    latents: Annotated[
        str | None, typer.Option(help="Latents of data that were encoded elsewhere, such as npz:codes.npy.")
    ] = None,
    endpoints: Annotated[list[str] | None, typer.Option(help="prior, encoded; both by default.")] = None,
    method: Annotated[
        list[str] | None, typer.Option(help="A method, as NAME or NAME:key=value,...; may be given again.")
    ] = None,
    metric: Annotated[
        list[str] | None, typer.Option(help="A metric, such as mmd or mmd:width=2.0; may be given again.")
    ] = None,
    judge: Annotated[
        list[str] | None, typer.Option(help="A judge of what a model decodes to, as a metric; may be given again.")
    ] = None,
    features: Annotated[
        str | None, typer.Option(help="What judges see of data: pixels, pca, classifier; pca if not said.")
    ] = None,
    t: Annotated[list[float] | None, typer.Option(help="A position, 0 to 1; may be given again.")] = None,
    pairs: Annotated[
        str | None, typer.Option(help="Pairs in each repeat; auto takes as many as verdicts need, in rounds.")
    ] = None,
    max_pairs: Annotated[int | None, typer.Option(help="Pairs of the last round at most.")] = None,
    max_decoded: Annotated[int | None, typer.Option(help="The same of rounds whose points are decoded.")] = None,
    budget: Annotated[float | None, typer.Option(help="Seconds: no round begins that would end later.")] = None,
    repeats: Annotated[int | None, typer.Option(help="Repeats, each with fresh pairs.")] = None,
    null_draws: Annotated[int | None, typer.Option(help="Draws of the null band.")] = None,
    margin: Annotated[float | None, typer.Option(help="Share of linear's excess that still keeps the prior.")] = None,
    false_drift: Annotated[
        float | None, typer.Option(help="Chance at most that any method that keeps the prior is said to drift.")
    ] = None,
    false_keep: Annotated[
        float | None, typer.Option(help="Chance at most that a method that misses by the margin is said to keep.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same numbers.")] = None,
    jobs: Annotated[int | None, typer.Option(help="Processes; as many as there are cores if not said.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="A Dask scheduler whose workers compute, such as tcp://host:8786.")
    ] = None,
    cluster: Annotated[str | None, typer.Option(help="local: the processes are Dask workers of this machine.")] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Compute cells again that failed before.")
    ] = False,
    cache: Annotated[bool, typer.Option(help="Keep null bands for later runs, and use those of earlier ones.")] = True,
    out: Annotated[Path | None, typer.Option(help="Folder for the results and the report.")] = None,
    expect: Annotated[
        list[str] | None, typer.Option(help="method=verdict; exit status 3 if it is another. May be given again.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Compare ways of walking: which keep the prior, which drift, by how much?"""
    from latentot import study as studies
    from latentot.comparison import Comparison
    from latentot.reporting import render_overview
    from latentot.runformat import prepare, write_sweep

    out = out and path_of(out, "--out")
    given: dict[str, Any] = {
        "prior": prior,
        "dim": dim,
        "model": None if model is None else {"name": model, "options": key_values(model_option or [])},
        "data": data,
        "latents": latents,
        "endpoints": endpoints,
        "methods": method and [chosen(one) for one in method],
        "metrics": metric and [chosen(one) for one in metric],
        "judges": judge and [chosen(one) for one in judge],
        "features": features and chosen(features),
        "t": t,
        "pairs": pairs,
        "max_pairs": max_pairs,
        "max_decoded": max_decoded,
        "budget": budget,
        "repeats": repeats,
        "null_draws": null_draws,
        "margin": margin,
        "false_drift": false_drift,
        "false_keep": false_keep,
        "seed": seed,
    }
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    with usage():
        if model_option and model is None:
            changes["model"] = _with_options(study, "model", key_values(model_option))
        if prior_option and prior is None:
            changes["prior"] = _with_options(study, "prior", key_values(prior_option))
        elif prior_option:
            changes["prior"] = {"name": prior, "options": key_values(prior_option)}
        asked = studies.read_studies(study, **changes) if study else studies.studies_of(**changes)
        _check_subjects(asked, "give --prior NAME --dim N, --model NAME, or a study file that names one")
        engine = studies.Engine(_processes(jobs, scheduler), scheduler, cluster)
        expected = expectations(expect or [], {choice.label for one in asked for choice in one.methods})
        if out is not None:
            check_name(out)
    folders = _folders(asked, out)
    if out is not None:
        prepare(out, sweep=len(asked) > 1)
    for folder in folders:
        if folder is not None:
            prepare(folder)
    null_cache = studies.NullCache(studies.default_folder()) if cache else None
    comparisons = []
    with _resumable(out), engine.lasting() as lasting:
        for one, folder in zip(asked, folders, strict=True):
            with shown(quiet) as progress:
                outcome = studies.run(
                    one,
                    engine=lasting,
                    folder=folder,
                    retry_failed=retry_failed,
                    progress=progress,
                    null_cache=null_cache,
                    subjects=len(asked),
                )
            comparison = Comparison(outcome)
            comparisons.append(comparison)
            _show(comparison, folder)
    if out is not None and len(asked) > 1:
        names = [folder.name for folder in folders if folder is not None]
        write_sweep(out, asked[0].title, list(zip(studies.labels(asked), names, strict=True)))
        sys.stdout.write(f"report: {render_overview(out)}\n")
    _end(comparisons, expected)


def _check_subjects(asked: Sequence[Any], what_to_do: str) -> None:
    if any(one.model is None and (one.prior is None or one.dim is None) for one in asked):
        raise InputError(f"nothing to compare on: {what_to_do}")


def _processes(jobs: int | None, scheduler: str | None) -> int:
    """As many as are asked for, or as this process may have cores."""
    if jobs is not None or scheduler is not None:
        return 1 if jobs is None else jobs
    from loky import cpu_count

    return int(cpu_count())


def _folders(asked: tuple[Any, ...], out: Path | None) -> list[Path | None]:
    """A folder for each study: the one that was given, or one in it for each of several.

    Models and data may have names that no file can have.
    """
    from latentot.study import labels

    if out is None:
        return [None] * len(asked)
    names = [re.sub(r"[^\w.=-]+", "-", label.replace(" = ", "="))[:LONGEST] for label in labels(asked)]
    alike = {name for name in names if names.count(name) > 1 and name}
    return [out / (f"{name}-{place}" if name in alike else name) for place, name in enumerate(names, 1)]


def _show(comparison: Any, folder: Path | None) -> None:
    """Write the report, then tell what is in it."""
    page = comparison.report(folder) if folder is not None else None
    for population in comparison.outcome.facts["populations"]:
        _print_verdict(comparison, population)
    if page is not None:
        sys.stdout.write(f"report: {page}\n")


def _end(comparisons: list[Any], expected: dict[str, str]) -> None:
    """End with the status of what failed, once everything is reported."""
    from latentot.expectations import surprises

    failed_controls = [reason for comparison in comparisons for reason in comparison.failed_controls()]
    if failed_controls:
        fail(f"{_count(failed_controls, 'control')} failed: {failed_controls[0]}", FAILED)
    failures = [failure for comparison in comparisons for failure in comparison.outcome.facts["failures"]]
    if failures:
        fail(f"{_count(failures, 'piece')} failed, the rest is reported: {failures[0]}", FAILED)
    rows = [row for comparison in comparisons for row in comparison.verdict().to_dict("records")]
    if wrong := surprises(rows, expected):
        verb = "is" if len(wrong) == 1 else "are"
        fail(f"{_count(wrong, 'verdict')} {verb} not as expected: {wrong[0]}", UNEXPECTED)


def _count(things: list[Any], name: str) -> str:
    return f"1 {name}" if len(things) == 1 else f"{len(things)} {name}s"


@app.command()
def plan(
    study: Annotated[Path, typer.Argument(help="A study file in TOML.")],
    out: Annotated[Path | None, typer.Option(help="Folder of an earlier run, whose cells are done.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes that the time is estimated for.")] = 1,
    cache: Annotated[bool, typer.Option(help="Count null bands that earlier runs have kept as done.")] = True,
) -> None:
    """What a study will take, a row a round: its pairs, cells, what is done, time and memory, about and at most."""
    from rich.console import Console
    from rich.table import Table

    from latentot import study as studies

    out = out and path_of(out, "--out")
    with usage():
        asked = studies.read_studies(study)
        _check_subjects(asked, f"say in {study.name} which prior and dim, or which model")
    null_cache = studies.NullCache(studies.default_folder()) if cache else None
    folders = _folders(asked, out)
    found = [studies.estimate(one, folder, null_cache, len(asked)) for one, folder in zip(asked, folders, strict=True)]
    several = any(len(one.rounds) > 1 for one in found)
    pairs = ["pairs"] if several else []
    table = Table("subject", *(_right(name) for name in (*pairs, "cells", "done", "time", "memory")), box=None)
    for name, one in zip(studies.labels(asked), found, strict=True):
        for number, own in enumerate(one.rounds):
            subject = name or study.stem if number == 0 else ""
            sizes = [f"{own.pairs:,}"] if several else []
            table.add_row(subject, *sizes, str(own.cells), str(own.done), *_cost(own.seconds / jobs, own.mebibytes))
    if len(found) > 1 or several:
        cells, done, seconds = (sum(getattr(one, what) for one in found) for what in ("cells", "done", "seconds"))
        whole = ("at most, in all", "") if several else ("in all",)
        table.add_row(*whole, str(cells), str(done), *_cost(seconds / jobs, max(one.mebibytes for one in found)))
    Console().print(table)


@contextmanager
def _resumable(out: Path | None) -> Iterator[None]:
    """Say on an interrupt what is kept."""
    try:
        yield
    except KeyboardInterrupt:
        kept = (
            f"finished cells are kept in {out}, the same command resumes from there"
            if out
            else "without --out nothing is kept"
        )
        fail(f"interrupted: {kept}", INTERRUPTED)


def _right(name: str) -> Any:
    from rich.table import Column

    return Column(name, justify="right")


def _cost(seconds: float, mebibytes: float) -> tuple[str, str]:
    hours, rest = divmod(int(seconds + 0.5), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}", f"{mebibytes:,.0f} MiB"


def _with_options(study: Path | None, kind: str, options: dict[str, Any]) -> dict[str, Any]:
    """The model or the prior of a study file with other options."""
    from latentot.study import read_studies

    found = {getattr(one, kind) for one in read_studies(study)} if study else {None}
    choice = found.pop()
    if choice is None or found:
        raise InputError(f"--{kind}-option needs --{kind}, or a study file that has one {kind}")
    return {"name": choice.name, "options": choice.options | options}


def _print_verdict(comparison: Any, population: dict[str, Any]) -> None:
    endpoints, reference = population["endpoints"], population["reference"]
    verdict = comparison.verdict(endpoints, reference, population["space"])
    columns = ["method", "verdict", "worst_metric", "worst_t", "excess", "p_value", "seconds"]
    numbers = {"excess": "{:.1f}".format, "p_value": "{:.4f}".format, "seconds": "{:.3f}".format}
    held = "" if reference == "prior" else f" held against the {reference}"
    held += ", decoded" * (population["space"] == "data")
    sys.stdout.write(f"\n{endpoints} endpoints{held}, {population['n']} pairs, {population['repeats']} repeats\n")
    sys.stdout.write(verdict[columns].to_string(index=False, formatters=numbers) + "\n")
    for row in verdict.to_dict("records"):
        if row["verdict"] == "inconclusive" and row["status"] == "ok":
            sys.stdout.write(f"{row['method']} is inconclusive: {row['reason']}\n")
