"""Sliced Wasserstein distance: the transport cost of one-dimensional shadows.

SW2(z, r)^2 = mean over unit directions v of W2(<z, v>, <r, v>)^2; the value is its root. For N(0, s I) against
N(0, I) it is |1 - sqrt(s)| in every dimension. SW1 is the mean over directions of W1, |1 - sqrt(s)| sqrt(2 / pi) there.
The mean is taken over 256 random directions, shared by all samples judged against one reference. What a sample of n
points adds by chance is not taken off: SW2 reads about sqrt(true^2 + null^2).

>>> import latentot as lot
>>> reference = lot.Normal(16).sample(20_000, rng=0)
>>> round(lot.drift("sliced-wasserstein")(reference / 2**0.5, reference, rng=0), 2)
0.29
>>> round(lot.drift("sliced-wasserstein-1")(reference / 2**0.5, reference, rng=0), 2)
0.23
"""

__all__ = ["sliced_wasserstein", "sliced_wasserstein_1"]

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from latentot.drift.metric import Judge, Measurement, Points, TwoSample
from latentot.drift.quantiles import QuantileBlocks
from latentot.drift.shadows import directions, shadows
from latentot.drift.streaming.sliced import SlicedSketch

Shadows = NDArray[np.float32]


def _sliced(mean: Callable[[QuantileBlocks, Shadows], float]) -> Callable[[Points, np.random.Generator], Judge]:
    """Judges by a mean over directions of the distances between shadows."""

    def prepare(reference: Points, rng: np.random.Generator) -> Judge:
        along = directions(reference.shape[1], rng)
        blocks = QuantileBlocks(shadows(reference, along))

        def judge(z: Points) -> Measurement:
            value = mean(blocks, shadows(z, along))
            return Measurement(value, value, len(z))

        return judge

    return prepare


sliced_wasserstein = TwoSample(
    name="sliced-wasserstein",
    title="sliced Wasserstein-2 distance",
    formula="sqrt(mean over unit v of W2(<z, v>, <r, v>)^2)",
    unit="latent units",
    cost="O(L n (d + log n)), L = 256 directions",
    error="256 random directions, shared by all samples that one judge measures",
    citation="Bonneel, Rabin, Peyré, Pfister: Sliced and Radon Wasserstein barycenters of measures. JMIV 2015",
    least=2,
    moments=2,
    sketch=SlicedSketch.start,
    prepare=_sliced(lambda blocks, z: float(np.sqrt(blocks.squared_w2(z).mean()))),
)

sliced_wasserstein_1 = TwoSample(
    name="sliced-wasserstein-1",
    title="sliced Wasserstein-1 distance",
    formula="mean over unit v of W1(<z, v>, <r, v>)",
    unit="latent units",
    cost="O(L n (d + log n)), L = 256 directions",
    error="256 random directions, shared by all samples that one judge measures",
    citation="Bonneel, Rabin, Peyré, Pfister: Sliced and Radon Wasserstein barycenters of measures. JMIV 2015",
    least=2,
    moments=1,
    prepare=_sliced(lambda blocks, z: float(blocks.w1(z).mean())),
)
