"""What training needs to know of a family of posteriors and its prior."""

__all__ = ["Family"]

from abc import ABC, abstractmethod

import torch
from torch import Tensor


class Family(ABC):
    """Laws q(z|x), each given by a location, shape (n, d), and by spreads, shape (n, s), which the encoder puts out."""

    law: str
    """The law's name in a `latentot.Posterior`."""
    least = 1
    """The least number of coordinates."""

    @abstractmethod
    def spreads(self, latent: int) -> int:
        """s, the number of spreads of d latent coordinates."""

    def noise(self, n: int, latent: int, generator: torch.Generator) -> Tensor:
        """Random numbers for n draws, on the CPU, of a law without parameters; shape (n, d)."""
        return torch.randn(n, latent, generator=generator)

    @abstractmethod
    def draw(self, location: Tensor, spread: Tensor, noise: Tensor) -> Tensor:
        """A draw of each q(z|x) that gradients flow through, shape (n, d): the same noise, the same draw."""

    @abstractmethod
    def kl(self, location: Tensor, spread: Tensor) -> Tensor:
        """KL(q(z|x) || p(z)) in nats, shape (n,)."""

    def features(self, z: Tensor) -> Tensor:
        """What the decoder's first layer sees of latents."""
        return z

    @abstractmethod
    def mean_and_scale(self, location: Tensor, spread: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and scale as in a `latentot.Posterior`, each of shape (n, d)."""
