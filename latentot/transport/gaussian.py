"""Gaussian transport: the affine map that is optimal between normal laws."""

__all__ = ["AffineMap", "Gaussian"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.transport.fitted import Fitted, Floats, TransportMap
from latentot.transport.judging import Split
from latentot.transport.placed import placed
from latentot.transport.transport import Transport


@dataclass(frozen=True, eq=False, repr=False)
class AffineMap(TransportMap):
    """T(z) = z A + b."""

    matrix: Floats
    shift: Floats

    @classmethod
    def between(cls, source: Floats, target: Floats, *, ridge: float) -> "AffineMap":
        """The optimal map between the normal laws that have the samples' means and covariances."""
        moments = ((z.mean(axis=0), np.cov(z, rowvar=False).reshape(2 * z.shape[1:])) for z in (source, target))
        return cls.of_moments(*moments, ridge=ridge)

    @classmethod
    def of_moments(cls, source: tuple[Floats, Floats], target: tuple[Floats, Floats], *, ridge: float) -> "AffineMap":
        """The optimal map between the normal laws of two means, shape (d,), and covariances, shape (d, d)."""
        means, covariances = zip(source, target, strict=True)
        s0, s1 = (covariance + ridge * np.eye(len(covariance)) for covariance in covariances)
        values, vectors = np.linalg.eigh(s0)
        # The least eigenvalue of few or degenerate samples is 0, or negative by rounding.
        root = np.sqrt(np.maximum(values, ridge))
        half, inverse = (vectors * root) @ vectors.T, (vectors / root) @ vectors.T
        values, vectors = np.linalg.eigh(half @ s1 @ half)
        matrix = inverse @ (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T @ inverse
        return cls(matrix, means[1] - means[0] @ matrix)

    def __call__(self, z: Array) -> Array:
        return z @ placed(self.matrix, z) + placed(self.shift, z)


@dataclass(frozen=True)
class Gaussian(Transport):
    """T(z) = m1 + A (z - m0), A = S0^-1/2 (S0^1/2 S1 S0^1/2)^1/2 S0^-1/2, of the samples' means and covariances.

    The optimal map between normal laws of these moments (Bures); exact where source and target differ by an affine map
    with a symmetric positive matrix, as the points on a straight line between normal draws do.

    Args:
        max_points: points of each sample that are fitted on (None: all).
        ridge: added to the diagonal of both covariances, in squared latent units, so that degenerate samples have a
            map.
    """

    name: ClassVar[str] = "gaussian"
    citation: ClassVar[str] = (
        "Knott, Smith: On the optimal mapping of distributions. JOTA 1984; Flamary, Lounici, Ferrari: "
        "Concentration bounds for linear Monge mapping estimation. 2019, arXiv:1905.10155"
    )

    max_points: int | None = None
    ridge: float = 1e-9

    def __post_init__(self) -> None:
        if not self.ridge > 0:
            raise InputError(f"the ridge of a gaussian transport is positive, got {self.ridge!r}")

    def _fit(self, split: Split, rng: np.random.Generator) -> Fitted:  # noqa: ARG002
        source, target = split.fitting(self.max_points)
        return split.judged(AffineMap.between(source, target, ridge=self.ridge), len(source))
