"""Drift of single coordinates: the largest Kolmogorov-Smirnov distance of any of them.

max over coordinates j of sup_x |F_{z,j}(x) - F_{reference,j}(x)|, between 0 and 1.

>>> import latentot as lot
>>> reference = lot.Normal(4).sample(20_000, rng=0)
>>> round(lot.drift("marginal-ks")(reference + [1.0, 0, 0, 0], reference, rng=0), 2)
0.38
"""

__all__ = ["marginal_ks"]

import numpy as np
from numpy.typing import NDArray

from latentot.drift.metric import Judge, Measurement, Points, TwoSample

STEP = 64


def _prepare(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    known = _sorted_columns(reference)

    def judge(z: Points) -> Measurement:
        value = _largest_ks(_sorted_columns(z), known)
        return Measurement(value, value, len(z))

    return judge


def _sorted_columns(z: Points) -> NDArray[np.float64]:
    """Each coordinate sorted, shape (d, n)."""
    columns = np.array(z.T, dtype=np.float64, order="C")
    columns.sort(axis=1)
    return columns


def _largest_ks(columns: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    """max_j sup_x |F_zj - F_rj|, exact.

    The supremum is reached at a point z_(i), i from 0, as (i + 1)/n - F_r(z_(i)), or just before one, as
    F_r(z_(i)-) - i/n. Looking up each 64th point bounds both between them; points are looked up only where the bound is
    above the largest distance yet.
    """
    n, m = columns.shape[1], reference.shape[1]
    first = np.arange(0, n, STEP)
    marks, last = np.append(first, n - 1), np.minimum(first + STEP, n)
    before = np.stack([np.searchsorted(r, z[marks]) for z, r in zip(columns, reference, strict=True)]) / m
    bounds = np.maximum(last / n - before[:, :-1], before[:, 1:] - first / n)
    largest = 0.0
    for j in np.argsort(-bounds.max(axis=1)):
        blocks = np.flatnonzero(bounds[j] > largest)
        i = (first[blocks, None] + np.arange(STEP)).ravel()
        i = i[i < n]
        if not len(i):
            break
        below, upto = (np.searchsorted(reference[j], columns[j, i], side) for side in ("left", "right"))
        largest = max(largest, float(((i + 1) / n - upto / m).max()), float((below / m - i / n).max()))
    return largest


marginal_ks = TwoSample(
    name="marginal-ks",
    title="largest Kolmogorov-Smirnov distance of a coordinate",
    formula="max_j sup_x |F_zj(x) - F_rj(x)|",
    unit="probability",
    cost="O(d n log n)",
    citation="Smirnov: Table for estimating the goodness of fit of empirical distributions. Ann. Math. Stat. 1948",
    least=2,
    prepare=_prepare,
)
