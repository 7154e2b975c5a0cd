"""A last affine map, fitted on points apart, that brings mean and covariance of carried points to the target's."""

__all__ = ["Chain", "calibrated"]

from dataclasses import dataclass

import numpy as np

from latentot.numerics.special import Array
from latentot.transport.fitted import Floats, TransportMap
from latentot.transport.gaussian import AffineMap

FLAT = 1e-9
"""Variances are at least this share of their mean, so that flat directions can be whitened."""


@dataclass(frozen=True, eq=False, repr=False)
class Chain(TransportMap):
    """Maps, one after another."""

    maps: tuple[TransportMap, ...]

    def __call__(self, z: Array) -> Array:
        for carry in self.maps:
            z = carry(z)
        return z


def calibrated(carried: Floats, target: Floats) -> AffineMap:
    """The optimal affine map from the law of carried points to that of the target, with little noise from few points.

    Beside the target's covariance the carried points' is nearly a multiple of 1, so in coordinates that whiten the
    target it is shrunk towards the nearest one, as far as its own noise asks (Ledoit, Wolf).

    Args:
        carried: points that the map before was not fitted on, shape (n, d).
        target: shape (m, d), m much greater than n or the points few.

    References:
        Ledoit, Wolf: A well-conditioned estimator for large-dimensional covariance matrices. J. Multivariate Analysis
        2004.

    >>> z = np.random.default_rng(0).standard_normal((4_000, 3))
    >>> np.allclose(calibrated(z[:2_000] / 2, z).matrix, 2 * np.eye(3), atol=0.1)
    True
    """
    values, vectors = np.linalg.eigh(np.cov(target, rowvar=False).reshape(2 * target.shape[1:]))
    floor = max(FLAT * float(values.mean()), float(np.finfo(float).tiny))
    scaled = vectors * np.sqrt(np.maximum(values, floor))
    mean = carried.mean(axis=0)
    covariance = scaled @ _shrunk(np.linalg.solve(scaled, (carried - mean).T).T) @ scaled.T
    own = (scaled @ scaled.T).reshape(covariance.shape)
    return AffineMap.of_moments((mean, covariance), (target.mean(axis=0), own), ridge=floor)


def _shrunk(z: Floats) -> Floats:
    """The covariance of centred points, shrunk towards a multiple of 1."""
    n, d = z.shape
    sample = z.T @ z / n
    nearest = np.trace(sample) / d * np.eye(d)
    distance = np.square(sample - nearest).sum()
    noise = (np.square(np.square(z).sum(axis=1)).mean() - np.square(sample).sum()) / n
    share = min(1.0, noise / distance) if distance > 0 else 1.0
    return share * nearest + (1 - share) * sample
