"""The spread of a drift from one sample: how much it would vary from sample to sample."""

__all__ = ["BLOCKS", "subsampled_sd"]

import numpy as np

from latentot.errors import InputError
from latentot.metrics.measurement import Judge, Measurement
from latentot.numerics.points import Points

BLOCKS = 8
"""Disjoint blocks of a sample."""


def subsampled_sd(judge: Judge, z: Points, whole: Measurement) -> float:
    """Standard deviation of a drift of n points: that of K disjoint blocks of n / K points, scaled.

    sd_n = sd_blocks sqrt(n_block / n), with the points that the metric used of a block and of the whole. A metric that
    leaves points out gets blocks of a quarter of what it uses: it is more than linear in their number, so that blocks
    cost about what the whole does. It is right where the drift is normal about its mean, as any real drift is for large
    n; where nothing drifts, metrics that are squared and unbiased vary as 1 / n, and it is too large, by at most
    sqrt(n / n_block).

    Args:
        judge: what measured the whole.
        z: the sample, shape (n, *shape), in random order.
        whole: its measurement.

    Returns:
        The standard deviation, with K - 1 degrees of freedom; NaN where blocks are too small for the metric.

    References:
        Politis, Romano, Wolf: Subsampling. Springer 1999, chapter 2.

    >>> import latentot as lot
    >>> judge = lot.drift("norm-wasserstein").against(lot.Normal(4).sample(2_000, rng=0), rng=0)
    >>> z = lot.Normal(4).sample(800, rng=1) / 2
    >>> 0.005 < subsampled_sd(judge, z, judge(z)) < 0.03
    True
    """
    size = min(len(z), 2 * whole.n_used) // BLOCKS
    try:
        blocks = [judge(z[start : start + size]) for start in range(0, size * BLOCKS, size)] if size else []
    except InputError:
        blocks = []
    if not blocks:
        return float("nan")
    values = np.array([block.value for block in blocks])
    return float(values.std(ddof=1) * np.sqrt(np.mean([block.n_used for block in blocks]) / whole.n_used))
