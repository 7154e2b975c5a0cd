"""An interpolation, a metric, a transport, a prior and a data source, each as short as it can be."""

import numpy as np

import latentot as lot
from latentot.data import Data
from latentot.transport import Gaussian


def rescaled(prior, power=0.5):
    """The straight line, divided by what independent normal ends lose: exact on N(0, I) at power 1/2."""

    def walk(z0, z1, t):
        return (((1 - t) * z0 + t * z1) / ((1 - t) ** 2 + t**2) ** power).astype(z0.dtype)

    return walk


def mean_shift(norm=2):
    """The distance of means."""

    def measure(z, reference, *, rng):
        return np.linalg.norm(z.mean(axis=0) - reference.mean(axis=0), ord=norm)

    return measure


class Affine(Gaussian):
    """The Gaussian map by another name."""

    name = "affine"


def wide(shape, scale=3.0):
    """A normal prior that is wider."""
    return lot.Normal(shape, scale=scale)


def ramps(name, pixels, images="100"):
    """Images that grow brighter from left to right, each to a brightness of its own."""
    steps = np.linspace(0, 1, int(pixels), dtype=np.float32)
    bright = np.linspace(0.1, 1, int(images), dtype=np.float32)
    made = np.tile(bright[:, None, None, None] * steps, (1, 1, int(pixels), 1))
    return Data(name, made[::2], made[1::2], scale="none")
