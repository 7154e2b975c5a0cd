"""Trains the graph VAE on adjacency matrices, and writes its checkpoint."""

__all__ = ["train"]

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from latentot.data import Data
from latentot.errors import InputError
from latentot.writing import write_whole
from latentot_graph_vae.network import GraphVae, triangle

FORMAT = "latentot-graph-vae 1"
BATCH, RATE = 64, 1e-3


def train(
    data: Data,
    out: Path | str,
    *,
    progress: Callable[[int, int, dict[str, float]], Any] = lambda *_: None,
    latent: int = 16,
    hidden: int = 384,
    epochs: int = 200,
    beta: float = 0.3,
    seed: int = 0,
) -> dict[str, float]:
    """Train by the evidence lower bound: Bernoulli edges and nodes, N(0, I) latents; a minute on one core.

    Args:
        data: matrices (n, 1, nodes, nodes) of zeros and ones, such as `graphs:trees`.
        out: the checkpoint, .safetensors.
        progress: called after each epoch: how many are done, of how many, and nats a graph.
        latent: coordinates of the latent.
        hidden: units of each layer.
        epochs: passes through the data.
        beta: weight of the divergence, reached over the first half of the epochs; with 1 most coordinates say nothing.
        seed: the same seed gives the same weights.

    Returns:
        Nats a graph of data held out: reconstruction and kl.

    Raises:
        InputError: data are no adjacency matrices, or an option is not accepted.
    """
    if data.shape[0] != 1 or data.shape[1] != data.shape[2] or data.train.min() < 0 or data.train.max() > 1:
        raise InputError(f"graph-vae learns adjacency matrices (1, nodes, nodes) of 0 and 1, got {data.about}")
    if latent < 1 or hidden < 1 or epochs < 1 or not beta > 0:
        raise InputError(
            f"latent, hidden and epochs are 1 or more and beta above 0, got {latent}, {hidden}, {epochs} and {beta}"
        )
    rng = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = GraphVae(data.shape[1], latent, hidden)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    x, held_out = torch.from_numpy(data.train), torch.from_numpy(data.test)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=3 * RATE, total_steps=epochs * math.ceil(len(x) / BATCH)
    )
    terms: dict[str, float] = {}
    for epoch in range(epochs):
        weight = beta * min(1.0, (epoch + 1) / max(epochs // 2, 1))
        for rows in torch.split(torch.randperm(len(x), generator=rng), BATCH):
            reconstruction, kl = _terms(network, x[rows], rng)
            optimizer.zero_grad()
            (reconstruction + weight * kl).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
        with torch.no_grad():
            of = _terms(network, held_out, torch.Generator().manual_seed(seed))
        terms = dict(zip(("held-out reconstruction", "held-out kl"), map(float, of), strict=True))
        progress(epoch + 1, epochs, terms)
    about = {"format": FORMAT, "nodes": str(network.nodes), "latent": str(latent), "hidden": str(hidden)}
    write_whole({Path(out): save(network.state_dict(), metadata=about)})
    return terms


def _terms(network: GraphVae, x: torch.Tensor, rng: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Nats a graph: -E log p(x|z) of one draw, and KL(q(z|x) || N(0, I))."""
    mean, log_scale = network.encode(x)
    z = mean + log_scale.exp() * torch.randn(mean.shape, generator=rng)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(network.up(z), triangle(x), reduction="sum")
    kl = ((mean.square() + (2 * log_scale).exp() - 1) / 2 - log_scale).sum()
    return loss / len(x), kl / len(x)
