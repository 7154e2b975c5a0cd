"""One-dimensional transport against a fixed sample, by integrals of its quantile function."""

__all__ = ["QuantileBlocks", "QuantileIntegral"]

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class QuantileBlocks:
    """Squared W2 of samples of n numbers to fixed samples of m numbers, exact for any n and m.

    With Q the quantile function of the reference and mu_i = n * integral of Q over [i/n, (i+1)/n],
    W2^2 = mean_i (z_(i) - mu_i)^2 + integral Q^2 - mean_i mu_i^2, so the reference costs nothing once mu is known.

    Args:
        reference: sorted reference samples, one a row, shape (k, m).

    >>> reference = np.sort(np.random.default_rng(0).standard_normal((1, 60)))
    >>> QuantileBlocks(reference).squared_w2(reference).round(12)
    array([0.])
    """

    reference: NDArray[np.floating[Any]]
    _known: dict[int, tuple[NDArray[Any], NDArray[Any]]] = field(default_factory=dict, repr=False)

    def squared_w2(self, z: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Squared W2 of each row to the same row of the reference.

        Args:
            z: sorted samples, one a row, shape (k, n).

        Returns:
            Squared distances, shape (k,).
        """
        n = z.shape[1]
        if n not in self._known:
            self._known[n] = self._blocks(n)
        means, within = self._known[n]
        return np.square(z - means).mean(axis=1, dtype=np.float64) + within

    def _blocks(self, n: int) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """Block means, shape (k, n), and the mean variance within blocks, shape (k,)."""
        k, m = self.reference.shape
        if n == m:
            return self.reference, np.zeros(k)
        at = np.linspace(0, m, n + 1)
        whole = np.minimum(at.astype(np.intp), m - 1)
        part = at - whole
        means = np.empty((k, n), self.reference.dtype)
        within = np.empty(k)
        for row, sample in enumerate(self.reference):
            values = sample.astype(np.float64)
            integral = np.concatenate([[0.0], np.cumsum(values)])
            exact = np.diff(integral[whole] + part * values[whole]) * (n / m)
            means[row] = exact
            within[row] = np.square(values).mean() - np.square(exact).mean()
        return means, np.maximum(within, 0)


class QuantileIntegral:
    """W1 of samples of n numbers to a fixed sample of m numbers, exact for any n and m.

    With Q and F the quantile function and the distribution function of the reference, and P(u) the integral of Q over
    [0, u], W1 = sum_i integral |z_(i) - Q(u)| du over [i/n, (i+1)/n]. Q crosses z_(i) at u = F(z_(i)), so each integral
    is z_(i) (2u - i/n - (i+1)/n) + P(i/n) + P((i+1)/n) - 2 P(u), u brought into [i/n, (i+1)/n]: the reference is never
    merged with the sample, only looked up.

    Args:
        reference: sorted reference sample, shape (m,).

    >>> QuantileIntegral(np.arange(4.0)).w1(np.array([1.0, 3.5]))
    0.75
    """

    def __init__(self, reference: NDArray[np.floating[Any]]) -> None:
        self._centre = float(np.median(reference))
        self._reference = reference.astype(np.float64) - self._centre
        self._integral = np.concatenate([[0.0], np.cumsum(self._reference)])

    def w1(self, z: NDArray[np.floating[Any]]) -> float:
        """W1 to the reference.

        Args:
            z: sorted sample, shape (n,).

        Returns:
            The distance.
        """
        m, n = len(self._reference), len(z)
        centred = z.astype(np.float64) - self._centre
        # Positions in units of 1 / m keep whole numbers whole.
        ends = np.arange(n + 1) * (m / n)
        at_ends = self._upto(ends)
        crossing = np.clip(np.searchsorted(self._reference, centred), ends[:-1], ends[1:])
        costs = centred * (2 * crossing - ends[:-1] - ends[1:]) + at_ends[:-1] + at_ends[1:] - 2 * self._upto(crossing)
        return float(costs.sum() / m)

    def _upto(self, position: NDArray[Any]) -> NDArray[np.float64]:
        """m P(position / m): whole steps of Q, and a part of the next."""
        whole = np.minimum(position.astype(np.intp), len(self._reference) - 1)
        return self._integral[whole] + (position - whole) * self._reference[whole]
