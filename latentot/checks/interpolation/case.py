"""A case: the interpolation that is checked, its prior, and the pairs that it is tried on."""

__all__ = ["Case", "Walk"]

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.paths import Interpolation
from latentot.priors import Empirical, Prior

Walk = Callable[..., Any]
Floats = NDArray[np.float64]

ROWS = 24
"""Pairs that an interpolation is tried on where no law is tested: enough to be put in another order."""


@dataclass(frozen=True, eq=False)
class Case:
    """What checks are run on.

    Args:
        path: an `Interpolation`, or any callable (z0, z1, t) -> z.
        prior: the law that endpoints are draws of.
        seed: the same seed gives the same pairs.
    """

    path: Walk
    prior: Prior
    seed: int = 0

    @property
    def name(self) -> str:
        """What reports call it."""
        return str(getattr(self.path, "name", None) or getattr(self.path, "__name__", type(self.path).__name__))

    @property
    def advice(self) -> str:
        """What to change where it ends with an exception."""
        return f"take z0 and z1 of shape (n, *{self.prior.shape}) and a number t, and return points of their shape"

    @property
    def claims(self) -> frozenset[str]:
        """The laws that it claims on this prior; a plain callable claims nothing."""
        return self.path.claims() if isinstance(self.path, Interpolation) else frozenset()

    @functools.cached_property
    def pairs(self) -> tuple[Floats, Floats]:
        """A few pairs of endpoints, each of shape (n, *prior.shape)."""
        return self.drawn(ROWS)

    def drawn(self, n: int) -> tuple[Floats, Floats]:
        """Pairs of endpoints; fewer than n where the prior has no more samples."""
        if isinstance(self.prior, Empirical) and not self.prior.replace:
            n = min(n, len(self.prior.samples) // 2)
        both = self.prior.sample(2 * n, rng=self.seed)
        return both[:n], both[n:]

    def walk(self, z0: NDArray[Any], z1: NDArray[Any], t: float) -> NDArray[Any]:
        """Points at t between copies of endpoints."""
        return np.asarray(self.path(z0.copy(), z1.copy(), t))
