"""Drift of single coordinates: the largest Kolmogorov-Smirnov distance of any of them.

max over coordinates j of sup_x |F_{z,j}(x) - F_{reference,j}(x)|, between 0 and 1.

>>> import latentot as lot
>>> reference = lot.Normal(4).sample(20_000, rng=0)
>>> round(lot.drift("marginal-ks")(reference + [1.0, 0, 0, 0], reference, rng=0), 2)
0.38
"""

__all__ = ["marginal_ks"]

import numpy as np

from latentot.drift.metric import Judge, Measurement, Points, TwoSample
from latentot.drift.streaming.ranks import RankGrid


def _prepare(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    columns = np.sort(reference.T, axis=1)

    def judge(z: Points) -> Measurement:
        value = max(_ks(np.sort(column), known) for column, known in zip(z.T, columns, strict=True))
        return Measurement(value, value, len(z))

    return judge


def _ks(z: Points, reference: Points) -> float:
    """sup |F_z - F_reference| of sorted samples: reached at, or just before, a point of z."""
    n, m = len(z), len(reference)
    upto = np.searchsorted(reference, z, "right")
    ranks = np.arange(1, n + 1)
    if (z[1:] == z[:-1]).any() or (reference[np.maximum(upto, 1) - 1] == z).any():
        below, ranks_below = np.searchsorted(reference, z, "left"), np.searchsorted(z, z, "left")
        ranks = np.searchsorted(z, z, "right")
    else:
        below, ranks_below = upto, ranks - 1
    return float(max(np.abs(ranks / n - upto / m).max(), np.abs(ranks_below / n - below / m).max()))


marginal_ks = TwoSample(
    name="marginal-ks",
    title="largest Kolmogorov-Smirnov distance of a coordinate",
    formula="max_j sup_x |F_zj(x) - F_rj(x)|",
    unit="probability",
    cost="O(d n log n)",
    citation="Smirnov: Table for estimating the goodness of fit of empirical distributions. Ann. Math. Stat. 1948",
    least=2,
    prepare=_prepare,
    sketch=RankGrid.of_points,
)
