"""Linear interpolation, the straight line."""

__all__ = ["Linear"]

from dataclasses import dataclass
from typing import ClassVar

from latentot.paths.interpolation import Interpolation
from latentot.special import Array


@dataclass(frozen=True)
class Linear(Interpolation):
    """The straight line y_t = (1 - t) z0 + t z1.

    It carries N(0, I) to N(0, ((1 - t)^2 + t^2) I): at t = 1/2 norms shrink to 0.7071 of what they were.

    Args:
        prior: any prior.

    >>> import latentot as lot, numpy as np
    >>> Linear(lot.Normal(2))(np.array([0.0, 0.0]), np.array([1.0, 2.0]), 0.5)
    array([0.5, 1. ])
    """

    name: ClassVar[str] = "linear"
    title: ClassVar[str] = "linear"
    formula: ClassVar[str] = "y_t = (1 - t) z0 + t z1"
    citation: ClassVar[str] = "folklore"
    needs: ClassVar[frozenset[str]] = frozenset()

    def _between(self, z0: Array, z1: Array, t: float) -> Array:
        return (1 - t) * z0 + t * z1
