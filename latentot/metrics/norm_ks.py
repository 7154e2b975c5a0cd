"""Kolmogorov-Smirnov distances of the norms: from a sample, and from the law of the prior's norm."""

__all__ = ["NormKS", "NormKSOneSample"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentot.metrics.cdf_distance import kolmogorov_smirnov, kolmogorov_smirnov_to_law
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.one_sample import OneSample, radius_of
from latentot.metrics.streaming.norm import norm_ranks
from latentot.metrics.streaming.partial import OnePass
from latentot.metrics.streaming.ranks import RankGrid
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.lengths import lengths, lengths_beside
from latentot.numerics.points import Points
from latentot.priors import Prior


@dataclass(frozen=True, repr=False)
class NormKS(TwoSample, OnePass):
    """Kolmogorov-Smirnov distance of the norms, sup_x |F_|z|(x) - F_|r|(x)|, between 0 and 1.

    It asks for no moment. Where all norms of the reference are equal, as on the sphere, norms are taken to 12 digits (6
    in single precision): what rounding leaves is no drift.

    References:
        Smirnov: Table for estimating the goodness of fit of empirical distributions. Ann. Math. Stat. 1948

    >>> import latentot as lot
    >>> reference = lot.Normal(64).sample(20_000, rng=0)
    >>> round(lot.drift("norm-ks")(reference / 2**0.5, reference, rng=0), 2)
    0.95
    """

    name = "norm-ks"
    title = "Kolmogorov-Smirnov distance of the norms"
    formula = "sup_x |F_|z|(x) - F_|r|(x)|"
    unit = "probability"
    cost = "O(n (d + log n))"
    error = "exact"
    citation = "Smirnov: Table for estimating the goodness of fit of empirical distributions. Ann. Math. Stat. 1948"
    origin = True
    min_points = 2

    def sketch(self, reference: Points, rng: np.random.Generator) -> RankGrid:  # noqa: ARG002
        return norm_ranks(reference)

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        of = lengths_beside(reference)
        known = np.sort(of(reference))

        def judge(z: Points) -> Measurement:
            value = kolmogorov_smirnov(np.sort(of(z)), known)
            return Measurement(value, value, len(z))

        return judge


@dataclass(frozen=True, repr=False)
class NormKSOneSample(OneSample):
    """Kolmogorov-Smirnov distance of the norms, sup_x |F_|z|(x) - F(x)|, F the exact law of the prior's norm.

    References:
        Kolmogorov: Sulla determinazione empirica di una legge di distribuzione. Giorn. Ist. Ital. Attuari 1933

    >>> import latentot as lot
    >>> z = lot.Normal(64).sample(20_000, rng=0)
    >>> round(lot.drift("norm-ks-one-sample")(z / 2**0.5, lot.Normal(64), rng=0), 2)
    0.95
    """

    name = "norm-ks-one-sample"
    title = "Kolmogorov-Smirnov distance of the norms to the law of the prior's norm"
    formula = "sup_x |F_|z|(x) - F(x)|, F the prior's"
    unit = "probability"
    cost = "O(n (d + log n))"
    error = "exact"
    citation = "Kolmogorov: Sulla determinazione empirica di una legge di distribuzione. Giorn. Ist. Ital. Attuari 1933"
    origin = True
    min_points = 2
    needs = "radius"

    def _prepare(self, prior: Prior, rng: np.random.Generator) -> Judge:  # noqa: ARG002
        law = radius_of(prior)

        def judge(z: Points) -> Measurement:
            value = kolmogorov_smirnov_to_law(np.sort(lengths(z)), law)
            return Measurement(value, value, len(z))

        return judge
