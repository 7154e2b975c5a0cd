"""Normal posteriors, held against N(0, I)."""

__all__ = ["NormalFamily"]

import torch
from torch import Tensor

from latentot_torch_vae.posteriors.family import Family


class NormalFamily(Family):
    """q(z|x) = N(mean, diag exp(log-variance)), p(z) = N(0, I); spreads are log-variances.

    References:
        D. P. Kingma, M. Welling (2014). Auto-Encoding Variational Bayes. arXiv:1312.6114.

    >>> NormalFamily().kl(torch.ones(1, 4), torch.zeros(1, 4)).item()
    2.0
    """

    law = "normal"

    def spreads(self, latent: int) -> int:
        return latent

    def draw(self, location: Tensor, spread: Tensor, noise: Tensor) -> Tensor:
        """z = mean + sigma * noise."""
        return location + torch.exp(spread / 2) * noise

    def kl(self, location: Tensor, spread: Tensor) -> Tensor:
        """1/2 sum of mean^2 + sigma^2 - 1 - log sigma^2 over coordinates."""
        # expm1: exp(v) - 1 - v cancels where the posterior is close to the prior.
        return (location**2 + torch.expm1(spread) - spread).sum(1) / 2

    def mean_and_scale(self, location: Tensor, spread: Tensor) -> tuple[Tensor, Tensor]:
        return location, torch.exp(spread / 2)
