"""Mean and covariance of a sample, whole or in parts."""

__all__ = ["Moments"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.drift.metric import Points

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """Mean and covariance of n points.

    Args:
        n: number of points.
        mean: shape (d,).
        covariance: S = sum (z_i - mean)(z_i - mean)^T / (n - 1), shape (d, d).

    >>> z = np.random.default_rng(0).standard_normal((100, 3))
    >>> both = Moments.all([Moments.of(z[:30]), Moments.of(z[30:])])
    >>> bool(np.allclose(both.covariance, np.cov(z.T)))
    True
    """

    n: int
    mean: Floats
    covariance: Floats

    @classmethod
    def of(cls, z: Points) -> "Moments":
        """The moments of points, shape (n, d), in double precision."""
        points = z.astype(np.float64, copy=False)
        mean = points.mean(axis=0)
        centred = points - mean
        return cls(len(z), mean, centred.T @ centred / (len(z) - 1))

    @classmethod
    def all(cls, parts: Sequence["Moments"]) -> "Moments":
        """The moments of several samples together."""
        sizes = np.array([part.n for part in parts])
        n = int(sizes.sum())
        mean = np.average([part.mean for part in parts], axis=0, weights=sizes)
        scatter = np.zeros_like(parts[0].covariance)
        for part in parts:
            scatter += (part.n - 1) * part.covariance + part.n * np.outer(part.mean - mean, part.mean - mean)
        return cls(n, mean, scatter / (n - 1))
