"""Drift of the covariance: spreads that shrink, coordinates that become correlated."""

__all__ = ["Covariance"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentot.errors import InputError
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.streaming.covariance import CovarianceSketch
from latentot.metrics.streaming.partial import OnePass
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.moments import Moments, squared_covariance
from latentot.numerics.points import Points, blocks


@dataclass(frozen=True, repr=False)
class Covariance(TwoSample, OnePass):
    """Squared distance of the covariances, |C_z - C_r|^2 / |C_r|^2 in the Frobenius norm, unbiased.

    It is 0 where they agree and 1 where C_z = 0. N(0, s I) against N(0, I) gives (1 - s)^2, 1/4 at linear midpoints, in
    every dimension; a correlation of rho between two coordinates 2 rho^2 / d. The value can be negative; the raw value
    is that of the sample covariances S.

    tr C^2 is estimated by (n - 1) / (n (n - 2) (n - 3)) ((n - 1) (n - 2) tr S^2 + (tr S)^2 - n Q), with Q = sum_i |z_i
    - mean|^4 / (n - 1), which is the mean of ((z_i - z_j)^T (z_k - z_l))^2 / 4 over all i, j, k, l that differ,
    whatever the law of z.

    References:
        Li, Chen: Two sample tests for high-dimensional covariance matrices. Ann. Statist. 2012; Himeno, Yamada:
        Estimations for some functions of covariance matrix in high dimension under non-normality. J. Multivariate Anal.
        2014

    >>> import latentot as lot
    >>> reference = lot.Normal(16).sample(20_000, rng=0)
    >>> round(lot.drift("covariance")(lot.Normal(16).sample(5_000, rng=1) / 2**0.5, reference, rng=0), 2)
    0.25
    """

    name = "covariance"
    title = "squared distance of the covariances, unbiased"
    formula = "|C_z - C_r|^2 / |C_r|^2, C the covariances, in the Frobenius norm"
    unit = "squared norm of the reference's covariance"
    cost = "O(n d^2)"
    error = "exact; unbiased, but for |C_r|^2 in the denominator, which is that of the reference points"
    citation = (
        "Li, Chen: Two sample tests for high-dimensional covariance matrices. Ann. Statist. 2012; Himeno, Yamada: "
        "Estimations for some functions of covariance matrix in high dimension under non-normality. J. Multivariate "
        "Anal. 2014"
    )
    moments = 2
    precision = np.float64
    min_points = 4

    def sketch(self, reference: Points, rng: np.random.Generator) -> CovarianceSketch:  # noqa: ARG002
        return CovarianceSketch.start(reference)

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        known = Moments.of(reference)
        size, raw_size = _squared_norm(known, reference), float(np.square(known.covariance).sum())
        if not size > 0:
            raise InputError(f"covariance needs reference points that vary: all {known.n} are alike or nearly so")

        def judge(z: Points) -> Measurement:
            own = Moments.of(z)
            cross = float((own.covariance * known.covariance).sum())
            value = (_squared_norm(own, z) - 2 * cross + size) / size
            raw = float(np.square(own.covariance - known.covariance).sum()) / raw_size
            return Measurement(value, raw, own.n)

        return judge


def _squared_norm(moments: Moments, z: Points) -> float:
    """Unbiased estimate of tr C^2."""
    n = moments.n
    fourth = sum(float(np.square(np.square(y - moments.mean).sum(axis=1)).sum()) for y in blocks(z)) / (n - 1)
    return squared_covariance(n, moments.covariance, n * fourth)
