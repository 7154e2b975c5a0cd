"""What latentot finds through entry points: `train` makes a checkpoint, `load` makes a model of one."""

__all__ = ["load", "train"]

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from latentot.data import Data
from latentot.errors import InputError, unknown_name
from latentot.models import Model
from latentot.priors import Normal
from latentot_torch_vae.atomic import check_writable, write
from latentot_torch_vae.options import whole_numbers

SUFFIX = ".safetensors"


def train(
    data: Data,
    out: Path,
    *,
    progress: Callable[[int, int, Mapping[str, float]], None],
    prior: str = "normal",
    latent: int = 8,
    likelihood: str = "bernoulli",
    epochs: int = 200,
    batch_size: int = 64,
    learning_rate: float = 2e-3,
    seed: int = 0,
    hidden: int | Sequence[int] = (256, 256),
) -> dict[str, float]:
    """Train a VAE and write its checkpoint, wholly or not at all.

    Args:
        data: images in [0, 1], shape (n, *shape), to train on and held out.
        out: the checkpoint to write, *.safetensors; an old one stays as it was until training has succeeded.
        progress: called after every epoch with the epoch, from 1 on, their number, and the terms (see Returns).
        prior: p(z); "normal" is N(0, I).
        latent: number of latent coordinates.
        likelihood: p(x|z): "bernoulli" or "gaussian" (with a standard deviation of 0.1).
        epochs: passes over the training images.
        batch_size: images a step.
        learning_rate: of the first step; it falls to zero along half a cosine.
        seed: the same seed gives the same weights bit for bit on one machine.
        hidden: widths of the encoder's hidden layers; the decoder has them in reverse.

    Returns:
        The last epoch's terms of the negative ELBO, in nats per image: "reconstruction", "kl",
        "held-out reconstruction", "held-out kl".

    Raises:
        InputError: an option is not accepted, `out` cannot be written, or training diverged.

    References:
        D. P. Kingma, M. Welling (2014). Auto-Encoding Variational Bayes. arXiv:1312.6114.
    """
    import torch

    from latentot_torch_vae.checkpoint import PRIORS, Checkpoint, to_bytes
    from latentot_torch_vae.likelihood import likelihood as likelihood_of
    from latentot_torch_vae.network import Architecture
    from latentot_torch_vae.training import Recipe, fit

    if prior not in PRIORS:
        raise unknown_name("prior", prior, PRIORS)
    architecture = Architecture(data.shape, latent=latent, hidden=whole_numbers("hidden", hidden))
    observed = likelihood_of(likelihood)
    recipe = Recipe(epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, seed=seed)
    images = {part: torch.tensor(_checked(data, part)) for part in ("train", "test")}
    out = Path(out)
    if out.suffix != SUFFIX:
        raise InputError(f"a checkpoint's name ends in {SUFFIX}, got {str(out)!r}")
    check_writable(out)

    vae, terms = fit(architecture, observed, recipe, train=images["train"], held_out=images["test"], progress=progress)
    trained = Checkpoint(architecture, observed, prior, data.name, recipe, terms, vae.state_dict())
    write(out, to_bytes(trained))
    return terms


def load(checkpoint: str, device: str = "cpu") -> Model:
    """Make a model of a checkpoint that `train` wrote.

    Args:
        checkpoint: path of the file.
        device: where it computes: "cpu", or "cuda" or "cuda:0" ... where there are such.

    Returns:
        A model with decoder and encoder on NumPy arrays; it can be pickled, and then does without the file.

    Raises:
        InputError: the file is missing, damaged or of another kind, or the device is not there.
    """
    raw, path = _content(checkpoint)

    from latentot_torch_vae.checkpoint import from_bytes
    from latentot_torch_vae.coder import Coder

    _check_device(device)
    try:
        trained = from_bytes(raw)
    except InputError as error:
        raise InputError(f"{path} is not a checkpoint of torch-vae: {error}") from error
    coder = Coder(trained, device)
    digest = hashlib.sha256(raw).hexdigest()
    return Model(
        prior=Normal(trained.architecture.latent),
        decode=coder.decode,
        encode=coder.encode,
        name="torch-vae",
        provenance={"checkpoint": path.name, "sha256": digest, **trained.header()},
    )


def _content(checkpoint: object) -> tuple[bytes, Path]:
    if not isinstance(checkpoint, str | os.PathLike):
        raise InputError(f"checkpoint is the path of a {SUFFIX} file, got {checkpoint!r}")
    path = Path(checkpoint)
    try:
        return path.read_bytes(), path
    except FileNotFoundError as error:
        raise InputError(
            f"there is no checkpoint {path}: make one with "
            f"`latentot train torch-vae --data digits --latent 8 --out {path}`"
        ) from error
    except OSError as error:
        raise InputError(f"cannot read the checkpoint {path}: {error.strerror}; give a {SUFFIX} file") from error


def _check_device(device: object) -> None:
    import torch

    here = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    here += [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    if device not in here:
        raise InputError(f"the device {device!r} is not there: accepted here are {', '.join(here)}")


def _checked(data: Data, part: str) -> NDArray[np.float32]:
    images: NDArray[np.float32] = np.asarray(getattr(data, part), dtype=np.float32)
    if images.shape[1:] != data.shape or not images.size:
        raise InputError(f"{data.name}: one or more {part} images of shape {data.shape} are needed, got {images.shape}")
    if not (images.min() >= 0 and images.max() <= 1):
        raise InputError(f"{data.name}: {part} images lie in [0, 1], got {images.min():g} to {images.max():g}")
    return images
