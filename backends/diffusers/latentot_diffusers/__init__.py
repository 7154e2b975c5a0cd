"""latentot_diffusers: initial noise of diffusers pipelines and latents of their autoencoders, as models."""

from latentot_diffusers.autoencoder import autoencoder
from latentot_diffusers.noise import noise

__all__ = ["autoencoder", "noise"]
