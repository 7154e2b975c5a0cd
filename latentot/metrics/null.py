"""Null bands: what a metric gives where nothing drifts, and how surprising an observation is against that.

A null draw is a whole exact path on fresh pairs, judged at every t by every metric against the reference that the
observations are judged against. Given that reference, the B null draws and an observation where nothing drifts are
exchangeable, so ranks among them are exact p-values.
"""

__all__ = ["NullBand"]

import functools
import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.brief import brief

Floats = NDArray[np.float64]

COUNTED = 20_000
"""Choices of rows up to which all are counted: a few milliseconds."""
BATCH = 10_000
"""Choices of rows that are averaged at once."""


@dataclass(frozen=True, eq=False)
class NullBand:
    """Null draws of several measurements (metrics at positions t) that are tested together.

    Args:
        draws: one row a null draw, one column a measurement, shape (B, k).

    >>> band = NullBand(np.random.default_rng(0).standard_normal((99, 6)))
    >>> band.p_values(np.full(6, 9.0))[0], band.p_adjusted(np.full(6, 9.0))[0]
    (np.float64(0.01), np.float64(0.01))
    """

    draws: Floats

    def __repr__(self) -> str:
        return f"NullBand(draws={brief(self.draws)})"

    @property
    def mean(self) -> Floats:
        """Mean of each measurement, shape (k,)."""
        return self.draws.mean(axis=0)

    @property
    def sd(self) -> Floats:
        """Standard deviation of each measurement, shape (k,)."""
        return self.draws.std(axis=0, ddof=1)

    @property
    def interval(self) -> tuple[Floats, Floats]:
        """The middle 95 % of each measurement, pointwise: two arrays of shape (k,)."""
        low, high = np.quantile(self.draws, [0.025, 0.975], axis=0)
        return low, high

    def p_values(self, observed: Floats) -> Floats:
        """p = (1 + #{null >= observed}) / (B + 1) of each measurement alone.

        Args:
            observed: one observation, shape (k,).

        Returns:
            p-values, shape (k,), at least 1 / (B + 1).
        """
        return (1 + (self.draws >= observed).sum(axis=0)) / (len(self.draws) + 1)

    def p_adjusted(self, observed: Floats) -> Floats:
        """p-values corrected for the number of measurements (max-T: the strongest measurement of each null draw).

        Each column is standardised with the observation included: left out, the level is missed (Westfall and
        Young, Resampling-based multiple testing, 1993).

        Args:
            observed: one observation, shape (k,).

        Returns:
            p-values, shape (k,); the least is that of the whole observation.
        """
        scores = _standardised(np.vstack([observed, self.draws]))
        strongest = scores[1:].max(axis=1)
        return (1 + (strongest[:, None] >= scores[0]).sum(axis=0)) / (len(self.draws) + 1)

    def p_of_mean(self, observed: Floats, *, rng: int | np.random.Generator, permutations: int = 9_999) -> Floats:
        """p-values of the mean of several observations, corrected for the number of measurements.

        Where nothing drifts the R observations and the B null draws are exchangeable: the mean of the observations
        is compared with the mean of any R rows of all R + B. All choices of R rows are counted out where they are at
        most 20,000, as for 3 among 39 + 3; else some are drawn. With one observation the values are those of
        `p_adjusted`.

        Args:
            observed: independent observations, shape (R, k).
            rng: a seed or a Generator, for the choice of rows.
            permutations: how many choices of rows are drawn where they are not counted out.

        Returns:
            p-values, shape (k,).
        """
        if len(observed) == 1:
            return self.p_adjusted(observed[0])
        scores = _standardised(np.vstack([observed, self.draws]))
        r, rows = len(observed), len(scores)
        actual = scores[:r].mean(axis=0)
        if math.comb(rows, r) <= COUNTED:
            chosen = _choices(rows, r)[1:]  # without the observations themselves
        else:
            chosen = np.random.default_rng(rng).random((permutations, rows)).argpartition(r, axis=1)[:, :r]
        strongest = np.concatenate([_strongest(scores, some) for some in _batches(chosen)])
        return (1 + (strongest[:, None] >= actual).sum(axis=0)) / (len(chosen) + 1)


@functools.lru_cache(maxsize=4)
def _choices(rows: int, r: int) -> NDArray[np.intp]:
    """All choices of r rows, in order, shape (C(rows, r), r)."""
    return np.array(list(itertools.combinations(range(rows), r)))


def _batches(chosen: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    return np.array_split(chosen, -(-len(chosen) // BATCH))


def _strongest(scores: Floats, chosen: NDArray[np.intp]) -> Floats:
    """The largest mean, of any column, of each choice of rows: row by row and column by column, which are few."""
    if scores.shape[1] == 1:
        return np.asarray(scores[chosen, 0].mean(axis=1))
    means = sum(scores.T[:, row] for row in chosen.T) / chosen.shape[1]
    return np.asarray(means.max(axis=0))


def _standardised(rows: Floats) -> Floats:
    spread = rows.std(axis=0)
    return (rows - rows.mean(axis=0)) / np.where(spread > 0, spread, 1)
