"""The command that checks that a plugin is plugged in right."""

__all__ = ["check"]

import sys
from typing import Annotated

import typer

from latentot.cli.app import FAILED, app, fail, usage
from latentot.cli.options import key_values


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="An installed model, an interpolation or a metric, such as torch-vae.")],
    model_option: Annotated[list[str] | None, typer.Option(help="An option of the model, key=value.")] = None,
    method_option: Annotated[list[str] | None, typer.Option(help="An option of the interpolation, key=value.")] = None,
    metric_option: Annotated[list[str] | None, typer.Option(help="An option of the metric, key=value.")] = None,
    prior: Annotated[str, typer.Option(help="The prior that an interpolation or a metric is checked on.")] = "normal",
    dim: Annotated[int, typer.Option(help="Coordinates of its latents.")] = 8,
    data: Annotated[str | None, typer.Option(help="Data for its encoder, such as digits.")] = None,
    expect_failure: Annotated[
        list[str] | None, typer.Option(help="check=reason of a check that is known to fail; may be given again.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the latents that it is checked on.")] = 0,
) -> None:
    """Check that a model, an interpolation or a metric is plugged in right, and say what to change where it is not."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from latentot.checks import check_interpolation, check_metric, check_model
    from latentot.data import load_data
    from latentot.metrics import METRICS, drift
    from latentot.models import MODELS
    from latentot.paths import METHODS, interpolation
    from latentot.priors import named_prior

    with usage():
        images = load_data(data).test if data else None
        expected = {key: str(value) for key, value in key_values(expect_failure or []).items()}
    if name not in MODELS.names() and name in METHODS.names():
        law = named_prior(prior, dim)
        path = interpolation(name, law, **key_values(method_option or []))
        report = check_interpolation(path, law, expected_failures=expected, seed=seed)
    elif name not in MODELS.names() and name in METRICS.names():
        metric = drift(name, **key_values(metric_option or []))
        report = check_metric(metric, named_prior(prior, dim), expected_failures=expected, seed=seed)
    else:
        report = check_model(
            name, options=key_values(model_option or []), data=images, expected_failures=expected, seed=seed
        )
    table = Table("check", "outcome", "what it asserts", box=None)
    colours = {"passed": "green", "failed": "bold red"}
    for result in report.results:
        table.add_row(result.check, Text(result.outcome, colours.get(result.outcome, "dim")), result.title)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    for result in report.results:
        if result.message:
            sys.stdout.write(f"{result.check}: {result.message}\n")
    if report.failures:
        names = ", ".join(result.check for result in report.failures)
        fail(f"{report.name} fails {len(report.failures)} of {len(report.results)} checks: {names}", FAILED)
