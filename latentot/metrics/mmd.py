"""Maximum mean discrepancy with Gaussian kernels, squared and unbiased.

MMD^2 = E k(z, z') - 2 E k(z, r) + E k(r, r'), k(x, y) = exp(-|x - y|^2 / (2 sigma^2)), sigma the median distance of
the reference; `mmd-multi` sums the kernels of five widths, sigma / 4 to 4 sigma, and misses less where the drift has
a scale of its own. The value leaves out k(x, x), so its mean is 0 where nothing drifts (it can be negative); the raw
value keeps it. Quadratic in the number of points: it uses 2,000 of each.

>>> import latentot as lot
>>> reference = lot.Normal(8).sample(1000, rng=0)
>>> lot.drift("mmd")(lot.Normal(8).sample(1000, rng=1) / 2**0.5, reference, rng=0) > 0.01
True
"""

__all__ = ["mmd", "mmd_multi", "preparing"]

from collections.abc import Callable

import numpy as np

from latentot.errors import InputError
from latentot.metrics.metric import Judge, Measurement, Points, TwoSample
from latentot.metrics.pairs import Squares, squared_distances, total

MAX_POINTS = 2_000


def preparing(name: str, *, halvings: int = 0, widest: float = 1) -> Callable[[Points, np.random.Generator], Judge]:
    """What prepares a judge, of a sum of Gaussian kernels: of the widest and of each half of it.

    Args:
        name: of the metric.
        halvings: how many kernels beside the widest.
        widest: the largest width, in median distances of the reference.
    """

    def prepare(reference: Points, rng: np.random.Generator) -> Judge:  # noqa: ARG001
        m, at_0 = len(reference), 1 + halvings
        gamma = np.float32(1 / (2 * widest**2 * _median_square(reference, name)))

        def kernels(squares: Squares) -> float:
            """Sum of all kernels over a block: half the width is the fourth power of the kernel."""
            squares *= -gamma
            kernel = np.exp(squares, out=squares)
            found = kernel.sum(axis=1).sum(dtype=np.float64)
            for _ in range(halvings):
                np.square(np.square(kernel, out=kernel), out=kernel)
                found += kernel.sum(axis=1).sum(dtype=np.float64)
            return float(found)

        own = total(kernels, reference, reference)

        def judge(z: Points) -> Measurement:
            n = len(z)
            within, cross = total(kernels, z, z), total(kernels, z, reference) / (n * m)
            value = (within - at_0 * n) / (n * (n - 1)) - 2 * cross + (own - at_0 * m) / (m * (m - 1))
            raw = within / n**2 - 2 * cross + own / m**2
            return Measurement(value, raw, n)

        return judge

    return prepare


def _median_square(known: Points, name: str) -> float:
    """Median squared distance of two points; its root is the median distance."""
    median = float(np.median(squared_distances(known, known)[np.triu_indices(len(known), 1)]))
    # Copies are 0 apart only up to float32's rounding.
    if not median > 1e-6 * float(np.square(known - known.mean(axis=0)).sum(axis=1).mean()):
        raise InputError(f"{name} needs reference points that vary: the median of their squared distances is 0")
    return median


mmd = TwoSample(
    name="mmd",
    title="squared maximum mean discrepancy, unbiased",
    formula="E k(z, z') - 2 E k(z, r) + E k(r, r'), k Gaussian, its width the reference's median distance",
    unit="squared kernel mean",
    cost="O(k^2 d), k = min(n, 2000)",
    error="2,000 points of each sample, chosen at random",
    citation="Gretton, Borgwardt, Rasch, Schölkopf, Smola: A kernel two-sample test. JMLR 2012",
    min_points=2,
    max_points=MAX_POINTS,
    precision=np.float64,
    prepare=preparing("mmd"),
)

mmd_multi = TwoSample(
    name="mmd-multi",
    title="squared maximum mean discrepancy, unbiased, of five widths",
    formula="E k(z, z') - 2 E k(z, r) + E k(r, r'), k a sum of Gaussians, 1/4, 1/2, 1, 2 and 4 median distances wide",
    unit="squared kernel mean, summed over five kernels",
    cost="O(k^2 d), k = min(n, 2000)",
    error="2,000 points of each sample, chosen at random",
    citation="Li, Swersky, Zemel: Generative moment matching networks. ICML 2015, arXiv:1502.02761",
    min_points=2,
    max_points=MAX_POINTS,
    precision=np.float64,
    prepare=preparing("mmd-multi", halvings=4, widest=4),
)
