"""What a transport is: fitted on samples of two laws, it gives a map that serves points it has not seen."""

__all__ = ["Floats", "Transport", "TransportMap"]

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError

Floats = NDArray[np.floating[Any]]


class TransportMap(ABC):
    """A map that carries one law onto another."""

    @abstractmethod
    def __call__(self, z: Floats) -> Floats:
        """Carry points, shape (n, d), seen in fitting or not."""


class Transport(ABC):
    """A way of learning a transport map."""

    name: ClassVar[str]
    citation: ClassVar[str]

    @abstractmethod
    def _fit(self, source: Floats, target: Floats, rng: np.random.Generator) -> TransportMap:
        """The map, for samples that were checked."""

    def fit(self, source: Floats, target: Floats, *, rng: int | np.random.Generator) -> TransportMap:
        """Learn the map from the law of one sample to that of another.

        Args:
            source: points of the law to carry, shape (n, d).
            target: points of the law wanted, shape (m, d), independent of the source.
            rng: a seed or a Generator.

        Raises:
            InputError: shapes disagree, there are too few points, or values are not finite.

        >>> import latentot as lot, latentot.transport as lt
        >>> prior = lot.Normal(2)
        >>> midpoints = (prior.sample(5000, rng=0) + prior.sample(5000, rng=1)) / 2
        >>> carried = lt.Gaussian().fit(midpoints, prior.sample(5000, rng=2), rng=3)(midpoints)
        >>> carried.std(axis=0).round(1)
        array([1., 1.])
        """
        for what, points in (("source", source), ("target", target)):
            if points.ndim != 2 or len(points) < 2 or not np.isfinite(points).all():
                raise InputError(f"the {what} of a transport is finite points of shape (n >= 2, d), got {points.shape}")
        if source.shape[1] != target.shape[1]:
            raise InputError(
                f"source and target have {source.shape[1]} and {target.shape[1]} coordinates: they must agree"
            )
        return self._fit(source, target, np.random.default_rng(rng))
