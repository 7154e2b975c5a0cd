"""An interpolation, a metric, a transport and a prior, each as short as it can be."""

import numpy as np

import latentot as lot
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
