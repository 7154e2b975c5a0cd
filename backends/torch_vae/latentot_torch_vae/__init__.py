"""latentot_torch_vae: a variational autoencoder in PyTorch, as a model and a trainer of latentot."""

from latentot_torch_vae.plugin import load, train

__all__ = ["load", "train"]
