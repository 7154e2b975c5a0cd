"""One-dimensional transport against a fixed sample, by block means of its quantile function."""

__all__ = ["QuantileBlocks"]

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
