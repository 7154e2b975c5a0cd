"""The squared distance of the covariances in one pass: exact, from the moments about the mean.

|C_z - C_r|^2 / |C_r|^2 = (tr C_z^2 - 2 tr C_z C_r + tr C_r^2) / tr C_r^2, each term by its unbiased estimate; the raw
value is that of the sample covariances.
"""

__all__ = ["CovarianceSketch"]

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from latentot.errors import InputError
from latentot.metrics.measurement import Measurement
from latentot.metrics.streaming.partial import Sketch
from latentot.metrics.streaming.scatter import Scatter
from latentot.numerics.points import Points


@dataclass(eq=False)
class CovarianceSketch(Sketch):
    """Moments of the points seen.

    Args:
        known: of the reference.
        own: of the points.
    """

    known: Scatter
    own: Scatter

    @classmethod
    def start(cls, reference: Points) -> Self:
        """A sketch of no points.

        Raises:
            InputError: the reference points do not vary.
        """
        known = Scatter.of(reference)
        if not known.squared_covariance > 0:
            raise InputError(f"covariance needs reference points that vary: all {known.n} are alike or nearly so")
        return cls(known, Scatter.none(reference.shape[1]))

    @property
    def largest(self) -> float:  # fourth powers are summed
        return 1e70

    def add(self, z: Points) -> None:
        self.own = self.own.merged(Scatter.of(z))

    def merged(self, other: Self) -> Self:
        return replace(self, own=self.own.merged(other.own))

    def measure(self, n: int) -> Measurement:
        own, known = self.own, self.known
        size, cross = known.squared_covariance, float((own.covariance * known.covariance).sum())
        value = (own.squared_covariance - 2 * cross + size) / size
        raw = float(np.square(own.covariance - known.covariance).sum() / np.square(known.covariance).sum())
        return Measurement(value, raw, n)

    def error(self, n: int) -> float:  # noqa: ARG002
        return 0.0
