"""What latentot finds through entry points: `train` makes a checkpoint, `load` makes a model of one."""

__all__ = ["load", "train"]

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from latentot.data import Data
from latentot.errors import InputError
from latentot.models import Model, torch_device
from latentot.reading import path_of, refuse_pointer
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
    beta: float = 1.0,
    epochs: int = 200,
    batch_size: int = 64,
    learning_rate: float = 2e-3,
    seed: int = 0,
    body: str = "auto",
    hidden: int | Sequence[int] | None = None,
    patience: int = 0,
    augment: bool = False,
    device: str = "auto",
    precision: str = "auto",
    threads: int = 1,
    resume: bool = False,
) -> dict[str, float]:
    """Train a VAE and write its checkpoint, wholly or not at all.

    Every half minute its state is kept beside `out`, in *.training.safetensors; it is removed when training has
    succeeded.

    Args:
        data: images in [0, 1], shape (n, *shape), to train on and held out.
        out: the checkpoint to write, *.safetensors; an old one stays as it was until training has succeeded.
        progress: called after every epoch with the epoch, from 1 on, their number, and the terms (see Returns).
        prior: p(z): "normal" is N(0, I), "cauchy" the product of Cauchy laws, "sphere" uniform on the unit sphere;
            "none" makes a plain autoencoder, whose prior are the codes of its training images.
        latent: number of latent coordinates.
        likelihood: p(x|z): "bernoulli" or "gaussian" (with a standard deviation of 0.1).
        beta: what the KL is multiplied by.
        epochs: passes over the training images.
        batch_size: images a step.
        learning_rate: of the first step; it falls to zero along half a cosine.
        seed: the same seed gives the same weights bit for bit on one machine.
        body: "mlp", "conv", or "auto": convolutions for colour and for images of more than 32 pixels a side.
        hidden: widths of the encoder's hidden layers, or channels of its convolutions; the decoder has them in reverse.
            Chosen by the images' shape by default.
        patience: epochs without a better held-out objective after which training ends, with the best epoch's weights;
            0 goes through all epochs.
        augment: whether images are moved, turned, stretched and sheared a little, anew in every epoch.
        device: "cpu", "cuda", "mps", or "auto": CUDA where there is such a GPU.
        precision: "float32", "bfloat16" (mixed), or "auto": mixed with CUDA.
        threads: of torch on the CPU.
        resume: go on with an unfinished training of the same options and data.

    Returns:
        The terms of the negative ELBO, in nats per image, of the last epoch, or with patience of the best:
        "reconstruction", "kl", "held-out reconstruction", "held-out kl".

    Raises:
        InputError: an option is not accepted, `out` cannot be written, there is nothing to resume, or training
            diverged.

    References:
        D. P. Kingma, M. Welling (2014). Auto-Encoding Variational Bayes. arXiv:1312.6114.
        I. Higgins et al. (2017). beta-VAE: learning basic visual concepts. ICLR.
    """
    import torch

    from latentot_torch_vae.bodies import default_body, default_hidden
    from latentot_torch_vae.checkpoint import Checkpoint, to_bytes
    from latentot_torch_vae.coder import codes_of
    from latentot_torch_vae.likelihood import likelihood as likelihood_of
    from latentot_torch_vae.network import Architecture
    from latentot_torch_vae.recipe import Recipe
    from latentot_torch_vae.training import fit
    from latentot_torch_vae.unfinished import Unfinished

    there = torch_device(("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device)
    if there.startswith("mps") and prior == "sphere":
        raise InputError("prior sphere is trained in double precision, which mps does not have: give device cpu")
    body = default_body(data.shape) if body == "auto" else body
    sizes = default_hidden(body, data.shape) if hidden is None else whole_numbers("hidden", hidden)
    architecture = Architecture(data.shape, latent=latent, hidden=sizes, body=body, prior=prior)
    observed = likelihood_of(likelihood)
    if precision == "auto":
        precision = "bfloat16" if there.startswith("cuda") else "float32"
    if augment and len(data.shape) != 3:
        raise InputError(f"augment needs images of shape (channels, height, width), got {data.shape}")
    recipe = Recipe(
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
        beta=beta,
        patience=patience,
        augment=augment,
        precision=precision,
        threads=threads,
    )
    images = {part: torch.tensor(_checked(data, part)) for part in ("train", "test")}
    out = path_of(out, "out")
    if out.suffix != SUFFIX:
        raise InputError(f"a checkpoint's name ends in {SUFFIX}, got {str(out)!r}")
    check_writable(out)
    unfinished = Unfinished(out, architecture, observed, recipe, data.facts)

    vae, terms = fit(
        architecture,
        observed,
        recipe,
        train=images["train"],
        held_out=images["test"],
        progress=progress,
        device=there,
        begun=unfinished.read() if resume else None,
        keep=unfinished.keep,
    )
    codes = codes_of(vae, images["train"]) if prior == "none" else None
    write(out, to_bytes(Checkpoint(architecture, observed, data.facts, recipe, terms, vae.state_dict(), codes)))
    unfinished.remove()
    return terms


def load(checkpoint: str, device: str = "cpu") -> Model:
    """Make a model of a checkpoint that `train` wrote.

    Args:
        checkpoint: path of the file.
        device: where it computes: "cpu", or "cuda", "cuda:0", "mps" ... where there are such.

    Returns:
        A model with decoder and encoder on NumPy arrays; it can be pickled, and then does without the file.

    Raises:
        InputError: the file is missing, damaged or of another kind, or the device is not available.
    """
    raw, path = _content(checkpoint)

    from latentot_torch_vae.checkpoint import from_bytes
    from latentot_torch_vae.coder import Coder

    torch_device(device)
    try:
        trained = from_bytes(raw)
    except InputError as error:
        raise InputError(f"{path} is not a checkpoint of torch-vae: {error}") from error
    coder = Coder(trained, device)
    digest = hashlib.sha256(raw).hexdigest()
    return Model(
        prior=trained.prior,
        decode=coder.decode,
        encode=coder.encode,
        name="torch-vae",
        provenance={"checkpoint": path.name, "sha256": digest, **trained.header()},
    )


def _content(checkpoint: object) -> tuple[bytes, Path]:
    if not isinstance(checkpoint, str | os.PathLike):
        raise InputError(f"checkpoint is the path of a {SUFFIX} file, got {checkpoint!r}")
    path = path_of(checkpoint, "checkpoint")
    refuse_pointer(path)
    try:
        return path.read_bytes(), path
    except FileNotFoundError as error:
        raise InputError(
            f"there is no checkpoint {path}: make one with "
            f"`latentot train torch-vae --data digits --latent 8 --out {path}`"
        ) from error
    except OSError as error:
        raise InputError(f"cannot read the checkpoint {path}: {error.strerror}; give a {SUFFIX} file") from error


def _checked(data: Data, part: str) -> NDArray[np.float32]:
    images: NDArray[np.float32] = np.ascontiguousarray(getattr(data, part), dtype=np.float32)
    if images.shape[1:] != data.shape or not images.size:
        raise InputError(f"{data.name}: one or more {part} images of shape {data.shape} are needed, got {images.shape}")
    if not (images.min() >= 0 and images.max() <= 1):
        raise InputError(f"{data.name}: {part} images lie in [0, 1], got {images.min():g} to {images.max():g}")
    return images
