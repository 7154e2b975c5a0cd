"""One-dimensional transport against a fixed sample, by integrals of its quantile function."""

__all__ = ["Blocks", "QuantileBlocks", "block_means", "blocks_of", "sorted_columns", "squared_w2_of_counts"]

import functools
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


def sorted_columns(z: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """The coordinates of points, shape (n, d), each sorted, shape (d, n).

    >>> sorted_columns(np.array([[2.0, 0.0], [1.0, 5.0]]))
    array([[1., 2.],
           [0., 5.]])
    """
    columns = np.array(z.T, order="C")
    columns.sort(axis=1)
    return columns


class Blocks(NamedTuple):
    """Quantile functions of fixed samples, a row each, cut into n blocks of ranks.

    With Q the quantile function of the reference and mu_i = n * integral of Q over [i/n, (i+1)/n],
    W2^2 = mean_i (z_(i) - mu_i)^2 + integral Q^2 - mean_i mu_i^2, so the reference costs nothing once mu is known.

    Args:
        means: mu, shape (k, n).
        within: integral Q^2 - mean_i mu_i^2, the mean variance within blocks, shape (k,).
    """

    means: NDArray[np.floating[Any]]
    within: NDArray[np.float64]

    def squared_w2(self, z: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Squared W2 of each row to the same row of the reference, exact.

        Args:
            z: sorted samples, one a row, shape (k, n).

        Returns:
            Squared distances, shape (k,).
        """
        apart = z - self.means
        return np.square(apart, out=apart).mean(axis=1) + self.within

    def of(self, rows: slice) -> "Blocks":
        """Those of some of the samples."""
        return Blocks(self.means[rows], self.within[rows])


def blocks_of(reference: Iterable[NDArray[np.floating[Any]]], sizes: Collection[int]) -> dict[int, Blocks]:
    """Blocks for samples of each size; the reference is not kept.

    Args:
        reference: sorted samples, shape (m,) each, which may come one at a time.
        sizes: how many numbers samples will have.

    >>> blocks_of([np.array([0.0, 1.0, 2.0, 3.0])], [2])[2].means
    array([[0.5, 2.5]])
    """
    found: dict[int, list[tuple[NDArray[Any], float]]] = {n: [] for n in sizes}
    for sample in reference:
        values = sample.astype(np.float64)
        square = np.square(values).mean()
        for n, rows in found.items():
            if n == len(sample):
                rows.append((sample, 0.0))
                continue
            means = block_means(values, np.linspace(0, len(sample), n + 1))
            rows.append((means.astype(sample.dtype), max(square - np.square(means).mean(), 0.0)))
    return {n: Blocks(np.stack([mu for mu, _ in rows]), np.array([v for _, v in rows])) for n, rows in found.items()}


@dataclass(frozen=True, eq=False)
class QuantileBlocks:
    """W1 and squared W2 of samples of n numbers to fixed samples of m numbers, exact for any n and m.

    W2 is that of `Blocks`. W1 = mean_i |z_(i) - mu_i|, but for the few z_(i) that lie among the numbers of their own
    block.

    Args:
        reference: sorted reference samples, one a row, shape (k, m).

    >>> reference = np.sort(np.random.default_rng(0).standard_normal((1, 60)))
    >>> QuantileBlocks(reference).squared_w2(reference).round(12)
    array([0.])
    >>> QuantileBlocks(reference).w1(reference + 0.5).round(12)
    array([0.5])
    """

    reference: NDArray[np.floating[Any]]
    _known: dict[int, Blocks] = field(default_factory=dict, repr=False)

    def squared_w2(self, z: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Squared W2 of each row to the same row of the reference.

        Args:
            z: sorted samples, one a row, shape (k, n).

        Returns:
            Squared distances, shape (k,).
        """
        return self.of(z.shape[1]).squared_w2(z)

    def w1(self, z: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """W1 of each row to the same row of the reference.

        Args:
            z: sorted samples, one a row, shape (k, n).

        Returns:
            Distances, shape (k,).
        """
        n, m = z.shape[1], self.reference.shape[1]
        means = self.of(n).means
        apart = z - means
        total = np.abs(apart, out=apart).sum(axis=1, dtype=np.float64)
        at, first, last = _cuts(n, m)
        offsets = np.arange((last - first).max() + 1)
        for row, (points, known) in enumerate(zip(z, self.reference, strict=True)):
            own = np.flatnonzero((known[first] < points) & (points < known[last]))
            index = first[own, None] + offsets
            share = np.minimum(index + 1, at[own + 1, None]) - np.maximum(index, at[own, None])
            values = known[np.minimum(index, m - 1)].astype(np.float64)
            exact = (np.abs(points[own, None] - values) * np.maximum(share, 0)).sum(axis=1) * (n / m)
            total[row] += (exact - np.abs(points[own] - means[row, own])).sum()
        return np.asarray(total / n)

    def of(self, n: int) -> Blocks:
        """Blocks for samples of n numbers."""
        if n not in self._known:
            self._known.update(blocks_of(self.reference, [n]))
        return self._known[n]


@functools.lru_cache(maxsize=8)
def _cuts(n: int, m: int) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
    """Where n blocks of m numbers begin and end, shape (n + 1,), and the first and last number of each, shapes (n,)."""
    at = np.linspace(0, m, n + 1)
    return at, np.floor(at[:-1]).astype(np.intp), np.ceil(at[1:]).astype(np.intp) - 1


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
    whole, padded = at.astype(np.intp), np.append(sample, 0.0)
    sums = np.add.reduceat(padded, whole)[:-1]
    sums[whole[1:] == whole[:-1]] = 0  # blocks within one number
    parts = (at - whole) * padded[whole]
    return (sums + np.diff(parts)) / np.diff(at)


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
