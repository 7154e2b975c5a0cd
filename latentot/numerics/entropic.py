"""Entropic transport between two samples: Sinkhorn scaling in float32, its potentials absorbed into the kernel.

OT_eps = min over plans P of <P, C> + eps KL(P | uniform) = max over f, g of mean f + mean g, reached where
f_i = -eps log mean_j exp((g_j - C_ij) / eps), and likewise g. A round costs two products of the kernel
exp((f_i + g_j - C_ij) / eps) with a vector; the kernel is computed anew only where the scalings outgrow float32.

>>> costs = np.array([[0, 1], [1, 0]], np.float32)
>>> f, g, error = annealed(costs, 0.01, tolerance=1e-6)
>>> round(float(f.mean() + g.mean()), 2), error < 1e-6
(0.01, True)
"""

__all__ = ["Potential", "Potentials", "annealed", "opening", "scaled", "self_potential"]

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentot.numerics.pairs import Squares

Potential = NDArray[np.float64]

MAX_ROUNDS = 2_000
"""Rounds of scaling: samples that need more are too far apart for their entropy, and another blur serves better."""
LARGEST = 1e8
"""Scalings beyond this are absorbed into the kernel: products of two of them, and of n of these, fit into float32."""
MAX_EXPONENT = np.float32(20)
"""Where the kernel's exponents are above this, a step went too far, and potentials are lowered; at the end no exponent
is above log n."""
TINY = np.float32(1e-25)
"""Sums of the kernel are at least this: a point that nothing reaches yet moves its potential by 58 eps a round."""


class Potentials(NamedTuple):
    """Dual potentials, shapes (n,) and (m,), and the root mean square relative error of their plan's marginals."""

    f: Potential
    g: Potential
    error: float


def opening(costs: Squares) -> Potentials:
    """Potentials to begin with: f + g <= C, with equality somewhere in every row and in every column."""
    f = costs.min(axis=1)
    g = (costs - f[:, None]).min(axis=0)
    return Potentials(f.astype(np.float64), g.astype(np.float64), np.inf)


def scaled(costs: Squares, start: Potentials, eps: float, *, rounds: int, tolerance: float = 0) -> Potentials:
    """Potentials after rounds of Sinkhorn scaling, fewer where the marginals are right before.

    Args:
        costs: costs of all pairs, shape (n, m).
        start: potentials to begin with.
        eps: the weight of the entropy, in the unit of the costs.
        rounds: the most rounds.
        tolerance: relative error of the marginals at which to stop.

    Returns:
        Potentials; the column sums of their plan are exact, its row sums are off by `error`.
    """
    n, m = costs.shape
    f, g, error = start
    while rounds > 0 and not error <= tolerance:
        kernel, g = _kernel(costs, f, g, eps)
        rows = kernel.mean(axis=1)
        large = np.float32(1)
        while rounds > 0 and not error <= tolerance and large < LARGEST:
            u = 1 / np.maximum(rows, TINY)
            v = 1 / np.maximum(u @ kernel / np.float32(n), TINY)
            rows = kernel @ v / np.float32(m)
            error = _error(u * rows)
            large = max(u.max(), v.max())
            rounds -= 1
        f, g = f + eps * np.log(u), g + eps * np.log(v)
    return Potentials(f, g, error)


def annealed(costs: Squares, eps: float, *, tolerance: float) -> Potentials:
    """Potentials to a tolerance, by way of larger entropies where eps is small beside the costs.

    Returns:
        Potentials; their `error` is above the tolerance if 2,000 rounds were not enough.
    """
    at = opening(costs)
    level = float(np.mean(costs)) - float(at.f.mean() + at.g.mean())
    while level > 4 * eps:
        at = scaled(costs, at, level, rounds=5)
        level /= 4
    return scaled(costs, at._replace(error=np.inf), eps, rounds=MAX_ROUNDS, tolerance=tolerance)


def self_potential(costs: Squares, eps: float, *, tolerance: float) -> tuple[Potential, float]:
    """The potential of a sample against itself, f = g, by averaged rounds, which need no annealing.

    Args:
        costs: costs of all pairs, shape (n, n), symmetric; an infinite one bars a pair.
        eps: the weight of the entropy, in the unit of the costs.
        tolerance: relative error of the marginals at which to stop.

    Returns:
        The potential, shape (n,), and the error; it is above the tolerance if 2,000 rounds were not enough.
    """
    f = costs.min(axis=1).astype(np.float64) / 2
    rounds, error = MAX_ROUNDS, np.inf
    while rounds > 0 and not error <= tolerance:
        kernel, lowered = _kernel(costs, f, f, eps)
        if lowered is not f:
            f = lowered
            kernel, _ = _kernel(costs, f, f, eps)
        u = np.ones(len(f), np.float32)
        while rounds > 0 and u.max() < LARGEST:
            rows = np.maximum(kernel @ u / np.float32(len(f)), TINY)
            sums = u * rows
            error = _error(sums)
            if error <= tolerance:
                break
            u = np.sqrt(u / rows)
            rounds -= 1
        f += eps * np.log(u)
    return f - eps * np.log(sums.mean()) / 2, error


def _error(sums: NDArray[np.float32]) -> float:
    """Root mean square error of row sums that should be 1: the cost is off by eps / 2 times its square."""
    return float(np.sqrt(np.square(sums - 1).mean(dtype=np.float64)))


def _kernel(costs: Squares, f: Potential, g: Potential, eps: float) -> tuple[Squares, Potential]:
    """exp((f_i + g_j - C_ij) / eps), and g, lowered where the kernel would overflow."""
    exponents = g.astype(np.float32) - costs
    exponents += f.astype(np.float32)[:, None]
    exponents /= np.float32(eps)
    over = np.maximum(exponents.max(axis=0) - MAX_EXPONENT, 0)
    if over.any():
        exponents -= over
        g = g - eps * over
    return np.exp(exponents, out=exponents), g
