"""Distances between distribution functions: Kolmogorov-Smirnov and Anderson-Darling, of sorted numbers.

>>> anderson_darling(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
(1.6666666666666665, 1.0)
"""

__all__ = [
    "anderson_darling",
    "anderson_darling_to_law",
    "kolmogorov_smirnov",
    "kolmogorov_smirnov_to_law",
    "largest_kolmogorov_smirnov",
]

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.priors import Law

Numbers = NDArray[np.floating[Any]]

MARKS, STEP = 1_000, 64
"""About so many points are looked up, among each so many-th of a reference, to bound the distance at those between."""
FEW = 4
"""Of no more coordinates all points are looked up among all, unless they are many: bounds would take longer."""


def kolmogorov_smirnov(z: Numbers, reference: Numbers) -> float:
    """sup_x |F_z(x) - F_reference(x)|: reached at, or just before, a point of z.

    Args:
        z, reference: sorted numbers, shapes (n,) and (m,).
    """
    n, m = len(z), len(reference)
    upto = np.searchsorted(reference, z, "right")
    ranks = np.arange(1, n + 1)
    if _tied(z, reference, upto):
        below, ranks_below = np.searchsorted(reference, z, "left"), np.searchsorted(z, z, "left")
        ranks = np.searchsorted(z, z, "right")
    else:
        below, ranks_below = upto, ranks - 1
    return float(max(np.abs(ranks / n - upto / m).max(), np.abs(ranks_below / n - below / m).max()))


def largest_kolmogorov_smirnov(columns: Numbers, reference: Numbers) -> float:
    """max_j sup_x |F_zj(x) - F_rj(x)|, exact.

    The supremum is reached at a point z_(i), i from 0, as (i + 1)/n - F_r(z_(i)), or just before one, as
    F_r(z_(i)-) - i/n. Looking up a thousand points among each 64th of the reference, which fits into the cache, bounds
    both everywhere; points are looked up among all only where the bound is above the largest distance yet. A few
    coordinates of few points are looked up without it.

    Args:
        columns, reference: sorted numbers, one coordinate a row, shapes (d, n) and (d, m).
    """
    n, m = columns.shape[1], reference.shape[1]
    marks, first, upper, lower, step = _marks(n)
    if step == 1 and len(columns) <= FEW:
        return max(_largest(z, r, upper, lower) for z, r in zip(columns, reference, strict=True))
    coarse = np.ascontiguousarray(reference[:, ::STEP])
    within = np.stack([np.searchsorted(r, z) for r, z in zip(coarse, columns[:, marks], strict=True)]) * STEP
    # Of c points of the coarse reference below z, the last has (c - 1) STEP below it.
    least, most = np.maximum(within - STEP + 1, 0) / m, np.minimum(within, m) / m
    bounds = np.maximum(upper - least[:, :-1], most[:, 1:] - lower)
    largest = 0.0
    for j in np.argsort(-bounds.max(axis=1)):
        blocks = np.flatnonzero(bounds[j] > largest)
        if not len(blocks):
            break
        i = (first[blocks, None] + np.arange(step)).ravel()
        i = i[i < n]
        largest = max(largest, _largest(columns[j, i], reference[j], (i + 1) / n, i / n))
    return largest


def _largest(z: Numbers, reference: Numbers, upper: Numbers, lower: Numbers) -> float:
    """max_i of upper_i - F_r(z_i) and F_r(z_i-) - lower_i."""
    upto = np.searchsorted(reference, z, "right")
    ties = (reference[np.maximum(upto, 1) - 1] == z).any()
    below = np.searchsorted(reference, z, "left") if ties else upto
    m = len(reference)
    return float(max((upper - upto / m).max(), (below / m - lower).max()))


@functools.lru_cache(maxsize=8)
def _marks(n: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Numbers, Numbers, int]:
    """Which of n points are looked up first, where blocks of them begin, each one's levels, and how long a block is."""
    step = -(-n // MARKS)
    first = np.arange(0, n, step)
    return np.append(first, n - 1), first, np.minimum(first + step, n) / n, first / n, step


def kolmogorov_smirnov_to_law(z: Numbers, law: Law) -> float:
    """sup_x |F_z(x) - F(x)| with F continuous: reached at, or just before, a point of z.

    Args:
        z: sorted numbers, shape (n,).
        law: the law of F.
    """
    level, rank = law.cdf(z), np.arange(1, len(z) + 1)
    return float(max((rank / len(z) - level).max(), (level - (rank - 1) / len(z)).max()))


def anderson_darling(z: Numbers, reference: Numbers) -> tuple[float, float]:
    """A^2 = 1 / (n m) sum over pooled ranks i < N of (N M_i - n i)^2 / (i (N - i)), and its mean where nothing drifts.

    M_i numbers of z are among the i smallest of all N = n + m. Tied numbers count with the rank of the last of them.
    Given the ties M_i is hypergeometric where nothing drifts, with variance n m i (N - i) / (N^2 (N - 1)), so the mean
    of A^2 is the number of ranks that enter, over N - 1: 1 without ties.

    Args:
        z, reference: sorted numbers, shapes (n,) and (m,).

    References:
        Scholz, Stephens: K-sample Anderson-Darling tests. JASA 82 (1987), equations 3 and 6.
    """
    n, m = len(z), len(reference)
    total = n + m
    upto = np.searchsorted(reference, z, "right")
    if not _tied(z, reference, upto) and not (reference[1:] == reference[:-1]).any():
        # Pooled ranks of the points of z: between two of them M_i stays.
        rank_of_z = upto + np.arange(1, n + 1)
        i = np.arange(1, total, dtype=np.float64)
        below = np.repeat(np.arange(n + 1, dtype=np.float64), np.diff(rank_of_z, prepend=1, append=total))
    else:
        pooled = np.sort(np.concatenate([z, reference]))
        pooled = pooled[pooled < pooled[-1]]
        below = np.searchsorted(z, pooled, "right").astype(np.float64)
        i = below + np.searchsorted(reference, pooled, "right")
    difference = total * below - n * i
    return float(difference @ (difference / (i * (total - i)))) / (n * m), len(i) / (total - 1)


def anderson_darling_to_law(z: Numbers, law: Law) -> float:
    """A^2 = -n - mean_i (2 i - 1) (log F(z_i) + log(1 - F(z_(n+1-i)))); its mean where nothing drifts is 1.

    A number where F is 0 or 1, at the end of the law's support or beyond it, counts as one whose tail has the
    probability 2^-52: the statistic stays finite, and large.

    Args:
        z: sorted numbers, shape (n,).
        law: the law of F.

    References:
        Anderson, Darling: A test of goodness of fit. JASA 49 (1954).
    """
    n = len(z)
    least = np.log(np.finfo(np.float64).eps)
    lower, upper = (np.where(np.isneginf(tail), least, tail) for tail in (law.log_cdf(z), law.log_sf(z)))
    odd = 2 * np.arange(1, n + 1) - 1
    return float(-n - odd @ (lower + upper[::-1]) / n)


def _tied(z: Numbers, reference: Numbers, upto: NDArray[np.intp]) -> bool:
    """Whether a number of z occurs twice, or in the reference."""
    return bool((z[1:] == z[:-1]).any() or (reference[np.maximum(upto, 1) - 1] == z).any())
