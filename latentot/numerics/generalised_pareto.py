"""The generalised Pareto law of what exceeds a threshold, fitted to a sample of excesses."""

__all__ = ["fitted_pareto"]

import math

import numpy as np
from numpy.typing import NDArray

FEWEST = 30
"""Points of the profile likelihood, beside the root of the sample's size."""


def fitted_pareto(excess: NDArray[np.float64]) -> tuple[float, float]:
    """Shape k and scale s of P(X > x) = (1 + k x / s)^(-1/k), as posterior means over the profile likelihood.

    k > 0 is a tail as heavy as x^(-1/k), k = 0 exponential, k < 0 one that ends at s / |k|. Quick, and right for k
    between -1/2 and 1 where moments and maximum likelihood are not.

    Args:
        excess: positive numbers, not all alike, shape (n >= 5,).

    Returns:
        Shape and scale.

    References:
        Zhang, Stephens: A new and efficient estimation method for the generalized Pareto distribution. Technometrics
        2009.

    >>> shape, scale = fitted_pareto(np.random.default_rng(0).exponential(2.0, 10_000))
    >>> round(shape, 1) + 0.0, round(scale, 1)
    (0.0, 2.0)
    """
    x = np.sort(excess)
    n, points = len(x), FEWEST + math.isqrt(len(x))
    # theta = -k / s is less than 1 / max x.
    theta = 1 / x[-1] + (1 - np.sqrt(points / (np.arange(1, points + 1) - 0.5))) / (3 * x[int(n / 4 + 0.5) - 1])
    theta = theta[theta != 0]
    shapes = np.log1p(-theta[:, None] * x).mean(axis=1)
    likelihood = n * (np.log(-theta / shapes) - shapes - 1)
    weights = np.exp(likelihood - likelihood.max())
    mean = float(theta @ weights / weights.sum())
    shape = float(np.log1p(-mean * x).mean())
    return shape, -shape / mean
