"""The command that walks between images, or latents, and shows what is on the way."""

__all__ = ["interpolate"]

import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from latentot.cli.app import app, usage
from latentot.cli.options import key_values
from latentot.cli.out import check_file
from latentot.errors import InputError, one_line
from latentot.reading import path_of, refuse_pointer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from latentot.models import Model

TALL = 64
"""Images of less pixels than this are enlarged, each pixel to a square."""
FRAME = 120
"""Milliseconds that a film shows one point for."""


@app.command()
def interpolate(
    model: Annotated[str, typer.Option(help="A model, such as torch-vae.")],
    a: Annotated[Path | None, typer.Argument(help="Where the walk starts: an image, or a latent in .npy.")] = None,
    b: Annotated[Path | None, typer.Argument(help="Where it ends.")] = None,
    latents: Annotated[
        str | None, typer.Option(help="Walk through the latents of a file instead, such as npz:seeds.npy.")
    ] = None,
    model_option: Annotated[list[str] | None, typer.Option(help="An option of the model, key=value.")] = None,
    method: Annotated[str, typer.Option(help="The interpolation.")] = "cauchy",
    method_option: Annotated[list[str] | None, typer.Option(help="An option of the method, key=value.")] = None,
    steps: Annotated[int, typer.Option(help="Points from one to the next, both included.")] = 9,
    seed: Annotated[int, typer.Option(help="Seed of the draws from the encoder, and of the method's.")] = 0,
    out: Annotated[
        Path, typer.Option(help="The strip to write, .png; .gif, a film; or .npy, the data as they are.")
    ] = Path("strip.png"),
) -> None:
    """Walk from A to B, or from latent to latent, and write what a model decodes on the way."""
    import numpy as np

    from latentot.models import decoded, load_model
    from latentot.paths import METHODS, interpolation

    out = path_of(out, "--out")
    with usage():
        ends = _ends(a, b, latents)
        if steps < 2:
            raise InputError(f"a path has at least 2 steps, its ends, got {steps}")
        options = key_values(method_option or [])
        known = METHODS.options(method, beside=1)
        _check_out(out)
    made = load_model(model, **key_values(model_option or []))
    # A method that draws does so by the seed; others have no rng.
    path = interpolation(method, made.prior, **({"rng": seed} if "rng" in known else {}) | options)
    rng = np.random.default_rng(seed)
    stops = [_latent(end, made, rng) for end in ends] if latents is None else _listed(latents, made)
    # Where one leg ends the next begins: that point is there once.
    legs = [path(z0, z1, np.linspace(0, 1, steps))[leg > 0 :] for leg, (z0, z1) in enumerate(pairwise(stops))]
    data = decoded(made, np.concatenate(legs).reshape(-1, *made.prior.shape))
    _write(out, data, made)
    sys.stdout.write(f"strip: {out}\n")


def _ends(a: Path | None, b: Path | None, latents: str | None) -> list[Path]:
    """The files that A and B are, none where latents are listed in a file."""
    if latents is not None:
        if a is not None:
            raise InputError("walk from A to B, or through --latents, not both")
        return []
    if a is None or b is None:
        raise InputError("give A and B, images or latents in .npy, or --latents npz:FILE with two latents or more")
    return [path_of(a, "A"), path_of(b, "B")]


def _listed(named: str, model: "Model") -> "list[NDArray[np.float64]]":
    """Latents of a file, each of shape (1, *prior.shape)."""
    import numpy as np

    from latentot.priors import prior_in_text, read_latents

    choice = prior_in_text(named)
    options = choice["options"] if choice else {"file": named}
    found = read_latents(**options)
    if found.shape[1:] != model.prior.shape:
        raise InputError(
            f"{options['file']} has latents of shape {found.shape[1:]}, those of {model.name} are {model.prior.shape}"
        )
    return [z[None].astype(np.float64) for z in found]


def _latent(file: Path, model: "Model", rng: "np.random.Generator") -> "NDArray[np.float64]":
    """The latent of a file, shape (1, *prior.shape): as it is, or drawn from what the encoder says of an image."""
    import numpy as np

    if file.suffix.lower() != ".npy":
        return _encoded(file, model, rng)
    refuse_pointer(file)
    try:
        latent = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"cannot read the latent {file} ({one_line(error)}): save it with numpy.save") from error
    shape = model.prior.shape
    if latent.shape not in (shape, (1, *shape)) or not np.issubdtype(latent.dtype, np.floating):
        raise InputError(
            f"{file} has {latent.dtype} of shape {latent.shape}: a latent of {model.name} has floating-point numbers "
            f"of shape {shape}"
        )
    return latent.reshape(1, *shape).astype(np.float64)


def _encoded(file: Path, model: "Model", rng: "np.random.Generator") -> "NDArray[np.float64]":
    import numpy as np

    from latentot.data.picture import read_picture
    from latentot.models import decoded, encoded

    if model.encode is None:
        raise InputError(f"{model.name} has no encoder, so {file} cannot be an image: give latents in .npy")
    shape = decoded(model, model.prior.sample(1, rng=0)).shape[1:]
    match shape:
        case (height, width) | (1, height, width):
            picture = read_picture(file, (height, width), "L").pixels
        case (3, height, width):
            picture = read_picture(file, (height, width), "RGB").pixels
        case (height, width, 3):
            picture = np.moveaxis(read_picture(file, (height, width), "RGB").pixels, 0, -1)
        case _:
            raise InputError(f"{model.name} decodes to shape {shape}, which is not an image: give latents in .npy")
    return encoded(model, picture.reshape(1, *shape)).sample(rng=rng)


def _check_out(out: Path) -> None:
    """Find out before a model is loaded whether the strip can be written."""
    from PIL import Image

    Image.init()
    if out.suffix.lower() != ".npy" and Image.EXTENSION.get(out.suffix.lower()) not in Image.SAVE:
        raise InputError(f"--out is the name of an image, such as strip.png, or of a .npy file, got {out}")
    check_file(out)


def _write(out: Path, data: "NDArray[Any]", model: "Model") -> None:
    import numpy as np
    from PIL import Image

    from latentot.models import drawn
    from latentot.reporting.figures.mosaic import as_pixels, gap_of, mosaic

    try:
        if out.suffix.lower() == ".npy":
            np.save(out, data)
            return
        pixels = as_pixels(drawn(model, data, 1), leading=1)
        if pixels is None:
            raise InputError(
                f"{model.name} decodes to shape {data.shape[1:]}, which is not an image: write --out points.npy"
            )
        height, width = pixels.shape[1:3]
        times = -(-TALL // height)
        pixels = pixels.repeat(times, axis=1).repeat(times, axis=2)
        if out.suffix.lower() == ".gif":
            first, *others = (Image.fromarray((frame * 255).round().astype(np.uint8)) for frame in pixels)
            first.save(out, save_all=True, append_images=others, duration=FRAME, loop=0)
            return
        strip = mosaic(pixels[None], gap_of(height * times, width * times))
        Image.fromarray((strip * 255).round().astype(np.uint8)).save(out)
    except OSError as error:
        raise InputError(f"cannot write {out}: {error.strerror or error}") from error
