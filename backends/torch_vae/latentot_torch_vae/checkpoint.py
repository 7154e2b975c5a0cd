"""The checkpoint: safetensors whose metadata say, in JSON, all that is needed to rebuild the model."""

__all__ = ["Checkpoint", "from_bytes", "to_bytes"]

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from latentot.errors import InputError, unknown_name
from latentot_torch_vae.likelihood import Likelihood, likelihood
from latentot_torch_vae.network import Architecture, assemble
from latentot_torch_vae.training import Recipe

FORMAT = "latentot-torch-vae"
VERSION = 1
PRIORS = ("normal",)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A trained model and where it comes from.

    Args:
        architecture: the network.
        likelihood: p(x|z).
        prior: name of p(z), the law of latents.
        data: name of the data it was trained on.
        recipe: how it was trained.
        terms: the last epoch's terms of the negative ELBO, in nats per image.
        weights: a float32 tensor for each name of the network's `state_dict()`.
    """

    architecture: Architecture
    likelihood: Likelihood
    prior: str
    data: str
    recipe: Recipe
    terms: Mapping[str, float]
    weights: Mapping[str, Tensor] = field(repr=False)

    def __post_init__(self) -> None:
        if self.prior not in PRIORS:
            raise unknown_name("prior", self.prior, PRIORS)

    def header(self) -> dict[str, Any]:
        """All but the weights, as plain data for JSON."""
        parts = {"architecture": self.architecture, "likelihood": self.likelihood, "recipe": self.recipe}
        return {
            "format": FORMAT,
            "version": VERSION,
            **{name: asdict(part) for name, part in parts.items()},
            "prior": self.prior,
            "data": self.data,
            "terms": dict(self.terms),
        }


def to_bytes(checkpoint: Checkpoint) -> bytes:
    """The checkpoint as the content of a safetensors file."""
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in checkpoint.weights.items()}
    return save(weights, metadata={FORMAT: json.dumps(checkpoint.header())})


def from_bytes(raw: bytes) -> Checkpoint:
    """Read a checkpoint; nothing in it is ever executed.

    Args:
        raw: the content of a safetensors file.

    Raises:
        InputError: the bytes are no safetensors, come from elsewhere or from a newer version, or are damaged.
    """
    try:
        weights = load(raw)
    except (SafetensorError, ValueError, KeyError) as error:
        raise InputError(
            f"no intact safetensors ({error}); other formats, such as pickled .pt, are never opened: "
            "give a file that `latentot train torch-vae` wrote"
        ) from error
    header = _header(raw)
    if header.get("version") != VERSION:
        raise InputError(
            f"format version {header.get('version')!r}, this latentot-torch-vae reads version {VERSION}: "
            "install one that reads it, or train again"
        )
    try:
        checkpoint = Checkpoint(
            architecture=Architecture(**header["architecture"]),
            likelihood=likelihood(**header["likelihood"]),
            prior=header["prior"],
            data=str(header["data"]),
            recipe=Recipe(**header["recipe"]),
            terms={str(name): float(nats) for name, nats in header["terms"].items()},
            weights=weights,
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"its header is damaged ({_reason(error)}): train again") from error
    _check_weights(checkpoint)
    return checkpoint


def _header(raw: bytes) -> dict[str, Any]:
    """Our part of the metadata; `load` has found the file intact: 8 bytes of length, JSON, tensors."""
    length = int.from_bytes(raw[:8], "little")
    metadata = json.loads(raw[8 : 8 + length]).get("__metadata__") or {}
    if FORMAT not in metadata:
        raise InputError(
            "safetensors of another program, without our header: give a file that `latentot train torch-vae` wrote"
        )
    try:
        header = json.loads(metadata[FORMAT])
    except (ValueError, RecursionError) as error:
        raise InputError(f"its header is damaged ({_reason(error)}): train again") from error
    if not isinstance(header, dict):
        raise InputError(f"its header is damaged (a JSON object is expected, got {type(header).__name__}): train again")
    return header


def _check_weights(checkpoint: Checkpoint) -> None:
    try:
        expected = assemble(checkpoint.architecture).state_dict()
    except (RuntimeError, TypeError, OverflowError) as error:
        raise InputError("its header is damaged (sizes beyond any memory): train again") from error
    for what, names in (
        ("lacks", expected.keys() - checkpoint.weights.keys()),
        ("has beyond them", checkpoint.weights.keys() - expected.keys()),
    ):
        if names:
            raise InputError(f"weights do not fit the header: the file {what} {sorted(names)}; train again")
    for name, like in expected.items():
        tensor = checkpoint.weights[name]
        if (tensor.shape, tensor.dtype) != (like.shape, torch.float32):
            raise InputError(
                f"weights do not fit the header: {name} is {tensor.dtype} of shape {tuple(tensor.shape)}, "
                f"float32 of shape {tuple(like.shape)} is expected; train again"
            )
        if not tensor.isfinite().all():
            raise InputError(f"weights are damaged: {name} is not finite everywhere; train again")


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
