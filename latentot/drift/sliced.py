"""Sliced Wasserstein distance: the transport cost of one-dimensional shadows.

SW2(z, r)^2 = mean over unit directions v of W2(<z, v>, <r, v>)^2; the value is its root. For N(0, s I) against
N(0, I) it is |1 - sqrt(s)| in every dimension. The mean is taken over 256 random directions, shared by all samples
judged against one reference.

>>> import latentot as lot
>>> reference = lot.Normal(16).sample(20_000, rng=0)
>>> round(lot.drift("sliced-wasserstein")(reference / 2**0.5, reference, rng=0), 2)
0.29
"""

__all__ = ["shadows", "sliced", "sliced_wasserstein", "unit"]

import numpy as np
from numpy.typing import NDArray

from latentot.drift.metric import Judge, Measurement, Points, TwoSample
from latentot.drift.quantiles import QuantileBlocks

DIRECTIONS = 256


def unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows of length 1."""
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def shadows(z: Points, directions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sorted projections on each direction, shape (directions, n); float32 sorts several times faster."""
    projected = directions @ z.astype(np.float32, copy=False).T
    projected.sort(axis=1)
    return projected


def sliced(directions: int) -> TwoSample:
    """The metric with a number of directions of one's own: the error of its square falls as 1 / sqrt(directions).

    Args:
        directions: how many directions.

    >>> import latentot as lot
    >>> z, reference = lot.Normal(16).sample(500, rng=0), lot.Normal(16).sample(500, rng=1)
    >>> sliced(256)(z, reference, rng=2) == lot.drift("sliced-wasserstein")(z, reference, rng=2)
    True
    """

    def prepare(reference: Points, rng: np.random.Generator) -> Judge:
        chosen = unit(rng.standard_normal((directions, reference.shape[1])))
        blocks = QuantileBlocks(shadows(reference, chosen))

        def judge(z: Points) -> Measurement:
            value = float(np.sqrt(blocks.squared_w2(shadows(z, chosen)).mean()))
            return Measurement(value, value, len(z))

        return judge

    return TwoSample(
        name="sliced-wasserstein",
        title="sliced Wasserstein-2 distance",
        formula="sqrt(mean over unit v of W2(<z, v>, <r, v>)^2)",
        unit="latent units",
        cost=f"O(L n (d + log n)), L = {directions} directions",
        error=f"{directions} random directions, shared by all samples that one judge measures",
        citation="Bonneel, Rabin, Peyré, Pfister: Sliced and Radon Wasserstein barycenters of measures. JMIV 2015",
        least=2,
        moments=2,
        prepare=prepare,
    )


sliced_wasserstein = sliced(DIRECTIONS)
