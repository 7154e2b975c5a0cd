"""MMD-FUSE: a soft maximum of kernel discrepancies over kernels and widths."""

__all__ = ["MMDFuse"]

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.options import at_least, positive
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.points import Points

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Kernel = Callable[[Singles, float], Singles]

TILE = 256
"""Rows and columns of a tile of distances: each of the kernels finds it in the cache."""
RARE, HALF = 0.05, 2.0
"""Widths go from half the 5 % quantile of the distances to twice the 95 % quantile, as in the authors' tests."""


@dataclass(frozen=True, repr=False)
class MMDFuse(TwoSample):
    """MMD-FUSE: a soft maximum of normalised maximum mean discrepancies over kernels and widths.

    (1 / lambda) log mean_k exp(lambda MMD_k^2 / sqrt(N_k)), MMD_k^2 as in `MMD`, unbiased, n the number of points of
    the smaller sample, N_k = sum of k(x, y)^2 over pairs of different points of both samples / (n (n - 1)), and
    lambda = sharpness sqrt(n (n - 1)). The kernels are Gaussians exp(-|x - y|^2 / (2 w^2)) and Laplace kernels
    exp(-sqrt(2) |x - y|_1 / w), each of evenly spaced widths w, from half the 5 % quantile of the distances in both
    samples together to twice the 95 % quantile. No kernel has to be chosen beforehand, and no points are set aside for
    a choice. Where nothing drifts values are about 0, a little above it on average, as of any maximum. Quadratic in the
    number of points, and each pair costs 2 widths exponentials: about a second for 2,000 points of each sample.

    Args:
        widths: widths of each of the two kernels.
        sharpness: of the maximum: the mean of the discrepancies for small numbers, the greatest for large ones. At 1 a
            test of 500 points sees a narrower mode in 41 % and a perturbed uniform law in 47 % of 150 samples, at 3, 10
            and 500 in 46 to 47 % and 47 to 49 %.
        max_points: points of each sample that are used, chosen at random.

    References:
        Biggs, Schrab, Gretton: MMD-FUSE: learning and combining kernels for two-sample testing without data splitting.
        NeurIPS 2023, arXiv:2306.08777

    >>> import latentot as lot
    >>> z, reference = lot.Normal(4).sample(300, rng=0), lot.Normal(4).sample(300, rng=1)
    >>> lot.drift("mmd-fuse")(z / 2, reference, rng=0) > 0.2 > 0.01 > lot.drift("mmd-fuse")(z, reference, rng=0)
    True
    """

    name = "mmd-fuse"
    title = "soft maximum of normalised maximum mean discrepancies, Gaussian and Laplace kernels"
    formula = "(1/lambda) log mean_k exp(lambda MMD_k^2 / sqrt(N_k)), N_k the mean square of kernel k"
    unit = "squared kernel mean, in mean squares of the kernel"
    citation = (
        "Biggs, Schrab, Gretton: MMD-FUSE: learning and combining kernels for two-sample testing without data "
        "splitting. NeurIPS 2023, arXiv:2306.08777"
    )
    precision = np.float64
    min_points = 2

    widths: int = 10
    sharpness: float = 10.0
    max_points: int = 2_000

    def __post_init__(self) -> None:
        positive(self, "sharpness")
        at_least(self, widths=1, max_points=2)

    @property
    def cost(self) -> str:
        return f"O(k^2 (d + {2 * self.widths})), k = min(n, {self.max_points})"

    @property
    def error(self) -> str:
        return f"{self.max_points:,} points of each sample, chosen at random"

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        def judge(z: Points) -> Measurement:
            least = min(len(z), len(reference))
            ratios = [
                discrepancy
                for by, kernel in (("cityblock", laplace), ("euclidean", gaussian))
                for discrepancy in _discrepancies(z, reference, by, kernel, self.widths)
            ]
            value = soft_maximum(np.array(ratios), self.sharpness * math.sqrt(least * (least - 1)))
            return Measurement(value, value, len(z))

        return judge


def spaced(apart: Singles, widths: int) -> Floats:
    """Widths, evenly spaced over the distances of two points that do not coincide; none where all do.

    Args:
        apart: distances of all pairs of different points of both samples, shape (pairs,).
        widths: how many.
    """
    known = apart[apart > 0]
    if not len(known):
        return np.empty(0)
    ends = [int(RARE * len(known)), int((1 - RARE) * len(known))]
    low, high = np.partition(known, ends)[ends]
    return np.linspace(low / HALF, high * HALF, widths)


def laplace(apart: Singles, width: float) -> Singles:
    """exp(-sqrt(2) |x - y|_1 / w)."""
    return np.exp(apart * np.float32(-math.sqrt(2) / width))


def gaussian(apart: Singles, width: float) -> Singles:
    """exp(-|x - y|^2 / (2 w^2))."""
    scaled = apart * np.float32(1 / (math.sqrt(2) * width))
    return np.exp(-np.square(scaled, out=scaled), out=scaled)


def soft_maximum(ratios: Floats, sharpness: float) -> float:
    """(1 / lambda) log mean exp(lambda r); 0 of none."""
    if not len(ratios):
        return 0.0
    top = float(ratios.max())
    return top + math.log(float(np.exp(sharpness * (ratios - top)).mean())) / sharpness


def _discrepancies(z: Points, reference: Points, by: str, kernel: Kernel, widths: int) -> Floats:
    """MMD_k^2 / sqrt(N_k) for each width of a kernel, shape (widths,)."""
    n, m, parts = len(z), len(reference), ((z, z), (z, reference), (reference, reference))
    tiles = [(part, *tile) for part, (x, y) in enumerate(parts) for tile in _tiles(x, y, by)]
    chosen = spaced(np.concatenate([_once(block, diagonal) for _, block, diagonal in tiles]), widths)
    sums, squares = np.zeros((3, len(chosen))), np.zeros(len(chosen))
    for part, block, diagonal in tiles:
        # A tile of a sample and itself has each pair twice on its diagonal, and once above it.
        times = 1 if diagonal or part == 1 else 2
        for i, width in enumerate(chosen):
            found = kernel(block, width)
            if diagonal:
                np.fill_diagonal(found, 0)
            sums[part, i] += times * float(found.sum(axis=1).sum(dtype=np.float64))
            squares[i] += (1 if diagonal else 2) * float(np.vecdot(found, found).sum(dtype=np.float64))
    least = min(n, m)
    squared = sums[0] / (n * (n - 1)) - 2 * sums[1] / (n * m) + sums[2] / (m * (m - 1))
    return squared / np.sqrt(squares / (least * (least - 1)))


def _tiles(x: Points, y: Points, by: str) -> Iterator[tuple[Singles, bool]]:
    """Distances of all pairs, a tile at a time, and whether it is on the diagonal; of x and itself above it only.

    From differences, not products: points of a sample may be far from those of the other and near to each other.
    """
    from scipy.spatial.distance import cdist

    for start in range(0, len(x), TILE):
        rows = x[start : start + TILE]
        for column in range(start if y is x else 0, len(y), TILE):
            tile = cdist(rows, y[column : column + TILE], by).astype(np.float32)
            yield tile, y is x and column == start


def _once(block: Singles, diagonal: bool) -> Singles:
    return block[np.triu_indices(len(block), 1)] if diagonal else block.ravel()
