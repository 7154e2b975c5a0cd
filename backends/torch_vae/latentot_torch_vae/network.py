"""The network of a VAE: an encoder to a law of latents and a deterministic decoder."""

__all__ = ["VAE", "Architecture", "assemble", "initial_weights"]

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from latentot.errors import InputError, unknown_name
from latentot_torch_vae.bodies import BODIES
from latentot_torch_vae.options import whole_number, whole_numbers
from latentot_torch_vae.posteriors import FAMILIES, Family


@dataclass(frozen=True)
class Architecture:
    """What a network is made of: plain data, so that a checkpoint can say it.

    Args:
        shape: shape of one image.
        latent: number of latent coordinates, d.
        hidden: widths of the encoder's hidden layers, or channels of its convolutions; the decoder has them in reverse.
        body: kind of layers: "mlp" is fully connected, "conv" convolutional.
        prior: p(z), and with it the family of q(z|x): "normal", "cauchy", "sphere", or "none" for a plain autoencoder.

    Raises:
        InputError: a size is no positive whole number, or a name is unknown.

    >>> Architecture(shape=(1, 8, 8), latent=8, hidden=(256, 256)).pixels
    64
    """

    shape: tuple[int, ...]
    latent: int
    hidden: tuple[int, ...]
    body: str = "mlp"
    prior: str = "normal"

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", whole_numbers("shape", self.shape))
        object.__setattr__(self, "latent", whole_number("latent", self.latent))
        object.__setattr__(self, "hidden", whole_numbers("hidden", self.hidden))
        for kind, name, known in (("body", self.body, BODIES), ("prior", self.prior, FAMILIES)):
            if not isinstance(name, str) or name not in known:
                raise unknown_name(kind, name, known)
        whole_number(f"latent with prior {self.prior!r}", self.latent, least=self.family.least)
        if self.body == "conv" and len(self.shape) != 3:
            raise InputError(f"a convolutional body needs images of shape (channels, height, width), got {self.shape}")

    @property
    def family(self) -> Family:
        """The family of posteriors."""
        return FAMILIES[self.prior]

    @property
    def pixels(self) -> int:
        """Number of values of one image."""
        return math.prod(self.shape)


class VAE(nn.Module):
    """Encoder x -> parameters of q(z|x), decoder z -> parameters of p(x|z).

    The decoder's outputs are real numbers that a likelihood interprets (see `likelihood`).

    References:
        D. P. Kingma, M. Welling (2014). Auto-Encoding Variational Bayes. arXiv:1312.6114.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        latent = architecture.latent
        outputs = latent + architecture.family.spreads(latent)
        self.encoder, self.decoder = BODIES[architecture.body](architecture.shape, architecture.hidden, outputs, latent)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Location, shape (n, d), and spreads, shape (n, s), of q(z|x) for images of shape (n, *shape)."""
        outputs, latent = self.encoder(x), self.architecture.latent
        return outputs[:, :latent], outputs[:, latent:]

    def decode(self, z: Tensor) -> Tensor:
        """Outputs of shape (n, *shape) for latents of shape (n, d)."""
        outputs: Tensor = self.decoder(self.architecture.family.features(z))
        return outputs


def assemble(architecture: Architecture, weights: Mapping[str, Tensor] | None = None) -> VAE:
    """Build a network around given weights, or on the meta device: names and shapes without memory.

    Layers are built on the meta device because there their initialisation draws nothing of torch's global
    random state.

    Args:
        architecture: what to build.
        weights: a tensor for each name of `state_dict()`; they are used, not copied.

    >>> list(assemble(Architecture((1, 8, 8), latent=2, hidden=(16,))).state_dict())[:2]
    ['encoder.1.weight', 'encoder.1.bias']
    """
    with torch.device("meta"):
        vae = VAE(architecture)
    if weights is not None:
        vae.load_state_dict(dict(weights), assign=True)
    return vae


def initial_weights(architecture: Architecture, *, generator: torch.Generator) -> dict[str, Tensor]:
    """Weights to start training from: uniform on +-1/sqrt(fan-in), biases zero.

    Args:
        architecture: the network they are for.
        generator: source of all randomness, on the CPU.

    Returns:
        A float32 tensor for each name of the network's `state_dict()`.

    >>> start = initial_weights(Architecture((4,), latent=2, hidden=(16,)), generator=torch.Generator())
    >>> start["decoder.2.weight"].shape
    torch.Size([4, 16])
    """
    weights = {}
    for module_name, module in assemble(architecture).named_modules():
        for name, parameter in module.named_parameters(module_name, recurse=False):
            weights[name] = torch.zeros(parameter.shape)
            if parameter.ndim > 1:
                bound = _fan_in(module, parameter) ** -0.5
                weights[name].uniform_(-bound, bound, generator=generator)
    return weights


def _fan_in(module: nn.Module, weight: Tensor) -> float:
    """How many inputs each output adds up; strides of a transposed convolution leave most of its kernel out."""
    if isinstance(module, nn.ConvTranspose2d):
        return weight[:, 0].numel() / math.prod(module.stride)
    return weight[0].numel()
