"""What latentot finds through its entry point: `load` makes a model of a module and its weights."""

__all__ = ["load"]

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from latentot.errors import unknown_name
from latentot.models import Model, torch_device
from latentot.priors import named_prior


def load(
    factory: str,
    latent: int | Sequence[int],
    weights: str | None = None,
    *,
    prior: str = "normal",
    spread: str = "scale",
    factory_options: Mapping[str, Any] | None = None,
    device: str = "cpu",
) -> Model:
    """Make a model of a torch.nn.Module.

    Args:
        factory: "module:function" of your own code, which makes the module; see the package's documentation.
        latent: shape of one latent, or its number of coordinates.
        weights: path of its state dict, .safetensors; None where the factory itself sees to them.
        prior: name of the law that latents follow.
        spread: what `encode` gives beside the mean: "scale", "log-variance" or "variance".
        factory_options: what the factory is called with.
        device: where it computes: "cpu", or "cuda", "cuda:0", "mps" ... where there are such.

    Returns:
        A model whose gradients flow, in torch; it can be pickled, and then does without the file.

    Raises:
        InputError: the factory is not found or fails, weights are damaged or do not fit, or the device is absent.
    """
    import torch

    from latentot_torch_module.coder import SPREADS, Coder
    from latentot_torch_module.weights import read

    if spread not in SPREADS:
        raise unknown_name("spread", spread, SPREADS)
    torch_device(device)
    law = named_prior(prior, latent)
    facts: dict[str, Any] = {"factory": factory, "torch": torch.__version__, "device": device}
    options = {} if factory_options is None else factory_options
    raw, title = None, ""
    if weights is not None:
        path, raw = read(weights)
        title = f"the file of weights {path}"
        facts |= {"weights": path.name, "sha256": hashlib.sha256(raw).hexdigest()}
    coder = Coder(factory, options, raw, title, spread, device)
    if factory_options:
        facts["factory options"] = dict(factory_options)
    encode = coder.encode if coder.encodes else None
    return Model(law, coder.decode, encode, name="torch-module", provenance=facts, gradients="torch")
