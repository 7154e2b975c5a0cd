"""Moments about the mean in one pass: of batches, and of the points of two states together.

Of y = z - mean: S = sum y y^T, t = sum |y|^2 y, q = sum |y|^4. About another point, c = mean - a, they are
S + n a a^T, t + 2 S a + (tr S + n |a|^2) a and q + 4 a^T t + 4 a^T S a + 2 |a|^2 tr S + n |a|^4; of two samples, add
them about the mean of both. Nothing large is ever subtracted from anything large.

References:
    Chan, Golub, LeVeque: Updating formulae and a pairwise algorithm for computing sample variances. Stanford
    STAN-CS-79-773, 1979; Pébay: Formulas for robust, one-pass parallel computation of covariances and arbitrary-order
    statistical moments. Sandia SAND2008-6212, 2008

>>> z = np.array([[0.0, 1.0], [2.0, 1.0], [4.0, 4.0]])
>>> Scatter.of(z[:1]).merged(Scatter.of(z[1:])).covariance
array([[4., 3.],
       [3., 3.]])
"""

__all__ = ["Scatter"]

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from latentot.numerics.moments import squared_covariance
from latentot.numerics.points import Points

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scatter:
    """Sums over n points of y = z - mean.

    Args:
        n: how many points.
        mean: shape (d,).
        second: S = sum y y^T, shape (d, d).
        third: t = sum |y|^2 y, shape (d,).
        fourth: q = sum |y|^4.
    """

    n: int
    mean: Floats
    second: Floats
    third: Floats
    fourth: float

    @classmethod
    def none(cls, d: int) -> Self:
        """The sums of no points."""
        return cls(0, np.zeros(d), np.zeros((d, d)), np.zeros(d), 0.0)

    @classmethod
    def of(cls, z: Points) -> Self:
        """The sums of points, shape (n, d), in float64."""
        mean = z.mean(axis=0, dtype=np.float64)
        y = z - mean
        squares = np.square(y).sum(axis=1)
        return cls(len(z), mean, y.T @ y, squares @ y, float(squares @ squares))

    def merged(self, other: Self) -> Self:
        """The sums of the points of both."""
        n = self.n + other.n
        if not n:
            return self
        mean = self.mean + (other.mean - self.mean) * (other.n / n)
        own, others = self._about(mean), other._about(mean)
        return type(self)(n, mean, own[0] + others[0], own[1] + others[1], own[2] + others[2])

    @property
    def covariance(self) -> Floats:
        """S / (n - 1), shape (d, d)."""
        return self.second / (self.n - 1)

    @property
    def squared_covariance(self) -> float:
        """Unbiased estimate of tr C^2, C the covariance of the law; of 4 points or more."""
        return squared_covariance(self.n, self.covariance, self.n * self.fourth / (self.n - 1))

    def _about(self, centre: Floats) -> tuple[Floats, Floats, float]:
        n, s, t, a = self.n, self.second, self.third, self.mean - centre
        square, trace = float(a @ a), float(np.trace(s))
        second = s + n * np.outer(a, a)
        third = t + 2 * s @ a + (trace + n * square) * a
        fourth = self.fourth + 4 * float(a @ t) + 4 * float(a @ s @ a) + 2 * square * trace + n * square**2
        return second, third, fourth
