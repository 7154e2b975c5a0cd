"""The commands that train models and list what there is."""

__all__ = ["list_", "train"]

import math
import sys
from pathlib import Path
from typing import Annotated

import typer

from latentot.cli.app import app, usage
from latentot.cli.catalogues import catalogues
from latentot.cli.options import key_values
from latentot.cli.out import check_file
from latentot.progress import shown
from latentot.reading import path_of


@app.command()
def train(
    name: Annotated[str, typer.Argument(help="A model that can be trained, such as torch-vae.")],
    data: Annotated[str, typer.Option(help="Data to train on, such as digits.")],
    out: Annotated[Path, typer.Option(help="The checkpoint to write.")],
    latent: Annotated[int | None, typer.Option(help="Coordinates of the latent.")] = None,
    prior: Annotated[str | None, typer.Option(help="The prior to train with.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Passes through the data.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same weights.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted training.")] = False,
    option: Annotated[list[str] | None, typer.Option(help="Another option of the trainer, key=value.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Train a model on a data source and write its checkpoint."""
    from latentot.data import load_data
    from latentot.models import load_trainer

    out = path_of(out, "--out")
    given = {"latent": latent, "prior": prior, "epochs": epochs, "seed": seed, "resume": resume or None}
    options = {key: value for key, value in given.items() if value is not None} | key_values(option or [])
    with usage():
        trainer = load_trainer(name, options)
        check_file(out)
        images = load_data(data)
    sys.stdout.write(f"data: {images.about}\n")
    with shown(quiet) as progress:
        trainer(images, out, progress=lambda done, of, terms: progress(done, of, _terms(terms), math.nan), **options)
    sys.stdout.write(f"checkpoint: {out}\n")


@app.command(name="list")
def list_(
    load: Annotated[bool, typer.Option("--load", help="Import every plugin, and say why one cannot be.")] = False,
) -> None:
    """List everything that has a name: methods, metrics, priors, models, data, judges and so on, and what brings it."""
    from latentot.catalogue import OWN
    from latentot.data import SOURCES, data_sources, source_of

    forms = {source_of(form): form for form in data_sources()}
    for heading, catalogue in catalogues().items():
        sys.stdout.write(f"{heading}\n")
        for name, origin in catalogue.origins().items():
            about = catalogue.about(name) if origin == OWN else origin
            trouble = catalogue.trouble(name) if load and name not in catalogue.own else ""
            shown = forms[name] if catalogue is SOURCES else name
            sys.stdout.write(f"  {shown:<20} {about}{trouble and f': {trouble}'}".rstrip() + "\n")


def _terms(terms: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in terms.items())
