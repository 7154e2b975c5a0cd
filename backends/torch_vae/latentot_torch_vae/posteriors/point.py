"""No law at all: what a plain autoencoder encodes to."""

__all__ = ["PointFamily"]

import torch
from torch import Tensor

from latentot_torch_vae.posteriors.family import Family


class PointFamily(Family):
    """q(z|x) is a single point, and there is no prior to hold it against.

    >>> PointFamily().kl(torch.ones(2, 3), torch.zeros(2, 0))
    tensor([0., 0.])
    """

    law = "normal"

    def spreads(self, latent: int) -> int:  # noqa: ARG002
        return 0

    def draw(self, location: Tensor, spread: Tensor, noise: Tensor) -> Tensor:  # noqa: ARG002
        return location

    def kl(self, location: Tensor, spread: Tensor) -> Tensor:  # noqa: ARG002
        return location.new_zeros(len(location))

    def mean_and_scale(self, location: Tensor, spread: Tensor) -> tuple[Tensor, Tensor]:  # noqa: ARG002
        return location, torch.zeros_like(location)
