"""Small graphs for latentot: data, a VAE of adjacency matrices, features and judges."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from latentot_graph_vae.plugin import load
    from latentot_graph_vae.training import train

__all__ = ["load", "train"]


def __getattr__(name: str) -> Any:
    # Data, features and judges need no torch, so it is imported with what needs it.
    if name == "load":
        from latentot_graph_vae.plugin import load

        return load
    if name == "train":
        from latentot_graph_vae.training import train

        return train
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
