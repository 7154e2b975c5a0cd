"""Wasserstein-1 distance of single coordinates, the mean of them."""

__all__ = ["MarginalWasserstein"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.points import Points
from latentot.numerics.quantiles import QuantileBlocks, sorted_columns


@dataclass(frozen=True, repr=False)
class MarginalWasserstein(TwoSample):
    """Mean Wasserstein-1 distance of the coordinates, mean_j W1(z_j, r_j), W1 = integral |F_zj(x) - F_rj(x)| dx.

    For N(0, s I) against N(0, I) it is |1 - sqrt(s)| sqrt(2 / pi).

    References:
        Ramdas, García Trillos, Cuturi: On Wasserstein two-sample testing and related families of nonparametric tests.
        Entropy 2017

    >>> import latentot as lot
    >>> reference = lot.Normal(4).sample(20_000, rng=0)
    >>> round(lot.drift("marginal-wasserstein")(reference + [1.0, 0, 0, 0], reference, rng=0), 2)
    0.25
    """

    name = "marginal-wasserstein"
    title = "mean Wasserstein-1 distance of the coordinates"
    formula = "mean_j W1(z_j, r_j), W1 = integral |F_zj(x) - F_rj(x)| dx"
    unit = "latent units"
    cost = "O(d n log n)"
    error = "exact; where nothing drifts it reads about as much as a mean over n points errs"
    citation = (
        "Ramdas, García Trillos, Cuturi: On Wasserstein two-sample testing and related families of nonparametric "
        "tests. Entropy 2017"
    )
    moments = 1
    degree = 1
    precision = np.floating
    min_points = 2

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        blocks = QuantileBlocks(sorted_columns(reference))

        def judge(z: Points) -> Measurement:
            value = float(blocks.w1(sorted_columns(z)).mean())
            return Measurement(value, value, len(z))

        return judge
