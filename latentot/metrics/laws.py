"""p-values of latents against what their prior says of itself."""

__all__ = ["LAWS", "law_p_values"]

import numpy as np
import scipy
from numpy.typing import NDArray

from latentot.priors import Prior

LAWS = COORDINATE, NORM, DIRECTION = "law of a coordinate", "law of the norm", "law of the direction"
"""What draws of a prior are held against where they must follow it: the null is drawn from it too, and cannot tell."""
MAX_POINTS = 5_000
"""Numbers that are held against one law: some of SciPy's take milliseconds for each."""


def law_p_values(prior: Prior, z: NDArray[np.float64]) -> dict[str, float]:
    """p-values of latents against what their prior says of itself, by Kolmogorov-Smirnov tests of numbers in order.

    A coordinate follows its marginal law and a norm the radius law. Where all directions are alike, the cosine c of the
    angle with any fixed one, here (1, ..., 1), is such that (1 + c) / 2 ~ Beta((d - 1) / 2, (d - 1) / 2).

    Args:
        prior: the prior.
        z: latents, shape (n, *shape), said to be its draws.

    Returns:
        p-values by names out of `LAWS`, of the laws that the prior has.

    >>> import latentot as lot
    >>> round(law_p_values(lot.Normal(4), 1.2 * lot.Normal(4).sample(500, rng=0))["law of the norm"], 6)
    0.0
    """
    flat = z.reshape(len(z), -1)
    numbers: dict[str, NDArray[np.float64]] = {}
    if prior.marginal is not None:
        alike = prior.marginal.size is None
        some = flat.ravel()[:MAX_POINTS] if alike else flat[: -(-MAX_POINTS // prior.dim)]
        numbers[COORDINATE] = prior.marginal.cdf(some).ravel()
    if prior.radius is not None:
        norms = np.linalg.norm(flat[:MAX_POINTS], axis=1)
        if prior.radius.support[0] < prior.radius.support[1]:
            numbers[NORM] = prior.radius.cdf(norms)
        if prior.dim > 1 and norms.all():
            cosines = flat[:MAX_POINTS].sum(axis=1) / norms / np.sqrt(prior.dim)
            half = (prior.dim - 1) / 2
            numbers[DIRECTION] = scipy.special.betainc(half, half, np.clip((1 + cosines) / 2, 0, 1))
    # A law that gives no numbers for its own draws does not hold.
    return {name: _uniform_p_value(own) if np.isfinite(own).all() else 0.0 for name, own in numbers.items()}


def _uniform_p_value(numbers: NDArray[np.float64]) -> float:
    """Of the two-sided Kolmogorov-Smirnov test of numbers that are uniform on [0, 1].

    Twice the exact one-sided one: above the two-sided one by less than its fourth power, at 0.1 by 1e-4 of it.
    (SciPy's own test would load scipy.stats, half a second in every process of a study.)
    """
    n, ordered = len(numbers), np.sort(numbers)
    ranks = np.arange(n + 1) / n
    distance = max((ranks[1:] - ordered).max(), (ordered - ranks[:-1]).max())
    return float(min(1.0, 2 * scipy.special.smirnov(n, distance)))
