"""The trained graph VAE as a model of latentot."""

__all__ = ["load"]

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import load as load_tensors

import latentot as lot
from latentot.errors import one_line
from latentot.reading import path_of, refuse_pointer
from latentot_graph_vae.drawing import draw
from latentot_graph_vae.network import GraphVae
from latentot_graph_vae.training import FORMAT

BATCH = 4_096


@dataclass(frozen=True, eq=False)
class Coder:
    """Decode and encode, on NumPy arrays; it travels to other processes."""

    network: GraphVae

    def decode(self, z: NDArray[Any]) -> NDArray[Any]:
        """Probabilities of nodes and edges, shape (n, 1, nodes, nodes)."""
        with torch.no_grad():
            rows = torch.split(torch.from_numpy(np.array(z, np.float32)), BATCH)
            return torch.cat([self.network.decode(some) for some in rows]).numpy()

    def encode(self, x: NDArray[Any]) -> lot.Posterior:
        """Mean and scale of each latent."""
        with torch.no_grad():
            mean, log_scale = self.network.encode(torch.from_numpy(np.array(x, np.float32)))
        return lot.Posterior(mean.double().numpy(), log_scale.double().exp().numpy())


def load(checkpoint: str) -> lot.Model:
    """The model of a checkpoint that `latentot train graph-vae` wrote.

    Args:
        checkpoint: a .safetensors file.

    Raises:
        InputError: it cannot be read, or is no checkpoint of this network.
    """
    path = path_of(checkpoint, "a checkpoint")
    refuse_pointer(path)
    try:
        content = path.read_bytes()
        with safe_open(path, "pt") as file:
            about = file.metadata() or {}
        state = load_tensors(content)
    except OSError as error:
        raise lot.InputError(f"cannot read the checkpoint {path}: {error.strerror or error}") from error
    except SafetensorError as error:
        raise lot.InputError(f"{path} is not an intact safetensors file ({one_line(error)})") from error
    if about.get("format") != FORMAT:
        raise lot.InputError(f"{path} is no checkpoint of graph-vae: write one by `latentot train graph-vae`")
    network = GraphVae(*(int(about[name]) for name in ("nodes", "latent", "hidden")))
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise lot.InputError(f"{path} holds the weights of another network ({one_line(error)})") from error
    coder = Coder(network.eval())
    return lot.Model(
        prior=lot.Normal(network.latent),
        decode=coder.decode,
        encode=coder.encode,
        draw=draw,
        name="graph-vae",
        provenance={
            "checkpoint": path.name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "nodes": network.nodes,
            "latent": network.latent,
        },
    )
