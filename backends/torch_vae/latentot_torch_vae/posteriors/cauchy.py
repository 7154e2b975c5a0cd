"""Cauchy posteriors, held against the product of standard Cauchy laws."""

__all__ = ["CauchyFamily"]

import math

import torch
from torch import Tensor

from latentot_torch_vae.posteriors.family import Family


class CauchyFamily(Family):
    """q(z|x) = product of Cauchy(m, g), p(z) = product of Cauchy(0, 1); spreads are log g.

    Averages of draws of p(z) are draws of p(z), so linear interpolation keeps it. The decoder sees asinh z: latents of
    10^6 are nothing unusual, and would drown the rest of a batch.

    References:
        D. Lesniak, I. Sieradzki, I. Podolak (2019). Distribution-interpolation trade off in generative models. ICLR.
        F. Chyzak, F. Nielsen (2019). A closed-form formula for the Kullback-Leibler divergence between Cauchy
        distributions. arXiv:1905.10965.

    >>> round(CauchyFamily().kl(torch.ones(1, 1), torch.zeros(1, 1)).item(), 4)  # log((2^2 + 1^2) / 4)
    0.2231
    """

    law = "cauchy"

    def spreads(self, latent: int) -> int:
        return latent

    def noise(self, n: int, latent: int, generator: torch.Generator) -> Tensor:
        # Cauchy quantiles of uniform numbers; in float64, whose steps are small enough for the tails.
        uniform = torch.rand(n, latent, generator=generator, dtype=torch.float64)
        return torch.tan(math.pi * (uniform - 0.5)).float()

    def draw(self, location: Tensor, spread: Tensor, noise: Tensor) -> Tensor:
        """z = m + g * noise."""
        return location + torch.exp(spread) * noise

    def kl(self, location: Tensor, spread: Tensor) -> Tensor:
        """Sum of log(((g + 1)^2 + m^2) / (4 g)) over coordinates."""
        # ((g + 1)^2 + m^2) / 4g = 1 + sinh^2(log(g) / 2) + m^2 / 4g: nothing cancels close to the prior.
        return torch.log1p(torch.sinh(spread / 2) ** 2 + location**2 * torch.exp(-spread) / 4).sum(1)

    def features(self, z: Tensor) -> Tensor:
        return torch.asinh(z)

    def mean_and_scale(self, location: Tensor, spread: Tensor) -> tuple[Tensor, Tensor]:
        return location, torch.exp(spread)
