"""The nearest point of a prior's support: maps that are fitted to samples leave it, this brings them back."""

__all__ = ["Box", "Shell", "support_map"]

from dataclasses import dataclass

import numpy as np
from array_api_compat import array_namespace

from latentot.numerics.special import Array
from latentot.priors import Prior
from latentot.transport.fitted import Floats, TransportMap
from latentot.transport.placed import placed
from latentot.transport.radial import norms


@dataclass(frozen=True, eq=False, repr=False)
class Box(TransportMap):
    """Each coordinate within its bounds, shape (d,), which may be infinite."""

    low: Floats
    high: Floats

    def __call__(self, z: Array) -> Array:
        xp = array_namespace(z)
        return xp.minimum(xp.maximum(z, placed(self.low, z)), placed(self.high, z))


@dataclass(frozen=True, eq=False, repr=False)
class Shell(TransportMap):
    """The norm within its bounds: on a sphere both are its radius. The origin stays."""

    low: float
    high: float

    def __call__(self, z: Array) -> Array:
        xp, norm = array_namespace(z), norms(z)
        bounded = xp.clip(norm, self.low, self.high)
        return z * (bounded / xp.where(norm > 0, norm, xp.ones_like(norm)))


def support_map(prior: Prior) -> TransportMap | None:
    """The map to the nearest point of a prior's support; None where that is everything or is not known.

    >>> import latentot as lot
    >>> support_map(lot.Uniform(2))(np.array([[0.5, 3.0]]))
    array([[0.5, 1. ]])
    >>> support_map(lot.Normal(2)) is None
    True
    """
    if prior.marginal is not None:
        low, high = (np.broadcast_to(np.asarray(end, float), (prior.dim,)) for end in prior.marginal.support)
        return Box(low.copy(), high.copy()) if np.isfinite(low).any() or np.isfinite(high).any() else None
    if prior.radius is not None:
        least, greatest = map(float, prior.radius.support)
        return Shell(least, greatest) if least > 0 or np.isfinite(greatest) else None
    return None
