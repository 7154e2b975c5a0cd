"""Mean and covariance of a sample, whole or in parts."""

__all__ = ["Moments", "blocks"]

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.metrics.measurement import Points

Floats = NDArray[np.float64]


ROWS = 4_096


def blocks(z: Points) -> Iterator[Points]:
    """The rows of z, some at a time, so that what is computed of them takes little memory."""
    return (z[start : start + ROWS] for start in range(0, len(z), ROWS))


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
        """The moments of points, shape (n, d), in double precision, a block at a time.

        Measured from the first point, so that a coordinate that is constant has no variance at all.
        """
        n, d = z.shape
        first, total, scatter = z[0].astype(np.float64), np.zeros(d), np.zeros((d, d))
        for block in blocks(z):
            total += (block - first).sum(axis=0)
        mean = first + total / n
        for block in blocks(z):
            centred = block - mean
            scatter += centred.T @ centred
        return cls(n, mean, scatter / (n - 1))

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
