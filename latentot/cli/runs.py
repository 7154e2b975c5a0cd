"""The commands that read stored runs."""

__all__ = ["diff", "report"]

import sys
from pathlib import Path
from typing import Annotated

import typer

from latentot.cli.app import app


@app.command()
def report(folder: Annotated[Path, typer.Argument(help="A folder that compare or inspect wrote.")]) -> None:
    """Render a report again from what is stored; nothing is computed again."""
    from latentot.report import render

    if (folder / "inspection.json").is_file():
        from latentot.inspection import render as render_inspection

        sys.stdout.write(f"report: {render_inspection(folder)}\n")
        return

    sys.stdout.write(f"report: {render(folder)}\n")


@app.command()
def diff(
    first: Annotated[Path, typer.Argument(help="The folder of a run.")],
    second: Annotated[Path, typer.Argument(help="The folder of another.")],
) -> None:
    """What differs between two runs: settings, versions, machine, numbers, verdicts."""
    from latentot.report import diff as compared

    for line in compared(first, second).lines():
        sys.stdout.write(f"{line}\n")
