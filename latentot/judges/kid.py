"""Kernel distance of features: MMD^2 with the kernel (x . y / k + 1)^3, unbiased, of all pairs.

KID = E k(x, x') - 2 E k(x, r) + E k(r, r'), x and x' different data, r and r' different real ones. Its mean is 0 where
both have one law, and it can be negative; the raw value keeps k(x, x) and k(r, r). Other programs average it over
random subsets of 1,000: the mean over all subsets is this value, and any n from 2 on will do.

>>> import latentot as lot
>>> real = lot.Normal(8).sample(500, rng=0)
>>> abs(lot.judge("kid")(lot.Normal(8).sample(500, rng=1), real, rng=0).value) < 0.02
True
"""

__all__ = ["Kid"]

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from latentot.errors import InputError
from latentot.judges.judgement import Floats, Judge, Judgement, Judging

ROWS = 512


@dataclass(frozen=True, repr=False)
class Kid(Judge):
    """Kernel distance of features, the KID where they are those of Inception.

    `per_point` is k(x_i, other data) - k(x_i, real data), on average: above 0 where there are more data than there
    should be.

    Args:
        max_points: more of either sample are left out, at random: time grows with their square.

    References:
        Bińkowski et al.: Demystifying MMD GANs. ICLR 2018, arXiv:1801.01401
    """

    name: ClassVar[str] = "kid"
    title: ClassVar[str] = "kernel distance of features (cubic MMD, squared), unbiased"
    formula: ClassVar[str] = "E k(x, x') - 2 E k(x, r) + E k(r, r'), k(x, y) = (x . y / k + 1)^3 of k features"
    unit: ClassVar[str] = "squared MMD"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = "Bińkowski et al.: Demystifying MMD GANs. ICLR 2018, arXiv:1801.01401"
    points: ClassVar[str] = "data"

    max_points: int = 10_000

    def __post_init__(self) -> None:
        if self.max_points < 2:
            raise InputError(f"kid uses 2 points or more, got max_points = {self.max_points}")

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:
        known = self._subset(reference, rng)
        seed, inner = int(rng.integers(2**63)), _kernels(known, known)
        m = len(known)

        def judging(data: Floats) -> Judgement:
            x = self._subset(data, np.random.default_rng(seed))
            own, cross, n = _kernels(x, x), _kernels(x, known), len(x)
            within = (own.rows - own.diagonal) / (n - 1)
            between = (inner.rows - inner.diagonal) / (m - 1)
            value = within.mean() + between.mean() - 2 * cross.rows.mean() / m
            raw = own.rows.mean() / n + inner.rows.mean() / m - 2 * cross.rows.mean() / m
            witness, others = within - cross.rows / m, between - cross.columns / n
            error = 2 * np.sqrt(witness.var() / n + others.var() / m)
            return Judgement(float(value), float(raw), n, witness, float(error))

        return judging

    def _subset(self, x: Floats, rng: np.random.Generator) -> Floats:
        chosen = x if len(x) <= self.max_points else x[rng.permutation(len(x))[: self.max_points]]
        return chosen.astype(np.float64)


class _Kernels(NamedTuple):
    """Sums of the kernel: of each row and of each column over all others, and of a point with itself."""

    rows: Floats
    columns: Floats
    diagonal: Floats


def _kernels(x: Floats, y: Floats) -> _Kernels:
    k = x.shape[1]
    rows, columns = np.empty(len(x)), np.zeros(len(y))
    for start in range(0, len(x), ROWS):
        block = x[start : start + ROWS] @ y.T
        block /= k
        block += 1
        cubes = block * block * block
        rows[start : start + ROWS] = cubes.sum(axis=1)
        columns += cubes.sum(axis=0)
    return _Kernels(rows, columns, (np.vecdot(x, x) / k + 1) ** 3)
