"""A linear model of 8 x 8 images: whoever can write this can bring a model to latentot."""

import numpy as np

import latentot as lot

PIXELS = (1, 8, 8)


def load(dim: int = 2, scale: float = 0.1) -> lot.Model:
    """A decoder of fixed random weights, and an encoder that is its transpose."""
    weights = np.random.default_rng(0).standard_normal((dim, 64)) / 8

    def decode(z: np.ndarray) -> np.ndarray:
        return (z @ weights).reshape(-1, *PIXELS)

    def encode(x: np.ndarray) -> lot.Posterior:
        mean = (x.reshape(len(x), -1) - x.mean()) @ weights.T
        return lot.Posterior(mean, np.full_like(mean, scale))

    return lot.Model(lot.Normal(dim), decode, encode, name="plain", provenance={"dim": dim, "scale": scale})
