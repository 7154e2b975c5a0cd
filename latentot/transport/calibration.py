"""A last affine map, fitted on points apart, that brings mean and covariance of carried points to the target's."""

__all__ = ["Chain", "calibrated"]

from dataclasses import dataclass

import numpy as np

from latentot.numerics.special import Array
from latentot.transport.fitted import Floats, TransportMap
from latentot.transport.gaussian import AffineMap

ENOUGH = 5
"""Least squares are used from so many points per coordinate on: with fewer they add more noise than they remove."""
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


def calibrated(unseen: Floats, carried: Floats, source: Floats, target: Floats) -> AffineMap:
    """The optimal affine map from the law of carried points to that of the target, with little noise from few points.

    The linear part of the map is evaluated on all of the source: with B the least-squares fit of carried on unseen
    points, mean and covariance are those of z B over the source plus those of the residuals of the unseen points.
    In coordinates that whiten the target the covariance of the residuals is nearly a multiple of the identity, and is
    shrunk towards the nearest one by the share that its noise suggests (Ledoit, Wolf).

    Args:
        unseen: points that the map before was not fitted on, shape (n, d).
        carried: where it carries them, shape (n, d).
        source: all points of the source, shape (k, d).
        target: all points of the target, shape (m, d).

    References:
        Ledoit, Wolf: A well-conditioned estimator for large-dimensional covariance matrices. J. Multivariate Analysis
        2004.

    >>> z = np.random.default_rng(0).standard_normal((4_000, 3))
    >>> np.allclose(calibrated(z[:2_000], z[:2_000] / 2, z, z).matrix, 2 * np.eye(3), atol=0.1)
    True
    """
    values, vectors = np.linalg.eigh(np.cov(target, rowvar=False).reshape(2 * target.shape[1:]))
    floor = max(FLAT * float(values.mean()), float(np.finfo(float).tiny))
    scaled = vectors * np.sqrt(np.maximum(values, floor))
    centre, middle = unseen.mean(axis=0), source.mean(axis=0)
    linear = np.zeros((len(values), len(values)))
    if len(unseen) > ENOUGH * len(values):
        linear, *_ = np.linalg.lstsq(unseen - centre, carried - carried.mean(axis=0))
    mean = carried.mean(axis=0) + (middle - centre) @ linear
    left = carried - carried.mean(axis=0) - (unseen - centre) @ linear
    along = (source - middle) @ linear
    covariance = along.T @ along / len(along) + scaled @ _shrunk(np.linalg.solve(scaled, left.T).T) @ scaled.T
    own = (scaled @ scaled.T).reshape(covariance.shape)
    return AffineMap.of_moments((mean, covariance), (target.mean(axis=0), own), ridge=floor)


def _shrunk(z: Floats) -> Floats:
    """The covariance of centred points, shrunk towards a multiple of the identity."""
    n, d = z.shape
    sample = z.T @ z / n
    nearest = np.trace(sample) / d * np.eye(d)
    distance = np.square(sample - nearest).sum()
    noise = (np.square(np.square(z).sum(axis=1)).mean() - np.square(sample).sum()) / n
    share = min(1.0, noise / distance) if distance > 0 else 1.0
    return share * nearest + (1 - share) * sample
