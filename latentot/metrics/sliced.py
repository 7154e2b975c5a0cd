"""Sliced Wasserstein distance: the transport cost of one-dimensional projections.

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

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.metrics.metric import Judge, Measurement, Points, TwoSample
from latentot.metrics.projections import directions, each_projection, projection_groups, projections
from latentot.metrics.quantiles import Blocks, QuantileBlocks, blocks_of
from latentot.metrics.streaming.sliced import SlicedSketch


def _prepare_w2(reference: Points, rng: np.random.Generator) -> Judge:
    along = directions(reference.shape[1], rng)
    return _w2(along, QuantileBlocks(projections(reference, along)).of)


def _prepare_w2_for(reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:
    along = directions(reference.shape[1], rng)
    known = blocks_of(each_projection(reference, along), sizes)

    def of(n: int) -> Blocks:
        if n not in known:
            expected = " or ".join(map(str, known))
            raise InputError(
                f"this judge was prepared for samples of {expected} points, got {n}: prepare one without sizes"
            )
        return known[n]

    return _w2(along, of)


def _w2(along: NDArray[np.float32], blocks_for: Callable[[int], Blocks]) -> Judge:
    def judge(z: Points) -> Measurement:
        blocks = blocks_for(len(z))
        squares = [blocks.of(some).squared_w2(group) for some, group in projection_groups(z, along)]
        value = float(np.sqrt(np.concatenate(squares).mean()))
        return Measurement(value, value, len(z))

    return judge


def _prepare_w1(reference: Points, rng: np.random.Generator) -> Judge:
    along = directions(reference.shape[1], rng)
    blocks = QuantileBlocks(projections(reference, along))

    def judge(z: Points) -> Measurement:
        value = float(blocks.w1(projections(z, along)).mean())
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
    min_points=2,
    moments=2,
    degree=1,
    precision=np.float32,
    sketch=SlicedSketch.start,
    prepare=_prepare_w2,
    prepare_for=_prepare_w2_for,
)

sliced_wasserstein_1 = TwoSample(
    name="sliced-wasserstein-1",
    title="sliced Wasserstein-1 distance",
    formula="mean over unit v of W1(<z, v>, <r, v>)",
    unit="latent units",
    cost="O(L n (d + log n)), L = 256 directions",
    error="256 random directions, shared by all samples that one judge measures",
    citation="Bonneel, Rabin, Peyré, Pfister: Sliced and Radon Wasserstein barycenters of measures. JMIV 2015",
    min_points=2,
    moments=1,
    degree=1,
    precision=np.float32,
    prepare=_prepare_w1,
)
