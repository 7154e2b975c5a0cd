"""The network of a VAE: an encoder to a diagonal Gaussian and a deterministic decoder."""

__all__ = ["VAE", "Architecture", "assemble", "initial_weights"]

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from latentot.errors import unknown_name
from latentot_torch_vae.options import whole_number, whole_numbers

BODIES = ("mlp",)


@dataclass(frozen=True)
class Architecture:
    """What a network is made of: plain data, so that a checkpoint can say it.

    Args:
        shape: shape of one image.
        latent: number of latent coordinates, d.
        hidden: widths of the encoder's hidden layers; the decoder has them in reverse.
        body: kind of layers; "mlp" is fully connected.

    Raises:
        InputError: a size is no positive whole number, or the body is unknown.

    >>> Architecture(shape=(1, 8, 8), latent=8, hidden=(256, 256)).pixels
    64
    """

    shape: tuple[int, ...]
    latent: int
    hidden: tuple[int, ...]
    body: str = "mlp"

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", whole_numbers("shape", self.shape))
        object.__setattr__(self, "latent", whole_number("latent", self.latent))
        object.__setattr__(self, "hidden", whole_numbers("hidden", self.hidden))
        if self.body not in BODIES:
            raise unknown_name("body", self.body, BODIES)

    @property
    def pixels(self) -> int:
        """Number of values of one image."""
        return math.prod(self.shape)


class VAE(nn.Module):
    """Encoder x -> (mean, log-variance) of q(z|x) = N(mean, diag(exp(log-variance))), decoder z -> p(x|z).

    The decoder's outputs are real numbers that a likelihood interprets (see `likelihood`).

    References:
        D. P. Kingma, M. Welling (2014). Auto-Encoding Variational Bayes. arXiv:1312.6114.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        pixels, latent, hidden = architecture.pixels, architecture.latent, architecture.hidden
        self.encoder = _perceptron(pixels, *hidden, 2 * latent)
        self.decoder = _perceptron(latent, *reversed(hidden), pixels)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z|x), each of shape (n, d), for images of shape (n, *shape)."""
        mean, log_variance = self.encoder(x.flatten(1)).chunk(2, dim=1)
        return mean, log_variance

    def decode(self, z: Tensor) -> Tensor:
        """Outputs of shape (n, *shape) for latents of shape (n, d)."""
        outputs: Tensor = self.decoder(z).unflatten(1, self.architecture.shape)
        return outputs


def assemble(architecture: Architecture, weights: Mapping[str, Tensor] | None = None) -> VAE:
    """Build a network around given weights, or on the meta device: names and shapes without memory.

    Layers are built on the meta device because there their initialisation draws nothing of torch's global
    random state.

    Args:
        architecture: what to build.
        weights: a tensor for each name of `state_dict()`; they are used, not copied.

    >>> list(assemble(Architecture((1, 8, 8), latent=2, hidden=(16,))).state_dict())[:2]
    ['encoder.0.weight', 'encoder.0.bias']
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
    for name, tensor in assemble(architecture).state_dict().items():
        weights[name] = torch.zeros(tensor.shape)
        if tensor.ndim > 1:
            bound = tensor[0].numel() ** -0.5
            weights[name].uniform_(-bound, bound, generator=generator)
    return weights


def _perceptron(*widths: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for n_in, n_out in itertools.pairwise(widths):
        layers += [nn.SiLU(), nn.Linear(n_in, n_out)]
    return nn.Sequential(*layers[1:])
