"""Entropic transport: a smooth map, given for every point by the potentials of a regularised matching."""

__all__ = ["Sinkhorn"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import logsumexp, softmax

from latentot.errors import InputError
from latentot.transport.fitted import Fitted, Floats, TransportMap
from latentot.transport.judging import Split
from latentot.transport.transport import Transport

BLOCK = 1_024
EVERY = 10


@dataclass(frozen=True, eq=False, repr=False)
class EntropicMap(TransportMap):
    """T(z) = sum_j w_j(z) y_j, w_j(z) proportional to exp((g_j - |z - y_j|^2) / epsilon).

    Args:
        target: points y_j, shape (m, d).
        potential: g_j, in squared latent units, shape (m,).
        epsilon: regularisation, in squared latent units.
    """

    target: Floats
    potential: Floats
    epsilon: float

    def __call__(self, z: Floats) -> Floats:
        blocks = np.array_split(z, -(-len(z) // BLOCK))
        return np.concatenate([self._weights(block) @ self.target for block in blocks])

    def _weights(self, z: Floats) -> Floats:
        return softmax((self.potential - _cost(z, self.target)) / self.epsilon, axis=1)


@dataclass(frozen=True)
class Sinkhorn(Transport):
    """The entropic map of at most `most` points of each sample; unseen points are served by the same formula.

    f and g maximise the dual of optimal transport with squared distances and entropic regularisation epsilon, in the
    log domain: f_i = -epsilon log mean_j exp((g_j - c_ij) / epsilon), and g likewise, in turn. The map is their
    conditional mean (`EntropicMap`), on the points fitted the barycentre of the regularised plan. It is smooth and
    moves little, but a mean of neighbours has less spread than they have: drift does not vanish as points grow.

    Args:
        max_points: points of each sample that are fitted on (None: all).
        epsilon: regularisation, as a share of the mean squared distance between source and target.
        tolerance: how far the plan's source weights may be from equal (sum of absolute differences).
        iterations: how many times both potentials are updated at most.
    """

    name: ClassVar[str] = "sinkhorn"
    citation: ClassVar[str] = (
        "Cuturi: Sinkhorn distances. NeurIPS 2013; Pooladian, Niles-Weed: Entropic estimation of optimal transport "
        "maps. 2021, arXiv:2109.12004"
    )

    max_points: int | None = 2_000
    epsilon: float = 0.02
    tolerance: float = 1e-3
    iterations: int = 5_000

    def __post_init__(self) -> None:
        for what in ("epsilon", "tolerance", "iterations"):
            if not getattr(self, what) > 0:
                raise InputError(f"{what} of a sinkhorn transport is positive, got {getattr(self, what)!r}")

    def _learn(self, split: Split, rng: np.random.Generator) -> Fitted:  # noqa: ARG002
        x, y = split.fitting(self.max_points)
        cost = _cost(x, y)
        epsilon = self.epsilon * float(cost.mean()) or 1.0
        return split.judged(EntropicMap(y, self._potential(cost, epsilon), epsilon), len(x))

    def _potential(self, cost: Floats, epsilon: float) -> Floats:
        log_n, log_m = np.log(cost.shape)
        kernel = -cost / epsilon
        v = np.zeros(cost.shape[1])
        for iteration in range(self.iterations):
            u = log_m - logsumexp(kernel + v, axis=1)
            updated = log_n - logsumexp(kernel + u[:, None], axis=0)
            # After an update of u rows sum to one; columns are as far from it as v is about to move.
            if iteration % EVERY == 0 and np.abs(np.expm1(v - updated)).mean() < self.tolerance:
                return epsilon * v
            v = updated
        raise InputError(
            f"the entropic transport of {cost.shape[0]} points did not converge in {self.iterations} iterations: "
            f"raise epsilon (a share of the mean cost, now {self.epsilon}), iterations or tolerance"
        )


def _cost(x: Floats, y: Floats) -> Floats:
    centre = y.mean(axis=0)  # a mean far from 0 would cost digits
    x, y = x - centre, y - centre
    squared = np.square(x).sum(axis=1)[:, None] + np.square(y).sum(axis=1) - 2 * (x @ y.T)
    return np.maximum(squared, 0)
