"""The checkpoint: a trained model's weights, and in a header all that is needed to rebuild it."""

__all__ = ["Checkpoint", "check_tensors", "from_bytes", "to_bytes"]

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor

from latentot.errors import InputError, one_line
from latentot.priors import Empirical, Prior, named_prior
from latentot_torch_vae.container import pack, unpack
from latentot_torch_vae.likelihood import Likelihood, likelihood
from latentot_torch_vae.network import Architecture, assemble
from latentot_torch_vae.recipe import Recipe

FORMAT = "latentot-torch-vae"
CODES = "codes"
"""The tensor of an autoencoder's codes, beside the weights."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A trained model and where it comes from.

    Args:
        architecture: the network.
        likelihood: p(x|z).
        data: what it was trained on: name, sizes, SHA-256.
        recipe: how it was trained.
        terms: the terms of the negative ELBO at its end, in nats per image.
        weights: a float32 tensor for each name of the network's `state_dict()`.
        codes: of a plain autoencoder, the codes of its training images, shape (n, d), which are all its prior.
    """

    architecture: Architecture
    likelihood: Likelihood
    data: Mapping[str, Any]
    recipe: Recipe
    terms: Mapping[str, float]
    weights: Mapping[str, Tensor] = field(repr=False)
    codes: Tensor | None = field(default=None, repr=False)

    @property
    def prior(self) -> Prior:
        """The law of latents; of a plain autoencoder, that of its codes."""
        if self.codes is None:
            return named_prior(self.architecture.prior, self.architecture.latent)
        return Empirical(self.codes.double().numpy())

    def header(self) -> dict[str, Any]:
        """All but the tensors, as plain data for JSON."""
        parts = {"architecture": self.architecture, "likelihood": self.likelihood, "recipe": self.recipe}
        return {
            **{name: asdict(part) for name, part in parts.items()},
            "data": dict(self.data),
            "terms": dict(self.terms),
        }


def to_bytes(checkpoint: Checkpoint) -> bytes:
    """The checkpoint as the content of a safetensors file."""
    codes = {} if checkpoint.codes is None else {CODES: checkpoint.codes}
    return pack(FORMAT, checkpoint.header(), {**checkpoint.weights, **codes})


def from_bytes(raw: bytes) -> Checkpoint:
    """Read a checkpoint; nothing in it is ever executed.

    Args:
        raw: the content of a safetensors file.

    Raises:
        InputError: the bytes are no safetensors, come from elsewhere or from another version, or are damaged.
    """
    header, tensors = unpack(FORMAT, raw)
    codes = tensors.pop(CODES, None)
    try:
        checkpoint = Checkpoint(
            architecture=Architecture(**header["architecture"]),
            likelihood=likelihood(**header["likelihood"]),
            data=dict(header["data"]),
            recipe=Recipe(**header["recipe"]),
            terms={str(name): float(nats) for name, nats in header["terms"].items()},
            weights=tensors,
            codes=codes,
        )
    except InputError as error:
        raise InputError(f"its header is damaged ({error}): train again") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"its header is damaged ({one_line(error)}): train again") from error
    check_tensors(checkpoint.architecture, checkpoint.weights)
    _check_codes(checkpoint)
    return checkpoint


def check_tensors(architecture: Architecture, weights: Mapping[str, Tensor]) -> None:
    """Refuse weights of another network, in another precision, or not finite.

    Raises:
        InputError: they are.
    """
    try:
        expected = assemble(architecture).state_dict()
    except (RuntimeError, TypeError, OverflowError) as error:
        raise InputError("its header is damaged (sizes beyond any memory): train again") from error
    for what, names in (
        ("lacks", expected.keys() - weights.keys()),
        ("has beyond them", weights.keys() - expected.keys()),
    ):
        if names:
            raise InputError(f"weights do not fit the header: the file {what} {sorted(names)}; train again")
    for name, like in expected.items():
        tensor = weights[name]
        if (tensor.shape, tensor.dtype) != (like.shape, torch.float32):
            raise InputError(
                f"weights do not fit the header: {name} is {tensor.dtype} of shape {tuple(tensor.shape)}, "
                f"float32 of shape {tuple(like.shape)} is expected; train again"
            )
        if not tensor.isfinite().all():
            raise InputError(f"weights are damaged: {name} is not finite everywhere; train again")


def _check_codes(checkpoint: Checkpoint) -> None:
    codes, architecture = checkpoint.codes, checkpoint.architecture
    if (codes is None) != (architecture.prior != "none"):
        has = "no codes" if codes is None else "codes"
        raise InputError(f"codes do not fit the header: prior {architecture.prior!r}, {has} in the file; train again")
    if codes is not None and not (
        codes.dtype == torch.float32
        and codes.ndim == 2
        and (len(codes) >= 4, codes.shape[1]) == (True, architecture.latent)
        and codes.isfinite().all()
    ):
        raise InputError(f"codes are damaged: {codes.dtype} of shape {tuple(codes.shape)}; train again")
