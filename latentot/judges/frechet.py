"""Fréchet distance of features: the squared W2 of normal laws with the means and covariances of both.

FD = |m_x - m_r|^2 + tr C_x + tr C_r - 2 tr (C_r^1/2 C_x C_r^1/2)^1/2. The root is that of a symmetric matrix, of real
eigenvalues; `sqrtm(C_x C_r)`, as it is commonly computed, has imaginary parts of any size. From n points the distance
is far from 0 where nothing differs: the trace T of the root is too small by a/n + b/n^2 + ... . The value has the trace
G T - (G - 1) mean_g T_g, T_g without the g-th of G parts of either sample, which cancels a/n whatever the laws are, and
|m_x - m_r|^2 less the variance of the means; it can be negative. With fewer than about twice as many points as features
the error is no such series, and much of it stays: hold such values against those of as many real data. The raw value is
the distance as it is commonly computed.

>>> import latentot as lot
>>> found = lot.judge("frechet")(lot.Normal(16).sample(1_000, rng=1), lot.Normal(16).sample(4_000, rng=0), rng=0)
>>> abs(found.value) < 0.05, found.raw > 0.06
(True, True)
"""

__all__ = ["Frechet"]

import functools
import itertools
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from latentot.errors import InputError
from latentot.judges.judgement import Floats, Judge, Judgement, Judging

ROWS = 4_096


@dataclass(frozen=True, repr=False)
class Frechet(Judge):
    """Fréchet distance of features, the FID where they are those of Inception; debiased, the raw value beside it.

    Args:
        parts: G, of the jackknife; 1 leaves the trace as it is, and takes an eighth of the time.

    References:
        Heusel et al.: GANs trained by a two time-scale update rule. NeurIPS 2017, arXiv:1706.08500;
        Chong, Forsyth: Effectively unbiased FID and Inception Score. CVPR 2020, arXiv:1911.07023
    """

    name: ClassVar[str] = "frechet"
    title: ClassVar[str] = "Fréchet distance of means and covariances of features, debiased"
    formula: ClassVar[str] = "|m_x - m_r|^2 + tr C_x + tr C_r - 2 tr (C_r^1/2 C_x C_r^1/2)^1/2"
    unit: ClassVar[str] = "squared feature units"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = (
        "Heusel et al.: GANs trained by a two time-scale update rule converge to a local Nash equilibrium. NeurIPS "
        "2017, arXiv:1706.08500; Chong, Forsyth: Effectively unbiased FID and Inception Score and where to find them. "
        "CVPR 2020, arXiv:1911.07023"
    )

    parts: int = 8

    def __post_init__(self) -> None:
        if self.parts < 1:
            raise InputError(f"frechet has 1 part or more, got {self.parts}")

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:
        seed = int(rng.integers(2**63))

        known: dict[int, list[tuple[_Sums, Floats]]] = {}  # by the parts; a cached function does not travel
        most = _parts(len(reference), self.parts)

        def judging(data: Floats) -> Judgement:
            parts = _parts(len(data), most)
            if parts not in known:
                known[parts] = [(sums, _root(sums.covariance)) for sums in _jackknifed(reference, parts, seed)]
            own, other = _jackknifed(data, parts, seed), known[parts]
            traces = [_trace(sums.covariance, root) for sums, (_, root) in zip(own, other, strict=True)]
            missing = (parts - 1) * (traces[0] - float(np.mean(traces[1:]))) if parts > 1 else 0.0
            x, r = own[0], other[0][0]
            spreads = x.spread, r.spread
            shift, both = float(np.square(x.mean - r.mean).sum()), sum(spreads)
            value = shift - spreads[0] / x.n - spreads[1] / r.n + both - 2 * (traces[0] + missing)
            return Judgement(value, max(shift + both - 2 * traces[0], 0.0), x.n)

        return judging


class _Sums(NamedTuple):
    """Number, mean, and sum of squares and products about the mean, of a sample or a part of it."""

    n: int
    mean: Floats
    scatter: Floats

    @property
    def covariance(self) -> Floats:
        return self.scatter / (self.n - 1)

    @property
    def spread(self) -> float:
        return float(np.trace(self.scatter)) / (self.n - 1)


def _parts(n: int, most: int) -> int:
    """As many parts as leave 2 points or more without any of them."""
    return min(most, n) if n > 2 else 1


def _jackknifed(x: Floats, parts: int, seed: int) -> list[_Sums]:
    """Sums of all points, then of those without each part, chosen at random."""
    # From near the middle of some points; what is constant is measured from itself, and has no variance at all.
    first = x[0].astype(np.float64)
    centre = first + (x[:ROWS] - first).mean(axis=0)
    if parts == 1:
        return [_sums(x, centre)]
    order = np.random.default_rng(seed).permutation(len(x))
    each = [_sums(x[rows], centre) for rows in np.array_split(order, parts)]
    # Those before and those after each part, so that scatters are added up 3 G times, not G^2.
    before = list(itertools.accumulate(each, _joined))
    after = list(itertools.accumulate(each[::-1], _joined))[::-1]
    between = [_joined(before[g - 1], after[g + 1]) for g in range(1, parts - 1)]
    return [before[-1], after[1], *between, before[-2]]


def _sums(x: Floats, centre: Floats) -> _Sums:
    return functools.reduce(_joined, (_of_block(x[start : start + ROWS], centre) for start in range(0, len(x), ROWS)))


def _of_block(x: Floats, centre: Floats) -> _Sums:
    from_centre = x - centre
    shift = from_centre.mean(axis=0)
    return _Sums(len(x), centre + shift, from_centre.T @ from_centre - len(x) * np.outer(shift, shift))


def _joined(one: _Sums, other: _Sums) -> _Sums:
    n, shift = one.n + other.n, other.mean - one.mean
    between = one.n * other.n / n * np.outer(shift, shift)
    return _Sums(n, one.mean + other.n / n * shift, one.scatter + other.scatter + between)


def _root(covariance: Floats) -> Floats:
    """The lower triangular L with L L^T the covariance; by Cholesky, a tenth of the time, unless it is singular."""
    try:
        return np.asarray(np.linalg.cholesky(covariance), np.float64)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(covariance)
        return np.transpose(np.linalg.qr((vectors * np.sqrt(np.maximum(values, 0))).T, mode="r"))


def _trace(covariance: Floats, root: Floats) -> float:
    """tr (L^T C L)^1/2, to eight digits."""
    from scipy.linalg.lapack import dsygst

    # A third of the time of both products: it looks at one triangle of each. Transposed they have columns first.
    upper, _ = dsygst(covariance.T, root.T, itype=2, lower=0)
    return float(np.sqrt(np.maximum(np.linalg.eigvalsh(upper.T, UPLO="L"), 0)).sum())
