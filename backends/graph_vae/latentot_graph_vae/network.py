"""The network: an encoder and a decoder of upper triangles of adjacency matrices."""

__all__ = ["GraphVae", "triangle"]

import torch
from torch import nn


class GraphVae(nn.Module):
    """Multilayer perceptrons on the upper triangle, diagonal included: Bernoulli edges, a normal latent.

    Args:
        nodes: size of the matrix.
        latent: coordinates of the latent.
        hidden: units of each of two layers.
    """

    def __init__(self, nodes: int, latent: int, hidden: int) -> None:
        super().__init__()
        self.nodes, self.latent, self.hidden = nodes, latent, hidden
        numbers = nodes * (nodes + 1) // 2
        self.down = nn.Sequential(
            nn.Linear(numbers, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU(), nn.Linear(hidden, 2 * latent)
        )
        self.up = nn.Sequential(
            nn.Linear(latent, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU(), nn.Linear(hidden, numbers)
        )

    def encode(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and logarithm of the scale, of matrices (n, 1, nodes, nodes)."""
        mean, log_scale = self.down(triangle(x)).chunk(2, 1)
        return mean, log_scale.clamp(-8, 4)

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """Probabilities of nodes and edges, symmetric matrices (n, 1, nodes, nodes)."""
        across, down = torch.triu_indices(self.nodes, self.nodes)
        shares = torch.sigmoid(self.up(z))
        found = shares.new_zeros(len(z), 1, self.nodes, self.nodes)
        found[:, 0, across, down] = shares
        found[:, 0, down, across] = shares
        return found


def triangle(x: torch.Tensor) -> torch.Tensor:
    """The upper triangle of matrices (n, 1, nodes, nodes), shape (n, nodes (nodes + 1) / 2)."""
    across, down = torch.triu_indices(x.shape[-1], x.shape[-1])
    return x[:, 0, across, down]
