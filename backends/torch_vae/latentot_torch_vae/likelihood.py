"""Likelihoods p(x|z): how a decoder's outputs become a law on images."""

__all__ = ["Bernoulli", "Gaussian", "Likelihood", "likelihood"]

import math
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from latentot.errors import unknown_name
from latentot_torch_vae.options import positive_number


@dataclass(frozen=True)
class Bernoulli:
    """log p(x|z) = sum of x log m + (1 - x) log(1 - m) over pixels, m = sigmoid(outputs).

    For binary images this is a probability; for grey values in [0, 1] it is the usual cross-entropy, which is no
    normalised density and whose least value is the entropy of x, not 0.

    >>> Bernoulli().log_prob(torch.ones(1, 2), torch.zeros(1, 2)).item()  # 2 log(1/2)
    -1.3862943649291992
    """

    name: str = field(default="bernoulli", init=False)

    def log_prob(self, x: Tensor, outputs: Tensor) -> Tensor:
        """Nats per image, shape (n,), of images and decoder outputs of shape (n, *shape)."""
        return -binary_cross_entropy_with_logits(outputs, x, reduction="none").flatten(1).sum(1)

    def mean(self, outputs: Tensor) -> Tensor:
        """E[x|z], in [0, 1], of the outputs' shape."""
        return torch.sigmoid(outputs)


@dataclass(frozen=True)
class Gaussian:
    """log p(x|z) = -sum of (x - m)^2 / (2 sigma^2) + log sigma + log(2 pi)/2 over pixels, m = sigmoid(outputs).

    A density: its logarithm may be positive.

    Args:
        sigma: standard deviation of a pixel, in units of the full grey scale.

    >>> Gaussian(sigma=1.0).log_prob(torch.full((1, 2), 0.5), torch.zeros(1, 2)).item()  # -log(2 pi)
    -1.8378770351409912
    """

    sigma: float = 0.1
    name: str = field(default="gaussian", init=False)

    def __post_init__(self) -> None:
        positive_number("sigma", self.sigma)

    def log_prob(self, x: Tensor, outputs: Tensor) -> Tensor:
        """Nats per image, shape (n,), of images and decoder outputs of shape (n, *shape)."""
        squares = ((x - self.mean(outputs)) / self.sigma) ** 2
        return -(squares / 2 + math.log(self.sigma) + math.log(2 * math.pi) / 2).flatten(1).sum(1)

    def mean(self, outputs: Tensor) -> Tensor:
        """E[x|z], in [0, 1], of the outputs' shape."""
        return torch.sigmoid(outputs)


Likelihood = Bernoulli | Gaussian


def likelihood(name: str, **parameters: Any) -> Likelihood:
    """The likelihood of a name.

    Raises:
        InputError: there is none of this name.

    >>> likelihood("gaussian").sigma
    0.1
    """
    kinds: dict[str, type[Likelihood]] = {"bernoulli": Bernoulli, "gaussian": Gaussian}
    if name not in kinds:
        raise unknown_name("likelihood", name, kinds)
    return kinds[name](**parameters)
