"""Maximum mean discrepancy with Gaussian kernels, squared and unbiased: of one width, and of several."""

__all__ = ["MMD", "MultiMMD"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentot.errors import InputError
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.options import at_least, positive
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.pairs import Squares, squared_distances, total
from latentot.numerics.points import Points


@dataclass(frozen=True, repr=False)
class _Kernels(TwoSample):
    """What both have in common: sums of kernels over all pairs."""

    precision = np.float64
    min_points = 2

    @property
    def cost(self) -> str:
        return f"O(k^2 d), k = min(n, {self.max_points})"

    @property
    def error(self) -> str:
        return f"{self.max_points:,} points of each sample, chosen at random"


@dataclass(frozen=True, repr=False)
class MMD(_Kernels):
    """Maximum mean discrepancy with a Gaussian kernel, squared and unbiased.

    MMD^2 = E k(z, z') - 2 E k(z, r) + E k(r, r'), k(x, y) = exp(-|x - y|^2 / (2 sigma^2)), sigma the median distance of
    the reference. The value leaves out k(x, x), so its mean is 0 where nothing drifts (it can be negative); the raw
    value keeps it. Quadratic in the number of points.

    Args:
        width: sigma, in median distances of the reference.
        max_points: points of each sample that are used, chosen at random.

    References:
        Gretton, Borgwardt, Rasch, Schölkopf, Smola: A kernel two-sample test. JMLR 2012

    >>> import latentot as lot
    >>> reference = lot.Normal(8).sample(1000, rng=0)
    >>> lot.drift("mmd")(lot.Normal(8).sample(1000, rng=1) / 2**0.5, reference, rng=0) > 0.01
    True
    """

    name = "mmd"
    title = "squared maximum mean discrepancy, unbiased"
    formula = (
        "E k(z, z') - 2 E k(z, r) + E k(r, r'), k Gaussian, its width in proportion to the reference's median distance"
    )
    unit = "squared kernel mean"
    citation = "Gretton, Borgwardt, Rasch, Schölkopf, Smola: A kernel two-sample test. JMLR 2012"

    width: float = 1.0
    max_points: int = 2_000

    def __post_init__(self) -> None:
        positive(self, "width")
        at_least(self, max_points=2)

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        return _judge(reference, self.name, self.width, halvings=0)


@dataclass(frozen=True, repr=False)
class MultiMMD(_Kernels):
    """Maximum mean discrepancy with a sum of Gaussian kernels of several widths, squared and unbiased.

    MMD^2 as in `MMD`, k the sum of kernels each half as wide as the one before, 4 to 1/4 median distances of the
    reference: it misses less where the drift has a scale of its own.

    Args:
        widest: the largest width, in median distances of the reference.
        kernels: how many kernels.
        max_points: points of each sample that are used, chosen at random.

    References:
        Li, Swersky, Zemel: Generative moment matching networks. ICML 2015, arXiv:1502.02761

    >>> import latentot as lot
    >>> z, reference = lot.Normal(8).sample(1000, rng=0), lot.Normal(8).sample(1000, rng=1)
    >>> lot.drift("mmd-multi")(z / 2**0.5, reference, rng=0) > lot.drift("mmd")(z / 2**0.5, reference, rng=0)
    True
    """

    name = "mmd-multi"
    title = "squared maximum mean discrepancy, unbiased, of several widths"
    formula = "E k(z, z') - 2 E k(z, r) + E k(r, r'), k a sum of Gaussians, each half as wide as the one before"
    unit = "squared kernel mean, summed over the kernels"
    citation = "Li, Swersky, Zemel: Generative moment matching networks. ICML 2015, arXiv:1502.02761"

    widest: float = 4.0
    kernels: int = 5
    max_points: int = 2_000

    def __post_init__(self) -> None:
        positive(self, "widest")
        at_least(self, kernels=1, max_points=2)

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        return _judge(reference, self.name, self.widest, halvings=self.kernels - 1)


def _judge(reference: Points, name: str, widest: float, *, halvings: int) -> Judge:
    """A judge, with the sum of Gaussian kernels of the widest and of each half of it."""
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


def _median_square(known: Points, name: str) -> float:
    """Median squared distance of two points; its root is the median distance."""
    median = float(np.median(squared_distances(known, known)[np.triu_indices(len(known), 1)]))
    # Copies are 0 apart only up to float32's rounding.
    if not median > 1e-6 * float(np.square(known - known.mean(axis=0)).sum(axis=1).mean()):
        raise InputError(f"{name} needs reference points that vary: the median of their squared distances is 0")
    return median
