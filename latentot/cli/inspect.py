"""The command that inspects a model."""

__all__ = ["inspect"]

import sys
from pathlib import Path
from typing import Annotated

import typer

from latentot.cli.app import app, usage
from latentot.cli.options import key_values
from latentot.cli.out import check_name
from latentot.errors import InputError
from latentot.progress import shown
from latentot.reading import path_of


@app.command()
def inspect(
    model: Annotated[str, typer.Argument(help="A model, such as torch-vae.")],
    out: Annotated[Path, typer.Option(help="Folder for the report.")],
    model_option: Annotated[list[str] | None, typer.Option(help="An option of the model, key=value.")] = None,
    data: Annotated[str | None, typer.Option(help="Data to encode and to judge by, such as digits.")] = None,
    method: Annotated[list[str] | None, typer.Option(help="A method of walking; may be given again.")] = None,
    features: Annotated[str | None, typer.Option(help="How data are seen, such as pca or classifier.")] = None,
    judge: Annotated[list[str] | None, typer.Option(help="A judge of draws of the prior; may be given again.")] = None,
    ends: Annotated[str, typer.Option(help="What stands for data as ends of walks: draws or means.")] = "draws",
    budget: Annotated[float, typer.Option(help="Seconds for decoding; where it takes longer, less is looked at.")] = 60,
    seed: Annotated[int, typer.Option(help="The same seed gives the same numbers.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Look at a model's latent space: reconstructions, prior, norms, surroundings, samples, walks, a plane."""
    import latentot
    from latentot.data import load_data
    from latentot.inspection.inspecting import METHODS
    from latentot.inspection.operations import JUDGES
    from latentot.models import load_model

    out = path_of(out, "--out")
    check_name(out)
    with usage():
        options = key_values(model_option or [])
        if out.exists() and not out.is_dir():
            raise InputError(f"{out} is a file: give --out the name of a folder")
    made = load_model(model, **options)
    images = None if data is None else load_data(data)
    with shown(quiet) as progress:
        found = latentot.inspect(
            made,
            images,
            methods=method or METHODS,
            features=features,
            judges=judge or JUDGES,
            ends=ends,
            budget=budget,
            seed=seed,
            out=out,
            progress=progress,
        )
    sys.stdout.write(f"{found!r}\nreport: {out / 'report.html'}\n")
