"""What latentot finds through its entry point: `load` makes a model of ONNX files."""

__all__ = ["load"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, unknown_name
from latentot.models import Model, Posterior
from latentot.priors import named_prior
from latentot_onnx.network import Network, Wanted
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
        # Of half precision, exp would leave its range.
        mean, second = (part.astype(np.promote_types(part.dtype, np.float32)) for part in self.network(x))
        if self.spread == "log-variance":
            return Posterior(mean, np.exp(second / 2))
        return Posterior(mean, np.sqrt(second) if self.spread == "variance" else second)


def load(
    decoder: str,
    encoder: str | None = None,
    prior: str = "normal",
    spread: str = "scale",
    device: str = "cpu",
    output: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    encoder_outputs: Sequence[str] | None = None,
    encoder_inputs: Mapping[str, Any] | None = None,
) -> Model:
    """Make a model of ONNX files; nothing in them can run but ONNX's own operators.

    Args:
        decoder: path of the decoder.
        encoder: path of the encoder, if there is one.
        prior: name of the law of latents; their shape is that of the decoder's input.
        spread: what the encoder's second output is: "scale", "log-variance" or "variance".
        device: "cpu", or "cuda" where ONNX Runtime has it.
        output: which of the decoder's outputs are data, by name, where it has others.
        inputs: values of the decoder's inputs but latents, by name, such as {"label": 3}: for every row the same.
        encoder_outputs: which of the encoder's outputs are the mean and the spread, by name, where it has others.
        encoder_inputs: values of the encoder's inputs but data, by name.

    Raises:
        InputError: a file is missing, damaged, refers to files elsewhere, or its inputs, outputs or shapes do not fit.
    """
    import onnxruntime

    if spread not in SPREADS:
        raise unknown_name("spread", spread, SPREADS)
    if output is not None and not isinstance(output, str):
        raise InputError(f"output is the name of one of the decoder's outputs, got {output!r}")
    path, digest = read("decoder", decoder)
    wanted = Wanted(1, None if output is None else (output,), _values("inputs", inputs), "output")
    decode = Decoder(Network("decoder", path, wanted, device))
    law = named_prior(prior, decode.network.shape)
    facts = {"decoder": path.name, "decoder sha256": digest, "onnxruntime": onnxruntime.__version__, "device": device}
    encode = None
    if encoder is not None:
        path, digest = read("encoder", encoder)
        names = None if encoder_outputs is None else _names(encoder_outputs)
        wanted = Wanted(2, names, _values("encoder_inputs", encoder_inputs), "encoder_outputs")
        encode = Encoder(Network("encoder", path, wanted, device), spread)
        facts |= {"encoder": path.name, "encoder sha256": digest, "spread": spread}
        for found in encode.network.outputs:
            if len(found) != 1 + len(law.shape) or not _fits(found[1:], law.shape):
                raise InputError(
                    f"the encoder {path} gives shape {found}, latents of the decoder have {law.shape}: export the "
                    "mean and the scale, each of shape (n, *latent shape)"
                )
    chosen = {"output": output, "inputs": inputs, "encoder outputs": encoder_outputs, "encoder inputs": encoder_inputs}
    facts |= {name: value for name, value in chosen.items() if value is not None}
    return Model(law, decode, encode, name="onnx", provenance=facts)


def _values(option: str, given: object) -> dict[str, Any]:
    if given is not None and not isinstance(given, Mapping):
        raise InputError(f"{option} are a table, such as {{label = 3}}, got {given!r}")
    return dict(given or {})


def _names(given: object) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Sequence) or not all(isinstance(one, str) for one in given):
        raise InputError(f"encoder_outputs are two names, such as ['mean', 'log_var'], got {given!r}")
    return tuple(given)


def _fits(found: tuple[Any, ...], wanted: tuple[int, ...]) -> bool:
    """Whether shapes agree where the file says them."""
    return all(not isinstance(size, int) or size == other for size, other in zip(found, wanted, strict=True))
