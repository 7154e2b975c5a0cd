"""The commands that read stored runs."""

__all__ = ["diff", "report"]

import sys
from pathlib import Path
from typing import Annotated

import typer

from latentot.cli.app import app


@app.command()
def report(
    folders: Annotated[list[Path], typer.Argument(help="What compare or inspect wrote; of several, one page.")],
    kind: Annotated[str, typer.Option("--format", help="html, md, latex (a fragment, report.bib) or pdf.")] = "html",
    out: Annotated[Path | None, typer.Option(help="Where the page over several runs goes; default: together.")] = None,
) -> None:
    """Render a report again from what is stored, or one page over several runs; nothing is computed again."""
    from latentot.pages import report as rendered

    sys.stdout.write(f"report: {rendered(folders, out, kind)}\n")


@app.command()
def diff(
    first: Annotated[Path, typer.Argument(help="The folder of a run.")],
    second: Annotated[Path, typer.Argument(help="The folder of another.")],
) -> None:
    """What differs between two runs: settings, versions, machine, numbers, verdicts."""
    from latentot.reporting import diff as compared

    for line in compared(first, second).lines():
        sys.stdout.write(f"{line}\n")
