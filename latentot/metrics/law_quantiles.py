"""Integrals over the probabilities of a law: its expectations, and one-dimensional transport against it."""

__all__ = ["LawBlocks", "expectation"]

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from latentot.numerics.quadrature import gauss_legendre
from latentot.priors import Law

Floats = NDArray[np.float64]

NODES, WEIGHTS = gauss_legendre(16)
FEW_NODES, FEW_WEIGHTS = gauss_legendre(6)
PANELS = 4.0 ** -np.arange(330.0)
"""Probabilities down to 1e-198: a quantile may be a power of its tail probability, and each panel sees it smooth."""
TAIL, TAIL_WEIGHTS = (
    (PANELS[:, None] * (1 + 3 * NODES) / 4).ravel(),
    (PANELS[:, None] * 3 / 4 * WEIGHTS).ravel(),
)
"""A rule for integrals over [0, 1] that holds for what is singular at 0."""
NEGLIGIBLE = 1e-100
"""What is less likely weighs nothing; its own tail would be less than any float."""


def expectation(law: Law, function: Callable[[Floats], Floats]) -> float:
    """E f(X) = integral of f(Q(q)) over probabilities q, from either tail to the median.

    Args:
        law: the law of X.
        function: f, of an array; it may grow in the tails as a logarithm or a power that has an expectation.

    >>> import latentot as lot
    >>> round(expectation(lot.Normal(1).marginal, np.square), 12)
    1.0
    """
    return float(sum(TAIL_WEIGHTS / 2 @ function(tail(TAIL / 2)) for tail in (law.quantile, law.isf)))


@dataclass(frozen=True, eq=False)
class LawBlocks:
    """W1 of samples of n numbers to a law, by quadrature: within 1e-9 relative.

    With Q the law's quantile function and mu_i = n * integral of Q over block i, [i/n, (i+1)/n], W1 is the mean of
    n * integral of |z_(i) - Q| over block i: |z_(i) - mu_i|, but for the few z_(i) between Q(i/n) and Q((i+1)/n).
    There it is z_(i) - mu_i + 2 n * integral of what Q is above z_(i).

    Args:
        law: with a finite mean.

    >>> import latentot as lot
    >>> round(LawBlocks(lot.Uniform(1, low=0, high=1).marginal).w1(np.array([0.25, 0.75])), 12)
    0.125
    """

    law: Law
    _known: dict[int, tuple[Floats, Floats]] = field(default_factory=dict, repr=False)

    def w1(self, z: Floats) -> float:
        """W1 of a sample to the law.

        Args:
            z: sorted, shape (n,), n at least 2.
        """
        n = len(z)
        if n not in self._known:
            self._known[n] = self._blocks(n)
        means, ends = self._known[n]
        apart = np.abs(z - means)
        own = np.flatnonzero((ends[:-1] < z) & (z < ends[1:]))
        inner = own[(own > 0) & (own < n - 1)]
        level = self.law.cdf(z[inner])
        width = (inner + 1) / n - level
        above = self.law.quantile(level[:, None] + width[:, None] * FEW_NODES) @ FEW_WEIGHTS - z[inner]
        apart[inner] = z[inner] - means[inner] + 2 * n * width * above
        # The quantile function is singular at the ends of the outermost blocks: each is integrated from its end.
        if 0 in own:
            below = self._excess(self.law.quantile, self.law.cdf(z[:1]), z[0])
            apart[0] = means[0] - z[0] - 2 * n * below
        if n - 1 in own:
            beyond = self._excess(self.law.isf, self.law.sf(z[-1:]), z[-1])
            apart[-1] = z[-1] - means[-1] + 2 * n * beyond
        return float(apart.mean())

    def _blocks(self, n: int) -> tuple[Floats, Floats]:
        """Block means, shape (n,), and the quantiles between which they lie, shape (n + 1,)."""
        inner = np.arange(1, n - 1)
        means = np.empty(n)
        means[1:-1] = self.law.quantile((inner[:, None] + FEW_NODES) / n) @ FEW_WEIGHTS
        share = np.array([1 / n])
        means[0], means[-1] = (n * self._excess(tail, share, 0.0) for tail in (self.law.quantile, self.law.isf))
        low, high = self.law.support
        return means, np.concatenate([[low], self.law.quantile(np.arange(1, n) / n), [high]])

    @staticmethod
    def _excess(tail: Callable[[Floats], Floats], q: Floats, x: float) -> float:
        """Integral of a tail's quantiles, less x, over probabilities up to q."""
        return float(q[0] * (TAIL_WEIGHTS @ tail(TAIL * q) - x)) if q[0] > NEGLIGIBLE else 0.0
