"""What latentot finds through its entry point: `load` makes a model of ONNX files."""

__all__ = ["load"]

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, unknown_name
from latentot.models import Model, Posterior
from latentot.priors import named_prior
from latentot_onnx.network import Network
from latentot_onnx.reading import read

SPREADS = ("scale", "log-variance", "variance")


@dataclass(frozen=True)
class Decoder:
    """Data of latents."""

    network: Network

    def __call__(self, z: NDArray[Any]) -> NDArray[Any]:
        return self.network(z)[0]


@dataclass(frozen=True)
class Encoder:
    """Mean and scale of data, the second output being one of `SPREADS`."""

    network: Network
    spread: str

    def __call__(self, x: NDArray[Any]) -> Posterior:
        mean, second = self.network(x)
        if self.spread == "log-variance":
            return Posterior(mean, np.exp(second / 2))
        return Posterior(mean, np.sqrt(second) if self.spread == "variance" else second)


def load(
    decoder: str, encoder: str | None = None, prior: str = "normal", spread: str = "scale", device: str = "cpu"
) -> Model:
    """Make a model of ONNX files; nothing in them can run but ONNX's own operators.

    Args:
        decoder: path of the decoder.
        encoder: path of the encoder, if there is one.
        prior: name of the law of latents; their shape is that of the decoder's input.
        spread: what the encoder's second output is: "scale", "log-variance" or "variance".
        device: "cpu", or "cuda" where ONNX Runtime has it.

    Raises:
        InputError: a file is missing, damaged, refers to files elsewhere, or its shapes do not fit.
    """
    import onnxruntime

    if spread not in SPREADS:
        raise unknown_name("spread", spread, SPREADS)
    path, digest = read("decoder", decoder)
    decode = Decoder(Network("decoder", path, 1, device))
    law = named_prior(prior, decode.network.shape)
    facts = {"decoder": path.name, "decoder sha256": digest, "onnxruntime": onnxruntime.__version__, "device": device}
    encode = None
    if encoder is not None:
        path, digest = read("encoder", encoder)
        encode = Encoder(Network("encoder", path, 2, device), spread)
        facts |= {"encoder": path.name, "encoder sha256": digest, "spread": spread}
        for output in encode.network.outputs:
            if len(output) != 1 + len(law.shape) or not _fits(output[1:], law.shape):
                raise InputError(
                    f"the encoder {path} gives shape {output}, latents of the decoder have {law.shape}: export the "
                    "mean and the scale, each of shape (n, *latent shape)"
                )
    return Model(law, decode, encode, name="onnx", provenance=facts)


def _fits(found: tuple[Any, ...], wanted: tuple[int, ...]) -> bool:
    """Whether shapes agree where the file says them."""
    return all(not isinstance(size, int) or size == other for size, other in zip(found, wanted, strict=True))
