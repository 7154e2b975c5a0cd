"""Kolmogorov-Smirnov distances of single coordinates, the largest of them: from a sample, and from the prior's law."""

__all__ = ["MarginalKS", "MarginalKSOneSample"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentot.metrics.cdf_distance import kolmogorov_smirnov_to_law, largest_kolmogorov_smirnov
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.one_sample import OneSample, marginal_of
from latentot.metrics.streaming.partial import OnePass
from latentot.metrics.streaming.ranks import RankGrid
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.points import Points
from latentot.numerics.quantiles import sorted_columns
from latentot.priors import Prior


@dataclass(frozen=True, repr=False)
class MarginalKS(TwoSample, OnePass):
    """Largest Kolmogorov-Smirnov distance of a coordinate, max_j sup_x |F_zj(x) - F_rj(x)|, between 0 and 1.

    It sees one coordinate that drifts, and asks for no moment.

    References:
        Smirnov: Table for estimating the goodness of fit of empirical distributions. Ann. Math. Stat. 1948

    >>> import latentot as lot
    >>> reference = lot.Normal(4).sample(20_000, rng=0)
    >>> round(lot.drift("marginal-ks")(reference + [1.0, 0, 0, 0], reference, rng=0), 2)
    0.38
    """

    name = "marginal-ks"
    title = "largest Kolmogorov-Smirnov distance of a coordinate"
    formula = "max_j sup_x |F_zj(x) - F_rj(x)|"
    unit = "probability"
    cost = "O(d n log n)"
    error = "exact"
    citation = "Smirnov: Table for estimating the goodness of fit of empirical distributions. Ann. Math. Stat. 1948"
    min_points = 2

    def sketch(self, reference: Points, rng: np.random.Generator) -> RankGrid:  # noqa: ARG002
        return RankGrid.of_points(reference)

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        columns = sorted_columns(reference)

        def judge(z: Points) -> Measurement:
            value = largest_kolmogorov_smirnov(sorted_columns(z), columns)
            return Measurement(value, value, len(z))

        return judge


@dataclass(frozen=True, repr=False)
class MarginalKSOneSample(OneSample, OnePass):
    """Largest Kolmogorov-Smirnov distance of a coordinate, max_j sup_x |F_zj(x) - F(x)|, F the prior's marginal.

    References:
        Kolmogorov: Sulla determinazione empirica di una legge di distribuzione. Giorn. Ist. Ital. Attuari 1933

    >>> import latentot as lot
    >>> z = lot.Normal(4).sample(20_000, rng=0)
    >>> round(lot.drift("marginal-ks-one-sample")(z + [1.0, 0, 0, 0], lot.Normal(4), rng=0), 2)
    0.38
    """

    name = "marginal-ks-one-sample"
    title = "largest Kolmogorov-Smirnov distance of a coordinate to the prior's marginal"
    formula = "max_j sup_x |F_zj(x) - F(x)|, F the prior's"
    unit = "probability"
    cost = "O(d n log n)"
    error = "exact"
    citation = "Kolmogorov: Sulla determinazione empirica di una legge di distribuzione. Giorn. Ist. Ital. Attuari 1933"
    min_points = 2
    needs = "marginal"

    def sketch(self, reference: Prior, rng: np.random.Generator) -> RankGrid:  # noqa: ARG002
        return RankGrid.of_law(marginal_of(reference), reference.dim)

    def _prepare(self, prior: Prior, rng: np.random.Generator) -> Judge:  # noqa: ARG002
        law = marginal_of(prior)

        def judge(z: Points) -> Measurement:
            columns = enumerate(sorted_columns(z.astype(np.float64)))
            value = max(kolmogorov_smirnov_to_law(column, law.coordinate(j)) for j, column in columns)
            return Measurement(value, value, len(z))

        return judge
