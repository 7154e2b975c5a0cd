"""Drift of single coordinates: the distance of each from what it should be, the largest or the mean of them.

`marginal-ks` is the largest Kolmogorov-Smirnov distance, max_j sup_x |F_zj(x) - F_rj(x)|, between 0 and 1: it sees one
coordinate that drifts. `marginal-wasserstein` is the mean over coordinates of W1 = integral |F_zj - F_rj| dx; for
N(0, s I) against N(0, I) it is |1 - sqrt(s)| sqrt(2 / pi). `marginal-anderson-darling` is the mean over coordinates of
integral (F_zj - F_rj)^2 / (H (1 - H)) dH, H of both pooled: it weighs tails, asks for no moment and, debiased, sees
little drift in many coordinates. The one-sample forms have the exact F of the prior's marginal in place of F_rj.

>>> import latentot as lot
>>> reference = lot.Normal(4).sample(20_000, rng=0)
>>> round(lot.drift("marginal-ks")(reference + [1.0, 0, 0, 0], reference, rng=0), 2)
0.38
>>> round(lot.drift("marginal-ks-one-sample")(reference + [1.0, 0, 0, 0], lot.Normal(4), rng=0), 2)
0.38
"""

__all__ = [
    "marginal_anderson_darling",
    "marginal_anderson_darling_one_sample",
    "marginal_ks",
    "marginal_ks_one_sample",
    "marginal_wasserstein",
]

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.metrics.cdf_distance import (
    anderson_darling,
    anderson_darling_to_law,
    kolmogorov_smirnov_to_law,
    largest_kolmogorov_smirnov,
)
from latentot.metrics.metric import Judge, Measurement, OneSample, Points, TwoSample
from latentot.metrics.quantiles import QuantileBlocks
from latentot.metrics.streaming.ranks import RankGrid
from latentot.priors import Law, Prior


def _prepare_ks(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    columns = _sorted_columns(reference)

    def judge(z: Points) -> Measurement:
        value = largest_kolmogorov_smirnov(_sorted_columns(z), columns)
        return Measurement(value, value, len(z))

    return judge


def _prepare_ks_one_sample(prior: Prior, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    law = _marginal(prior)

    def judge(z: Points) -> Measurement:
        columns = enumerate(_sorted_columns(z.astype(np.float64)))
        value = max(kolmogorov_smirnov_to_law(column, law.coordinate(j)) for j, column in columns)
        return Measurement(value, value, len(z))

    return judge


def _sketch_one_sample(prior: Prior, rng: np.random.Generator) -> RankGrid:  # noqa: ARG001
    return RankGrid.of_law(_marginal(prior), prior.dim)


def _prepare_wasserstein(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    blocks = QuantileBlocks(_sorted_columns(reference))

    def judge(z: Points) -> Measurement:
        value = float(blocks.w1(_sorted_columns(z)).mean())
        return Measurement(value, value, len(z))

    return judge


def _prepare_anderson_darling(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    columns, m = _sorted_columns(reference), len(reference)

    def judge(z: Points) -> Measurement:
        n = len(z)
        # A^2 is n m / (n + m) times the distance.
        statistic, by_chance = np.mean(list(map(anderson_darling, _sorted_columns(z), columns)), axis=0)
        scale = (n + m) / (n * m)
        return Measurement(float((statistic - by_chance) * scale), float(statistic * scale), n)

    return judge


def _prepare_anderson_darling_one_sample(prior: Prior, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    law = _marginal(prior)

    def judge(z: Points) -> Measurement:
        n = len(z)
        columns = enumerate(_sorted_columns(z.astype(np.float64)))
        statistics = [anderson_darling_to_law(column, law.coordinate(j)) for j, column in columns]
        statistic = float(np.mean(statistics))
        return Measurement((statistic - 1) / n, statistic / n, n)

    return judge


def _sorted_columns(z: Points) -> NDArray[np.floating]:
    """The coordinates, each sorted, shape (d, n)."""
    columns = np.array(z.T, order="C")
    columns.sort(axis=1)
    return columns


def _marginal(prior: Prior) -> Law:
    if prior.marginal is None:
        raise InputError(f"{prior!r} has no marginal law")
    return prior.marginal


marginal_ks = TwoSample(
    name="marginal-ks",
    title="largest Kolmogorov-Smirnov distance of a coordinate",
    formula="max_j sup_x |F_zj(x) - F_rj(x)|",
    unit="probability",
    cost="O(d n log n)",
    citation="Smirnov: Table for estimating the goodness of fit of empirical distributions. Ann. Math. Stat. 1948",
    min_points=2,
    prepare=_prepare_ks,
    sketch=RankGrid.of_points,
)

marginal_ks_one_sample = OneSample(
    name="marginal-ks-one-sample",
    title="largest Kolmogorov-Smirnov distance of a coordinate to the prior's marginal",
    formula="max_j sup_x |F_zj(x) - F(x)|, F the prior's",
    unit="probability",
    cost="O(d n log n)",
    citation="Kolmogorov: Sulla determinazione empirica di una legge di distribuzione. Giorn. Ist. Ital. Attuari 1933",
    min_points=2,
    needs="marginal",
    prepare=_prepare_ks_one_sample,
    sketch=_sketch_one_sample,
)

marginal_wasserstein = TwoSample(
    name="marginal-wasserstein",
    title="mean Wasserstein-1 distance of the coordinates",
    formula="mean_j W1(z_j, r_j), W1 = integral |F_zj(x) - F_rj(x)| dx",
    unit="latent units",
    cost="O(d n log n)",
    error="exact; where nothing drifts it reads about as much as a mean over n points errs",
    citation="Ramdas, García Trillos, Cuturi: On Wasserstein two-sample testing and related families of nonparametric "
    "tests. Entropy 2017",
    min_points=2,
    moments=1,
    degree=1,
    precision=np.floating,
    prepare=_prepare_wasserstein,
)

marginal_anderson_darling = TwoSample(
    name="marginal-anderson-darling",
    title="mean Anderson-Darling distance of the coordinates, debiased",
    formula="mean_j integral (F_zj - F_rj)^2 / (H_j (1 - H_j)) dH_j - (n + m) / (n m), H_j of both pooled",
    unit="squared probability, in units of its variance by chance",
    cost="O(d (m + n log n))",
    error="exact; its mean is 0 where nothing drifts, with ties as without",
    citation="Pettitt: A two-sample Anderson-Darling rank statistic. Biometrika 1976; "
    "Scholz, Stephens: K-sample Anderson-Darling tests. JASA 1987",
    min_points=2,
    prepare=_prepare_anderson_darling,
)

marginal_anderson_darling_one_sample = OneSample(
    name="marginal-anderson-darling-one-sample",
    title="mean Anderson-Darling distance of the coordinates to the prior's marginal, debiased",
    formula="mean_j integral (F_zj - F)^2 / (F (1 - F)) dF - 1 / n, F the prior's",
    unit="squared probability, in units of its variance by chance",
    cost="O(d n log n)",
    error="exact; its mean is 0 where nothing drifts",
    citation='Anderson, Darling: Asymptotic theory of certain "goodness of fit" criteria based on stochastic '
    "processes. Ann. Math. Stat. 1952",
    min_points=2,
    needs="marginal",
    prepare=_prepare_anderson_darling_one_sample,
)
