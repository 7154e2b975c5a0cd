"""The null path: each pair keeps one of its endpoints."""

__all__ = ["Switch"]

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace, device

from latentot.numerics.special import Array
from latentot.paths.laws import DISTRIBUTION, PERMUTATION, ROTATION
from latentot.paths.path import Interpolation
from latentot.paths.weights import Weights


@dataclass(frozen=True, repr=False)
class Switch(Interpolation):
    """z_t = z1 where a uniform number of the pair is below t, else z0.

    It keeps any prior exactly at every t, and depends on t as a path does: useless to look at, but an ideal null. In a
    large batch the uniform numbers repeat from block to block, which leaves points of independent pairs independent.

    Args:
        prior: any prior.
        rng: a seed or a Generator (None: fresh entropy), for the moment at which each pair switches.

    >>> import latentot as lot, numpy as np
    >>> Switch(lot.Normal(1), rng=0)(np.zeros((4, 1)), np.ones((4, 1)), 0.5)[:, 0]
    array([1., 0., 1., 0.])
    """

    name: ClassVar[str] = "switch"
    title: ClassVar[str] = "switch (null path)"
    formula: ClassVar[str] = "z_t = z1 if U < t else z0, U uniform, one a pair"
    citation: ClassVar[str] = "latentot"
    needs: ClassVar[frozenset[str]] = frozenset()

    rng: int | np.random.Generator | None = None
    _seed: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        # One seed for good, so that the moments of switching are those of the pairs at every t and in every call.
        object.__setattr__(self, "_seed", int(np.random.default_rng(self.rng).integers(2**63)))

    def claims(self) -> frozenset[str]:
        return frozenset({DISTRIBUTION, ROTATION, PERMUTATION})

    def _between(self, z0: Array, z1: Array, weights: Weights) -> Array:
        xp, t = array_namespace(z0, z1), weights[1]
        moments = np.random.default_rng(self._seed).random((z0.shape[0], 1))
        if isinstance(t, float):
            return xp.where(xp.asarray(moments < t, device=device(z0)), z1, z0)
        return xp.where(xp.asarray(moments, dtype=t.dtype, device=device(z0)) < t, z1, z0)
