"""One-dimensional transport against a fixed sample, by block means of its quantile function."""

__all__ = ["QuantileBlocks", "block_means", "squared_w2_of_counts"]

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
        at = np.linspace(0, m, n + 1)
        means = np.empty((k, n), self.reference.dtype)
        within = np.empty(k)
        for row, sample in enumerate(self.reference):
            values = sample.astype(np.float64)
            exact = block_means(values, at)
            means[row] = exact
            within[row] = np.square(values).mean() - np.square(exact).mean()
        return means, np.maximum(within, 0)


def block_means(sample: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means of a sample's quantile function over blocks of ranks.

    Args:
        sample: sorted numbers, shape (m,).
        at: where blocks begin and end, increasing from 0 to m, shape (k + 1,); a number may lie in several blocks.

    Returns:
        Means, shape (k,).

    >>> block_means(np.array([0.0, 1.0, 2.0]), np.array([0, 1.5, 3])).round(3)
    array([0.333, 1.667])
    """
    whole = np.minimum(at.astype(np.intp), len(sample) - 1)
    integral = np.concatenate([[0.0], np.cumsum(sample)])[whole] + (at - whole) * sample[whole]
    return np.diff(integral) / np.diff(at)


def squared_w2_of_counts(
    values: NDArray[np.float64], counts: NDArray[np.integer[Any]], sample: NDArray[np.float64]
) -> float:
    """Squared W2 between a sample of repeated numbers and a fixed sample, exact.

    Args:
        values: increasing numbers, shape (k,).
        counts: how often each is there, at least once, shape (k,).
        sample: sorted numbers, shape (m,).

    Returns:
        The squared distance.

    >>> squared_w2_of_counts(np.array([0.0, 1.0]), np.array([3, 1]), np.array([0.0, 0.0, 0.0, 2.0]))
    0.25
    """
    weights = counts / counts.sum()
    means = block_means(sample, np.concatenate([[0], np.cumsum(counts)]) * (len(sample) / counts.sum()))
    within = np.square(sample).mean() - weights @ np.square(means)
    return float(weights @ np.square(values - means) + max(within, 0.0))
