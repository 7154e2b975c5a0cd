"""Mean and covariance of a sample, whole or in parts, and the square of the covariance without bias."""

__all__ = ["Moments", "squared_covariance"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.numerics.points import Points, blocks

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


def squared_covariance(n: int, s: Floats, fourth: float) -> float:
    """Estimate of tr C^2, C the covariance of the law: unbiased, whatever the law; of 4 points or more.

    (n - 1) / (n (n - 2) (n - 3)) ((n - 1) (n - 2) tr S^2 + (tr S)^2 - n Q), Q = sum_i |z_i - mean|^4 / (n - 1).

    Args:
        n: number of points.
        s: their covariance S, shape (d, d).
        fourth: n Q.

    References:
        Himeno, Yamada: Estimations for some functions of covariance matrix in high dimension under non-normality.
        J. Multivariate Anal. 2014

    >>> z = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> round(float(squared_covariance(4, np.cov(z.T).reshape(1, 1), 4 * ((z - 1.5) ** 4).sum() / 3)), 6)
    2.166667
    """
    sums = (n - 1) * (n - 2) * float(np.square(s).sum()) + float(np.trace(s)) ** 2 - fourth
    return (n - 1) / (n * (n - 2) * (n - 3)) * sums
