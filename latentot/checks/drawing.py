"""Do latents follow a prior, each on its own? p-values of what can be known of them."""

__all__ = ["FALSE_ALARM", "p_values_of", "projections_p_value"]

import numpy as np
from numpy.typing import NDArray

from latentot.metrics import law_p_values
from latentot.priors import Prior

Floats = NDArray[np.float64]

FALSE_ALARM = 0.001
"""How often what is right is called wrong, all tests of one check together (Bonferroni)."""
VIEWS = 32
"""Coordinates or directions that are looked at one by one."""


def p_values_of(prior: Prior, z: Floats) -> dict[str, float]:
    """p-values of latents that are said to be independent draws of a prior, by what of its laws they are held to.

    Args:
        prior: the law.
        z: latents, shape (n, *prior.shape).
    """
    return law_p_values(prior, z) | _of_coordinates(prior, z) | _of_pairs(prior, z)


def _of_coordinates(prior: Prior, z: Floats) -> dict[str, float]:
    """Single coordinates follow their marginal laws, and neighbours are independent, where coordinates are."""
    if prior.marginal is None:
        return {}
    from scipy.stats import kstest

    # Evenly spaced, each with its neighbour: of all of them a law of SciPy's could take minutes.
    first = np.unique(np.linspace(0, max(prior.dim - 2, 0), VIEWS // 2).astype(int))
    flat, marginal = z.reshape(len(z), -1), prior.marginal
    left, right = (
        np.stack([marginal.coordinate(int(j)).cdf(flat[:, j]) for j in columns], axis=1)
        for columns in (first, np.minimum(first + 1, prior.dim - 1))
    )
    each = [float(kstest(column, "uniform").pvalue) for column in np.concatenate([left, right], axis=1).T]
    found = {"law of each coordinate": min(1.0, min(each) * len(each))}
    if prior.dim > 1:
        found["independence of coordinates"] = _uncorrelated(left, right)
    return found | {"independence of draws": _uncorrelated(left[:-1], left[1:])}


def _of_pairs(prior: Prior, z: Floats) -> dict[str, float]:
    """The cosine c between two draws of an isotropic prior: (1 + c) / 2 ~ Beta((d - 1) / 2, (d - 1) / 2)."""
    if prior.radius is None or prior.dim == 1:
        return {}
    from scipy.stats import beta, kstest

    flat = z.reshape(len(z), -1)[: len(z) // 2 * 2]
    directions = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    cosines = (directions[::2] * directions[1::2]).sum(axis=1)
    half = (prior.dim - 1) / 2
    return {"angle between draws": float(kstest((1 + cosines) / 2, beta(half, half).cdf).pvalue)}


def projections_p_value(z: Floats, reference: Floats, rng: np.random.Generator) -> float:
    """Two samples have one law if all their projections have (Cramer and Wold); some directions are looked at.

    Args:
        z: latents, shape (n, *shape).
        reference: latents of the law wanted, independent of z, shape (m, *shape).
        rng: draws the directions.

    Returns:
        The least p-value, corrected for the number of directions.
    """
    from scipy.stats import ks_2samp

    directions = rng.standard_normal((VIEWS, reference[0].size))
    own, others = (directions @ sample.reshape(len(sample), -1).T for sample in (z, reference))
    return min(1.0, VIEWS * min(float(ks_2samp(*rows).pvalue) for rows in zip(own, others, strict=True)))


def _uncorrelated(left: Floats, right: Floats) -> float:
    """p-value of the correlation of ranks that are uniform; of independent ones it is N(0, 1 / n)."""
    from scipy.special import ndtr

    score = 12 * float(((left - 0.5) * (right - 0.5)).sum()) / left.size**0.5
    return float(2 * ndtr(-abs(score)))
