"""Maximum mean discrepancy with a Gaussian kernel, squared and unbiased.

MMD^2 = E k(z, z') - 2 E k(z, r) + E k(r, r'), k(x, y) = exp(-|x - y|^2 / (2 sigma^2)), sigma the median distance of
the reference. The value leaves out k(x, x), so its mean is 0 where nothing drifts (it can be negative); the raw value
keeps it. Quadratic in the number of points: it uses 2,000 of each.

>>> import latentot as lot
>>> reference = lot.Normal(8).sample(1000, rng=0)
>>> lot.drift("mmd")(lot.Normal(8).sample(1000, rng=1) / 2**0.5, reference, rng=0) > 0.01
True
"""

__all__ = ["mmd"]

import numpy as np
from numpy.typing import NDArray

from latentot.drift.metric import Judge, Measurement, Points, TwoSample, subset
from latentot.errors import InputError

MOST = 2_000


def _prepare(reference: Points, rng: np.random.Generator) -> Judge:
    seed = int(rng.integers(2**63))
    known = subset(reference, MOST, seed).astype(np.float32)
    m = len(known)
    own = _squared_distances(known, known)
    width = float(np.median(own[np.triu_indices(m, 1)]))
    if not 0 < width < np.inf:
        raise InputError(f"mmd needs reference points that vary: the median of their squared distances is {width:g}")
    gamma = 1 / (2 * width)
    own_sum = _kernel_sum(own, gamma)

    def judge(z: Points) -> Measurement:
        points = subset(z, MOST, seed).astype(np.float32)
        n = len(points)
        z_sum = _kernel_sum(_squared_distances(points, points), gamma)
        cross = _kernel_sum(_squared_distances(points, known), gamma) / (n * m)
        value = (z_sum - n) / (n * (n - 1)) - 2 * cross + (own_sum - m) / (m * (m - 1))
        raw = z_sum / n**2 - 2 * cross + own_sum / m**2
        return Measurement(value, raw, n)

    return judge


def _squared_distances(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    squares = x @ y.T
    squares *= -2
    squares += np.square(x).sum(axis=1)[:, None]
    squares += np.square(y).sum(axis=1)
    if x is y:
        np.fill_diagonal(squares, 0)
    return np.maximum(squares, 0, out=squares)


def _kernel_sum(squares: NDArray[np.float32], gamma: float) -> float:
    squares *= np.float32(-gamma)
    return float(np.exp(squares, out=squares).sum(dtype=np.float64))


mmd = TwoSample(
    name="mmd",
    title="squared maximum mean discrepancy, unbiased",
    formula="E k(z, z') - 2 E k(z, r) + E k(r, r'), k Gaussian, its width the reference's median distance",
    unit="squared kernel mean",
    cost="O(k^2 d), k = min(n, 2000)",
    error="2,000 points of each sample, chosen at random",
    citation="Gretton, Borgwardt, Rasch, Schölkopf, Smola: A kernel two-sample test. JMLR 2012",
    least=2,
    most=MOST,
    prepare=_prepare,
)
