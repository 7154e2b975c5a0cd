"""The spread of a drift from one sample: how much it would vary from sample to sample."""

__all__ = ["GROUPS", "jackknife_sd", "jackknife_size"]

import numpy as np

from latentot.errors import InputError
from latentot.metrics.measurement import Judge, Measurement, nearby
from latentot.numerics.points import Points

GROUPS = 8
"""Groups of points. Fewer know the spread worse, and bounds pay for that with pairs: of three repeats Student's
quantile at 1 % is 2.8 for four groups, 2.5 for eight and 2.3 for any number. More would cost more than they tell."""


def jackknife_size(n: int) -> int:
    """How many points are left of n where one group is left out; a few are in no group where n is no multiple of it."""
    return n // GROUPS * (GROUPS - 1)


def jackknife_sd(judge: Judge, z: Points, whole: Measurement, left_out: int = GROUPS) -> float:
    """Standard deviation of a drift of n points: that of leaving out each of K groups.

    sd_n^2 = (K - 1)^2 / K var_k T_k, T_k the drift without the k-th group of n / K points, n the points that the metric
    used of the whole. It is right wherever the drift is more than noise, and up to twice too large as far as
    it is itself noise (a distance cannot fall below zero, which leaving out cannot show). Disjoint blocks would not do:
    in an eighth of the points a drift of the size of the margin is noise, so that they find two thirds of its spread.
    What a metric searches for, such as a direction, is searched for in the whole sample only.

    Args:
        judge: what measured the whole.
        z: the sample, shape (n, *shape), in random order.
        whole: its measurement.
        left_out: how many of the K groups are left out in turn: all, or a few where a rough figure will do.

    Returns:
        The standard deviation, with a degree of freedom less than groups are left out; NaN where too few points are
        left for the metric.

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
        left = [
            near(_without(z[: GROUPS * size], slice(start, start + size))).value for start in _starts(size)[:left_out]
        ]
    except InputError:
        left = []
    if not left:
        return float("nan")
    return float((GROUPS - 1) * np.sqrt(np.var(left, ddof=1) * size / whole.n_used))


def _starts(size: int) -> range:
    return range(0, GROUPS * size, size) if size else range(0)


def _without(z: Points, group: slice) -> Points:
    return np.concatenate([z[: group.start], z[group.stop :]])
