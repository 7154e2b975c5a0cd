"""Sliced Wasserstein distance: the transport cost of one-dimensional shadows.

SW2(z, r)^2 = mean over unit directions v of W2(<z, v>, <r, v>)^2; the value is its root. For N(0, s I) against
N(0, I) it is |1 - sqrt(s)| in every dimension. The mean is taken over 256 random directions, shared by all samples
judged against one reference.

>>> import latentot as lot
>>> reference = lot.Normal(16).sample(20_000, rng=0)
>>> round(lot.drift("sliced-wasserstein")(reference / 2**0.5, reference, rng=0), 2)
0.29
"""

__all__ = ["sliced_wasserstein"]

import numpy as np

from latentot.drift.metric import Judge, Measurement, Points, TwoSample
from latentot.drift.quantiles import QuantileBlocks
from latentot.drift.shadows import directions, shadows
from latentot.drift.streaming.sliced import SlicedSketch


def _prepare(reference: Points, rng: np.random.Generator) -> Judge:
    along = directions(reference.shape[1], rng)
    blocks = QuantileBlocks(shadows(reference, along))

    def judge(z: Points) -> Measurement:
        value = float(np.sqrt(blocks.squared_w2(shadows(z, along)).mean()))
        return Measurement(value, value, len(z))

    return judge


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
    prepare=_prepare,
    sketch=SlicedSketch.start,
)
