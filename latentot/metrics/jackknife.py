"""The spread of a drift from one sample: how much it would vary from sample to sample."""

__all__ = ["GROUPS", "jackknife_sd", "jackknife_size"]

import numpy as np

from latentot.errors import InputError
from latentot.metrics.measurement import Judge, Measurement, nearby
from latentot.numerics.points import Points

GROUPS = 4
"""Groups of points. More would cost more than they tell: most of a metric's time is for any sample, however small."""


def jackknife_size(n: int) -> int:
    """How many points are left of n where one group is left out; a few are in no group where n is no multiple of it."""
    return n // GROUPS * (GROUPS - 1)


def jackknife_sd(judge: Judge, z: Points, whole: Measurement) -> float:
    """Standard deviation of a drift of n points: that of leaving out each of K groups.

    sd_n^2 = (K - 1) / K sum_k (T_k - mean T)^2, T_k the drift without the k-th group of n / K points, n the points that
    the metric used of the whole. It is right wherever the drift is more than noise, and up to twice too large as far as
    it is itself noise (a distance cannot fall below zero, which leaving out cannot show). Disjoint blocks would not do:
    in an eighth of the points a drift of the size of the margin is noise, so that they find two thirds of its spread.
    What a metric searches for, such as a direction, is searched for in the whole sample only.

    Args:
        judge: what measured the whole.
        z: the sample, shape (n, *shape), in random order.
        whole: its measurement.

    Returns:
        The standard deviation, with K - 1 degrees of freedom; NaN where too few points are left for the metric.

    References:
        Efron, Tibshirani: An introduction to the bootstrap. Chapman and Hall 1993, chapter 11.
        Shao, Wu: A general theory for jackknife variance estimation. Annals of Statistics 17, 1989.

    >>> import latentot as lot
    >>> judge = lot.drift("norm-wasserstein").against(lot.Normal(4).sample(2_000, rng=0), rng=0)
    >>> z = lot.Normal(4).sample(800, rng=1) / 2
    >>> 0.005 < jackknife_sd(judge, z, judge(z)) < 0.03
    True
    """
    size = min(len(z), whole.n_used) // GROUPS
    try:
        near = nearby(judge, z)
        left = [near(_without(z[: GROUPS * size], slice(start, start + size))).value for start in _starts(size)]
    except InputError:
        left = []
    if not left:
        return float("nan")
    return float(np.sqrt((GROUPS - 1) * np.var(left) * GROUPS * size / whole.n_used))


def _starts(size: int) -> range:
    return range(0, GROUPS * size, size) if size else range(0)


def _without(z: Points, group: slice) -> Points:
    return np.concatenate([z[: group.start], z[group.stop :]])
