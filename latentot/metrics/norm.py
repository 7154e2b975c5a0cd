"""Drift of the norms, the soap bubble: how far the law of |z| is from that of the reference.

`norm-wasserstein` is the transport cost W1 = integral |F_z(r) - F_reference(r)| dr over the norms r; for N(0, s I_d)
against N(0, I_d) it is |1 - sqrt(s)| E[chi(d)]. `norm-ks` is sup_r |F_z(r) - F_reference(r)|, between 0 and 1, and asks
for no moment. The one-sample forms have the exact law of the prior's norm in place of F_reference. Where all norms of
the reference are equal, as on the sphere, norms are taken to 12 digits (6 in single precision): what rounding leaves is
no drift.

>>> import latentot as lot
>>> reference = lot.Normal(64).sample(20_000, rng=0)
>>> round(lot.drift("norm-wasserstein")(reference / 2**0.5, reference, rng=0), 2)
2.33
>>> round(lot.drift("norm-wasserstein-one-sample")(reference / 2**0.5, lot.Normal(64), rng=0), 2)
2.33
"""

__all__ = ["norm_ks", "norm_ks_one_sample", "norm_wasserstein", "norm_wasserstein_one_sample"]

import numpy as np

from latentot.errors import InputError
from latentot.metrics.cdf_distance import kolmogorov_smirnov, kolmogorov_smirnov_to_law
from latentot.metrics.law_quantiles import LawBlocks
from latentot.metrics.lengths import lengths, lengths_beside
from latentot.metrics.metric import Judge, Measurement, OneSample, Points, TwoSample
from latentot.metrics.quantiles import QuantileBlocks
from latentot.metrics.streaming.norm import NormSketch, norm_ranks
from latentot.priors import Law, Prior


def _prepare_wasserstein(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    of = lengths_beside(reference)
    blocks = QuantileBlocks(np.sort(of(reference))[None])

    def judge(z: Points) -> Measurement:
        value = float(blocks.w1(np.sort(of(z))[None])[0])
        return Measurement(value, value, len(z))

    return judge


def _prepare_wasserstein_one_sample(prior: Prior, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    blocks = LawBlocks(_radius(prior))

    def judge(z: Points) -> Measurement:
        value = blocks.w1(np.sort(lengths(z)))
        return Measurement(value, value, len(z))

    return judge


def _prepare_ks(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    of = lengths_beside(reference)
    known = np.sort(of(reference))

    def judge(z: Points) -> Measurement:
        value = kolmogorov_smirnov(np.sort(of(z)), known)
        return Measurement(value, value, len(z))

    return judge


def _prepare_ks_one_sample(prior: Prior, rng: np.random.Generator) -> Judge:  # noqa: ARG001
    law = _radius(prior)

    def judge(z: Points) -> Measurement:
        value = kolmogorov_smirnov_to_law(np.sort(lengths(z)), law)
        return Measurement(value, value, len(z))

    return judge


def _radius(prior: Prior) -> Law:
    if prior.radius is None:
        raise InputError(f"{prior!r} has no law of the norm")
    return prior.radius


norm_wasserstein = TwoSample(
    name="norm-wasserstein",
    title="Wasserstein-1 distance of the norms",
    formula="W1(|z|, |r|)",
    unit="latent units",
    cost="O(n (d + log n))",
    citation="Villani: Topics in Optimal Transportation. AMS 2003, section 2.2",
    min_points=2,
    origin=True,
    moments=1,
    degree=1,
    prepare=_prepare_wasserstein,
    sketch=NormSketch.start,
)

norm_wasserstein_one_sample = OneSample(
    name="norm-wasserstein-one-sample",
    title="Wasserstein-1 distance of the norms to the law of the prior's norm",
    formula="W1(|z|, |Z|) = integral |F_|z|(r) - F(r)| dr, F the prior's",
    unit="latent units",
    cost="O(n (d + log n))",
    error="quadrature, within 1e-9 of the value",
    citation="del Barrio, Giné, Matrán: Central limit theorems for the Wasserstein distance between the empirical and "
    "the true distributions. Ann. Probab. 1999",
    min_points=2,
    origin=True,
    moments=1,
    degree=1,
    needs="radius",
    prepare=_prepare_wasserstein_one_sample,
)

norm_ks = TwoSample(
    name="norm-ks",
    title="Kolmogorov-Smirnov distance of the norms",
    formula="sup_x |F_|z|(x) - F_|r|(x)|",
    unit="probability",
    cost="O(n (d + log n))",
    citation="Smirnov: Table for estimating the goodness of fit of empirical distributions. Ann. Math. Stat. 1948",
    min_points=2,
    origin=True,
    prepare=_prepare_ks,
    sketch=norm_ranks,
)

norm_ks_one_sample = OneSample(
    name="norm-ks-one-sample",
    title="Kolmogorov-Smirnov distance of the norms to the law of the prior's norm",
    formula="sup_x |F_|z|(x) - F(x)|, F the prior's",
    unit="probability",
    cost="O(n (d + log n))",
    citation="Kolmogorov: Sulla determinazione empirica di una legge di distribuzione. Giorn. Ist. Ital. Attuari 1933",
    min_points=2,
    origin=True,
    needs="radius",
    prepare=_prepare_ks_one_sample,
)
