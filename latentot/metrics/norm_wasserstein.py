"""Wasserstein-1 distances of the norms, the soap bubble: from a sample, and from the law of the prior's norm."""

__all__ = ["NormWasserstein", "NormWassersteinOneSample"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentot.metrics.law_quantiles import LawBlocks
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.one_sample import OneSample, radius_of
from latentot.metrics.streaming.norm import NormSketch
from latentot.metrics.streaming.partial import OnePass
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.lengths import lengths, lengths_beside
from latentot.numerics.points import Points
from latentot.numerics.quantiles import QuantileBlocks
from latentot.priors import Prior


@dataclass(frozen=True, repr=False)
class NormWasserstein(TwoSample, OnePass):
    """Wasserstein-1 distance of the norms, W1(|z|, |r|) = integral |F_|z|(x) - F_|r|(x)| dx.

    For N(0, s I_d) against N(0, I_d) it is |1 - sqrt(s)| E[chi(d)]. Where all norms of the reference are equal, as on
    the sphere, norms are taken to 12 digits (6 in single precision): what rounding leaves is no drift.

    References:
        Villani: Topics in Optimal Transportation. AMS 2003, section 2.2

    >>> import latentot as lot
    >>> reference = lot.Normal(64).sample(20_000, rng=0)
    >>> round(lot.drift("norm-wasserstein")(reference / 2**0.5, reference, rng=0), 2)
    2.33
    """

    name = "norm-wasserstein"
    title = "Wasserstein-1 distance of the norms"
    formula = "W1(|z|, |r|)"
    unit = "latent units"
    cost = "O(n (d + log n))"
    error = "exact"
    citation = "Villani: Topics in Optimal Transportation. AMS 2003, section 2.2"
    moments = 1
    degree = 1
    origin = True
    min_points = 2

    def sketch(self, reference: Points, rng: np.random.Generator) -> NormSketch:  # noqa: ARG002
        return NormSketch.start(reference)

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        of = lengths_beside(reference)
        blocks = QuantileBlocks(np.sort(of(reference))[None])

        def judge(z: Points) -> Measurement:
            value = float(blocks.w1(np.sort(of(z))[None])[0])
            return Measurement(value, value, len(z))

        return judge


@dataclass(frozen=True, repr=False)
class NormWassersteinOneSample(OneSample):
    """Wasserstein-1 distance of the norms, W1(|z|, |Z|) = integral |F_|z|(x) - F(x)| dx, F the law of the prior's norm.

    References:
        del Barrio, Giné, Matrán: Central limit theorems for the Wasserstein distance between the empirical and the true
        distributions. Ann. Probab. 1999

    >>> import latentot as lot
    >>> z = lot.Normal(64).sample(20_000, rng=0)
    >>> round(lot.drift("norm-wasserstein-one-sample")(z / 2**0.5, lot.Normal(64), rng=0), 2)
    2.33
    """

    name = "norm-wasserstein-one-sample"
    title = "Wasserstein-1 distance of the norms to the law of the prior's norm"
    formula = "W1(|z|, |Z|) = integral |F_|z|(r) - F(r)| dr, F the prior's"
    unit = "latent units"
    cost = "O(n (d + log n))"
    error = "quadrature, within 1e-9 of the value"
    citation = (
        "del Barrio, Giné, Matrán: Central limit theorems for the Wasserstein distance between the empirical and the "
        "true distributions. Ann. Probab. 1999"
    )
    moments = 1
    degree = 1
    origin = True
    min_points = 2
    needs = "radius"

    def _prepare(self, prior: Prior, rng: np.random.Generator) -> Judge:  # noqa: ARG002
        blocks = LawBlocks(radius_of(prior))

        def judge(z: Points) -> Measurement:
            value = blocks.w1(np.sort(lengths(z)))
            return Measurement(value, value, len(z))

        return judge
