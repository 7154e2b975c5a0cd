"""Power spherical posteriors, held against the uniform law on the unit sphere."""

__all__ = ["PowerSphericalFamily"]

import math
from typing import Any

import numpy as np
import torch
from scipy import special
from torch import Tensor

from latentot_torch_vae.posteriors.family import Family

STEP = 1e-5
"""Relative step of the central difference; the error is its square, and rounding over it: 1e-10 either way."""


class PowerSphericalFamily(Family):
    """q(z|x) is proportional to (1 + <m, z>)^k on the unit sphere, p(z) is uniform there; one spread, log k.

    With a = k + (d - 1)/2 and b = (d - 1)/2, <m, z> = 2 Beta(a, b) - 1, and around m all directions are alike. The
    location's length is of no account.

    References:
        N. De Cao, W. Aziz (2020). The Power Spherical distribution. arXiv:2006.04437.

    >>> family = PowerSphericalFamily()
    >>> family.kl(torch.ones(1, 3), torch.full((1, 1), -30.0)).abs().item() < 1e-6  # k = 0 is uniform
    True
    """

    law = "power-spherical"
    least = 2

    def spreads(self, latent: int) -> int:  # noqa: ARG002
        return 1

    def noise(self, n: int, latent: int, generator: torch.Generator) -> Tensor:
        """A uniform number for the angle, then d - 1 normal ones for the direction."""
        angle = torch.rand(n, 1, generator=generator, dtype=torch.float64).clamp(1e-12, 1 - 1e-12)
        return torch.cat([angle, torch.randn(n, latent - 1, generator=generator, dtype=torch.float64)], dim=1)

    def draw(self, location: Tensor, spread: Tensor, noise: Tensor) -> Tensor:
        """(t, sqrt(1 - t^2) v) around the first axis, reflected onto the mean."""
        mean, b = _unit(location.double()), (location.shape[1] - 1) / 2
        u = _BetaQuantile.apply(torch.exp(spread.double()) + b, b, noise[:, :1])  # type: ignore[no-untyped-call]
        t = 2 * u - 1
        around = torch.cat([t, 2 * torch.sqrt(u * (1 - u)) * _unit(noise[:, 1:])], dim=1)
        first = torch.zeros_like(mean)
        first[:, 0] = 1
        mirror = _unit(first - mean)
        return (around - 2 * (mirror * around).sum(1, keepdim=True) * mirror).to(location.dtype)

    def kl(self, location: Tensor, spread: Tensor) -> Tensor:
        """k (log 2 + psi(a) - psi(a + b)) + log of the normaliser + log of the sphere's area."""
        d = location.shape[1]
        # In float64: differences of log-gammas of hundreds.
        k, b = torch.exp(spread.double()).squeeze(1), (d - 1) / 2
        a = k + b
        log_normaliser = torch.lgamma(a + b) - torch.lgamma(a) - (a + b) * math.log(2) - b * math.log(math.pi)
        mean_log = math.log(2) + torch.digamma(a) - torch.digamma(a + b)
        log_area = math.log(2) + d / 2 * math.log(math.pi) - math.lgamma(d / 2)
        return (log_normaliser + k * mean_log + log_area).to(location.dtype)

    def mean_and_scale(self, location: Tensor, spread: Tensor) -> tuple[Tensor, Tensor]:
        return _unit(location), torch.exp(-spread / 2).expand_as(location)


def _unit(vectors: Tensor) -> Tensor:
    return torch.nn.functional.normalize(vectors, dim=1)


class _BetaQuantile(torch.autograd.Function):
    """The quantile u of Beta(a, b) at p, on the host; du/da = -(dF/da) / f, for which there is no closed form."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, b: float, p: Tensor) -> Tensor:
        u = torch.as_tensor(special.betaincinv(a.detach().cpu().numpy(), b, p.cpu().numpy()))
        ctx.save_for_backward(a, u)
        ctx.b = b
        return u.to(a.device)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        a, u, b = *(saved.cpu().numpy() for saved in ctx.saved_tensors), ctx.b
        h = STEP * a
        slope = (special.betainc(a + h, b, u) - special.betainc(a - h, b, u)) / (2 * h)
        log_density = (special.xlogy(a - 1, u) + special.xlog1py(b - 1, -u) - special.betaln(a, b)).clip(-700, 700)
        return gradients[0] * torch.as_tensor(-slope / np.exp(log_density)).to(gradients[0]), None, None
