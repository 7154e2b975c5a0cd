"""The command line: flags in, one call of the library, a table and a path out."""

__all__ = ["app", "main"]

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from latentot.errors import InputError

app = typer.Typer(
    help="Are the points between two latents still latents that the model knows?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FAILED, USAGE, INTERRUPTED = 1, 2, 130


def main() -> None:
    """Run the command line; whatever goes wrong is one line, unless --debug is given."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    try:
        app(arguments)
    except KeyboardInterrupt:
        _fail("interrupted", INTERRUPTED)
    except InputError as error:
        if debug:
            raise
        _fail(str(error), FAILED)
    except Exception as error:
        if debug:
            raise
        _fail(f"unexpected {type(error).__name__}: {error} (--debug shows where)", FAILED)


@app.callback()
def options(debug: Annotated[bool, typer.Option(help="Show tracebacks; may stand anywhere.")] = False) -> None:
    """Are the points between two latents still latents that the model knows?"""


@app.command()
def compare(
    study: Annotated[
        Path | None, typer.Argument(help="A study file, TOML; flags take the place of its settings.")
    ] = None,
    prior: Annotated[str | None, typer.Option(help="Compare on a prior, such as normal.")] = None,
    dim: Annotated[int | None, typer.Option(help="Its number of coordinates.")] = None,
    model: Annotated[str | None, typer.Option(help="Compare on a model, such as torch-vae.")] = None,
    model_option: Annotated[list[str] | None, typer.Option(help="An option of the model, key=value.")] = None,
    data: Annotated[str | None, typer.Option(help="Data to encode, such as digits.")] = None,
    endpoints: Annotated[list[str] | None, typer.Option(help="prior, encoded; both by default.")] = None,
    method: Annotated[list[str] | None, typer.Option(help="A method; may be given again.")] = None,
    metric: Annotated[list[str] | None, typer.Option(help="A metric; may be given again.")] = None,
    t: Annotated[list[float] | None, typer.Option(help="A position, 0 to 1; may be given again.")] = None,
    pairs: Annotated[int | None, typer.Option(help="Pairs in each repeat.")] = None,
    repeats: Annotated[int | None, typer.Option(help="Repeats, each with fresh pairs.")] = None,
    null_draws: Annotated[int | None, typer.Option(help="Draws of the null band.")] = None,
    margin: Annotated[float | None, typer.Option(help="Share of linear's excess that still keeps the prior.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same numbers.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes.")] = 1,
    cache: Annotated[bool, typer.Option(help="Keep null bands for later runs, and use those of earlier ones.")] = True,
    out: Annotated[Path | None, typer.Option(help="Folder for the results and the report.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Compare ways of walking: which keep the prior, which drift, by how much?"""
    from latentot import study as studies
    from latentot.comparison import Comparison

    given = {
        "prior": prior,
        "dim": dim,
        "model": None if model is None else {"name": model, "options": _pairs(model_option or [])},
        "data": data,
        "endpoints": endpoints,
        "methods": method,
        "metrics": metric,
        "t": t,
        "pairs": pairs,
        "repeats": repeats,
        "null_draws": null_draws,
        "margin": margin,
        "seed": seed,
    }
    changes = {key: value for key, value in given.items() if value is not None}
    with _usage():
        if model_option and model is None:
            changes["model"] = _with_options(study, _pairs(model_option))
        asked = studies.read_study(study, **changes) if study else studies.Study.of(**changes)
    if out is not None:
        studies.prepare(out)
    with _progress(quiet) as progress:
        null_cache = studies.NullCache(studies.default_folder()) if cache else None
        comparison = Comparison(studies.run(asked, jobs=jobs, progress=progress, null_cache=null_cache))
    for population in comparison.outcome.facts["populations"]:
        _print_verdict(comparison, population)
    if out is not None:
        sys.stdout.write(f"report: {comparison.report(out)}\n")
    failed_controls = comparison.failed_controls()
    if failed_controls:
        controls = "1 control" if len(failed_controls) == 1 else f"{len(failed_controls)} controls"
        _fail(f"{controls} failed: {failed_controls[0]}", FAILED)
    failures = comparison.outcome.facts["failures"]
    if failures:
        _fail(f"{len(failures)} pieces failed, the rest is reported: {failures[0]}", FAILED)


@app.command()
def report(folder: Annotated[Path, typer.Argument(help="A folder that compare wrote.")]) -> None:
    """Render a report again from what is stored; nothing is computed again."""
    from latentot.report import render

    sys.stdout.write(f"report: {render(folder)}\n")


@app.command()
def train(
    name: Annotated[str, typer.Argument(help="A model that can be trained, such as torch-vae.")],
    data: Annotated[str, typer.Option(help="Data to train on, such as digits.")],
    out: Annotated[Path, typer.Option(help="The checkpoint to write.")],
    latent: Annotated[int | None, typer.Option(help="Coordinates of the latent.")] = None,
    prior: Annotated[str | None, typer.Option(help="The prior to train with.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Passes through the data.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same weights.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="Another option of the trainer, key=value.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Train a model on a data source and write its checkpoint."""
    from latentot.data import load_data
    from latentot.models import load_trainer

    given = {"latent": latent, "prior": prior, "epochs": epochs, "seed": seed}
    options = {key: value for key, value in given.items() if value is not None} | _pairs(option or [])
    with _usage():
        trainer, images = load_trainer(name, options), load_data(data)
    with _progress(quiet) as progress:
        trainer(images, out, progress=lambda done, of, terms: progress(done, of, _terms(terms)), **options)
    sys.stdout.write(f"checkpoint: {out}\n")


@app.command(name="list")
def list_() -> None:
    """List methods, metrics, priors, models and data sources."""
    from latentot.data import data_sources
    from latentot.drift import drift, drifts
    from latentot.models import model_names
    from latentot.paths import interpolations, method
    from latentot.priors import prior_names

    sections = {
        "methods": {name: method(name).formula for name in interpolations()},
        "metrics": {name: drift(name).title for name in drifts()},
        "priors": dict.fromkeys(prior_names(), ""),
        "models": model_names(),
        "data": dict.fromkeys(data_sources(), ""),
    }
    for title, entries in sections.items():
        sys.stdout.write(f"{title}\n")
        for name, about in entries.items():
            sys.stdout.write(f"  {name:<20} {about}".rstrip() + "\n")


def _with_options(study: Path | None, options: dict[str, Any]) -> dict[str, Any]:
    """The model of a study file with other options."""
    from latentot.study import read_study

    model = read_study(study).model if study else None
    if model is None:
        raise InputError("--model-option needs --model, or a study file that has a model")
    return {"name": model.name, "options": model.options | options}


def _fail(message: str, status: int) -> None:
    sys.stderr.write(f"latentot: {' '.join(message.split())}\n")
    sys.exit(status)


@contextmanager
def _usage() -> Iterator[None]:
    """What is refused here was said wrong on the command line or in a study file."""
    try:
        yield
    except InputError as error:
        if "--debug" in sys.argv:
            raise
        _fail(str(error), USAGE)


@contextmanager
def _progress(quiet: bool) -> Iterator[Any]:
    """A bar on a terminal; elsewhere a line for each tenth of the way."""
    if quiet:
        yield lambda *_: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
        )
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("", total=None)
            yield lambda done, of, what: bar.update(task, completed=done, total=of, description=what)
    else:

        def line(done: int, of: int, what: str) -> None:
            if done * 10 // of > (done - 1) * 10 // of:
                sys.stderr.write(f"{done} of {of}: {what}\n")
                sys.stderr.flush()

        yield line


def _print_verdict(comparison: Any, population: dict[str, Any]) -> None:
    endpoints, reference = population["endpoints"], population["reference"]
    verdict = comparison.verdict(endpoints, reference)
    columns = ["method", "verdict", "worst_metric", "worst_t", "excess", "p_value", "seconds"]
    numbers = {"excess": "{:.1f}".format, "p_value": "{:.4f}".format, "seconds": "{:.3f}".format}
    held = "" if reference == "prior" else f" held against the {reference}"
    sys.stdout.write(f"\n{endpoints} endpoints{held}, {population['n']} pairs, {population['repeats']} repeats\n")
    sys.stdout.write(verdict[columns].to_string(index=False, formatters=numbers) + "\n")


def _pairs(options: list[str]) -> dict[str, Any]:
    """key=value flags; a value is read as TOML where it is TOML (8, 0.5, true), else it is text."""
    found: dict[str, Any] = {}
    for option in options:
        key, equals, text = option.partition("=")
        if not equals or not key:
            _fail(f"an option is given as key=value, got {option!r}", USAGE)
        try:
            found[key] = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            found[key] = text
    return found


def _terms(terms: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in terms.items())
