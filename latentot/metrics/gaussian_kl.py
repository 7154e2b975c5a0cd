"""Kullback-Leibler divergence between the normal laws with the means and covariances of both samples, debiased."""

__all__ = ["GaussianKL"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from latentot.errors import InputError
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.moments import Moments
from latentot.numerics.points import Points, blocks

Floats = NDArray[np.float64]

SINGULAR = 1e-12
"""Least eigenvalue of a correlation matrix that is told from 0."""


@dataclass(frozen=True, repr=False)
class GaussianKL(TwoSample):
    """Kullback-Leibler divergence between the normal laws with the means and covariances of both samples, debiased.

    KL(N_z || N_r) = (tr C_r^-1 C_z + (m_z - m_r)^T C_r^-1 (m_z - m_r) - d + log det C_r - log det C_z) / 2; for N(0, s
    I_d) against N(0, I_d) it is d/2 (s - 1 - log s). Computed from sample covariances S of n and m points it is far
    from 0 where nothing drifts. Each term has its bias taken off, which for normal points is known for any n > d (it
    can be negative): E log det S = log det C + sum_{j=1..d} psi((n - j) / 2) + d log(2 / (n - 1)), and E S^-1 = (m - 1)
    / (m - d - 2) C^-1.

    Where points are not normal, fourth moments add to it, to first order in 1/n: -(b - b0) / (2 n) to E log det S, with
    b the mean of ((z - m_z)^T S^-1 (z - m_z))^2 and b0 what b is for normal points, and (K - K0) / m to E C^1/2 S^-1
    C^1/2, with K the mean of |y|^2 y y^T over whitened reference points y. These are estimated. The raw value has
    nothing taken off.

    References:
        Kullback, Leibler: On information and sufficiency. Ann. Math. Stat. 1951; Muirhead: Aspects of Multivariate
        Statistical Theory. Wiley 1982, theorem 3.2.15; Mardia: Measures of multivariate skewness and kurtosis with
        applications. Biometrika 1970

    >>> import latentot as lot
    >>> reference = lot.Normal(16).sample(20_000, rng=0)
    >>> round(lot.drift("gaussian-kl")(lot.Normal(16).sample(5_000, rng=1) / 2**0.5, reference, rng=0), 1)
    1.6
    """

    name = "gaussian-kl"
    title = "Kullback-Leibler divergence of means and covariances, debiased"
    formula = "KL(N(m_z, C_z) || N(m_r, C_r)) = (tr C_r^-1 C_z + |m_z - m_r|^2_(C_r^-1) - d - log det C_r^-1 C_z) / 2"
    unit = "nats"
    cost = "O(n d^2 + d^3)"
    error = (
        "unbiased for normal points, to first order in 1/n for others; sd sqrt(d (d + 3)) (1/n + 1/m) / 2 where "
        "nothing drifts, m the reference points"
    )
    citation = (
        "Kullback, Leibler: On information and sufficiency. Ann. Math. Stat. 1951; Muirhead: Aspects of Multivariate "
        "Statistical Theory. Wiley 1982, theorem 3.2.15; Mardia: Measures of multivariate skewness and kurtosis with "
        "applications. Biometrika 1970"
    )
    moments = 2
    precision = np.float64
    min_points = 4

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        known = Normal.of(reference, "reference points")
        m, d = reference.shape

        def judge(z: Points) -> Measurement:
            own, n = Normal.of(z, "points"), len(z)
            whitened = _solved(known.factor, own.factor)
            ratio = whitened @ whitened.T
            shift = _solved(known.factor, own.moments.mean - known.moments.mean)
            distance, trace = float(shift @ shift), float(np.trace(ratio))
            raw = (trace + distance - d - 2 * float(np.log(np.diag(whitened)).sum())) / 2

            shrink = (m - d - 2) / (m - 1)
            trace = shrink * trace - float((ratio * known.kurtosis).sum()) / m
            distance = shrink * distance - trace / n - d / m
            return Measurement((trace + distance - d + known.log_det - own.log_det) / 2, raw, n)

        return judge


@dataclass(frozen=True, eq=False)
class Normal:
    """The normal law with the moments of points, shape (n, d).

    Args:
        moments: mean and covariance S.
        factor: lower triangular L with L L^T = S.
        log_det: log det S, its bias taken off.
        kurtosis: mean of |y|^2 y y^T, y = L^-1 (z - mean), less what it is for normal points.
    """

    moments: Moments
    factor: Floats
    log_det: float
    kurtosis: Floats

    @classmethod
    def of(cls, z: Points, what: str) -> "Normal":
        moments, (n, d) = Moments.of(z), z.shape
        if n < d + 3:
            raise InputError(f"{GaussianKL.name} needs at least d + 3 {what}, {d + 3} here, got {n}")
        factor = _factor(moments.covariance, what)
        fourth = np.zeros((d, d))
        for block in blocks(z):
            y = _solved(factor, (block - moments.mean).T)
            fourth += (np.square(y).sum(axis=0) * y) @ y.T / n
        kurtosis = fourth - np.eye(d) * ((d + 2) * (n - 1) ** 3 / (n**2 * (n + 1)))
        bias = digamma((n - np.arange(1, d + 1)) / 2).sum() + d * np.log(2 / (n - 1)) - np.trace(kurtosis) / (2 * n)
        return cls(moments, factor, 2 * float(np.log(np.diag(factor)).sum()) - float(bias), kurtosis)


def _solved(factor: Floats, x: Floats) -> Floats:
    """L^-1 x, L lower triangular."""
    from scipy.linalg import solve_triangular

    return np.asarray(solve_triangular(factor, x, lower=True))


def _factor(covariance: Floats, what: str) -> Floats:
    scale = np.sqrt(np.diag(covariance))
    if constant := int((scale == 0).sum()):
        raise InputError(
            f"{GaussianKL.name} is infinite: {constant} of {len(scale)} coordinates of the {what} are constant"
        )
    if np.linalg.eigvalsh(covariance / np.outer(scale, scale))[0] < SINGULAR * len(scale):
        raise InputError(f"{GaussianKL.name} is infinite: coordinates of the {what} are linear functions of others")
    return np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)
