"""Anderson-Darling distances of single coordinates, the mean of them: from a sample, and from the prior's law."""

__all__ = ["MarginalAndersonDarling", "MarginalAndersonDarlingOneSample"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentot.metrics.cdf_distance import anderson_darling, anderson_darling_to_law
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.one_sample import OneSample, marginal_of
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.points import Points
from latentot.numerics.quantiles import sorted_columns
from latentot.priors import Prior


@dataclass(frozen=True, repr=False)
class MarginalAndersonDarling(TwoSample):
    """Mean Anderson-Darling distance of the coordinates, mean_j integral (F_zj - F_rj)^2 / (H_j (1 - H_j)) dH_j.

    H_j is the distribution function of both samples pooled. It weighs tails, asks for no moment and, its mean where
    nothing drifts taken off, sees little drift in many coordinates. The raw value has nothing taken off.

    References:
        Pettitt: A two-sample Anderson-Darling rank statistic. Biometrika 1976; Scholz, Stephens: K-sample
        Anderson-Darling tests. JASA 1987

    >>> import latentot as lot
    >>> z, reference = lot.Normal(4).sample(500, rng=0), lot.Normal(4).sample(5_000, rng=1)
    >>> metric = lot.drift("marginal-anderson-darling")
    >>> metric(1.2 * z, reference, rng=0) > 10 * abs(metric(z, reference, rng=0))
    True
    """

    name = "marginal-anderson-darling"
    title = "mean Anderson-Darling distance of the coordinates, debiased"
    formula = "mean_j integral (F_zj - F_rj)^2 / (H_j (1 - H_j)) dH_j - (n + m) / (n m), H_j of both pooled"
    unit = "squared probability, in units of its variance by chance"
    cost = "O(d (m + n log n))"
    error = "exact; its mean is 0 where nothing drifts, with ties as without"
    citation = (
        "Pettitt: A two-sample Anderson-Darling rank statistic. Biometrika 1976; Scholz, Stephens: K-sample "
        "Anderson-Darling tests. JASA 1987"
    )
    min_points = 2

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        columns, m = sorted_columns(reference), len(reference)

        def judge(z: Points) -> Measurement:
            n = len(z)
            # A^2 is n m / (n + m) times the distance.
            statistic, by_chance = np.mean(list(map(anderson_darling, sorted_columns(z), columns)), axis=0)
            scale = (n + m) / (n * m)
            return Measurement(float((statistic - by_chance) * scale), float(statistic * scale), n)

        return judge


@dataclass(frozen=True, repr=False)
class MarginalAndersonDarlingOneSample(OneSample):
    """Mean Anderson-Darling distance of the coordinates, mean_j integral (F_zj - F)^2 / (F (1 - F)) dF - 1 / n.

    F is the prior's marginal. The raw value has nothing taken off.

    References:
        Anderson, Darling: Asymptotic theory of certain "goodness of fit" criteria based on stochastic processes. Ann.
        Math. Stat. 1952

    >>> import latentot as lot
    >>> metric, z = lot.drift("marginal-anderson-darling-one-sample"), lot.Normal(4).sample(500, rng=0)
    >>> metric(1.2 * z, lot.Normal(4), rng=0) > 10 * abs(metric(z, lot.Normal(4), rng=0))
    True
    """

    name = "marginal-anderson-darling-one-sample"
    title = "mean Anderson-Darling distance of the coordinates to the prior's marginal, debiased"
    formula = "mean_j integral (F_zj - F)^2 / (F (1 - F)) dF - 1 / n, F the prior's"
    unit = "squared probability, in units of its variance by chance"
    cost = "O(d n log n)"
    error = "exact; its mean is 0 where nothing drifts"
    citation = (
        'Anderson, Darling: Asymptotic theory of certain "goodness of fit" criteria based on stochastic processes. '
        "Ann. Math. Stat. 1952"
    )
    min_points = 2
    needs = "marginal"

    def _prepare(self, prior: Prior, rng: np.random.Generator) -> Judge:  # noqa: ARG002
        law = marginal_of(prior)

        def judge(z: Points) -> Measurement:
            n = len(z)
            columns = enumerate(sorted_columns(z.astype(np.float64)))
            statistics = [anderson_darling_to_law(column, law.coordinate(j)) for j, column in columns]
            statistic = float(np.mean(statistics))
            return Measurement((statistic - 1) / n, statistic / n, n)

        return judge
