"""Checks that what is drawn follows the declared prior, each draw on its own, and depends on the seed."""

__all__ = ["FALSE_ALARM", "PRIOR_LAW", "PRIOR_SEED"]

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from latentot.checks.check import Check, Finding, failed, skipped
from latentot.checks.model.case import Case, drawable
from latentot.drift import law_p_values
from latentot.priors import Prior

Floats = NDArray[np.float64]
Draw = Callable[[int, np.random.Generator], Floats]

FALSE_ALARM = 0.001
"""How often a model that is right is called wrong, all tests of one check together (Bonferroni)."""
DRAWS = 1_000
NUMBERS = 4_000_000
"""Draws are fewer where all of them would be more numbers than this."""
VIEWS = 32
"""Coordinates or directions that are looked at one by one."""


def _prior_law(case: Case) -> Finding | None:
    prior = case.model.prior
    n = drawable(prior, min(DRAWS, max(100, NUMBERS // prior.dim)))
    p_values: dict[tuple[str, str], float] = {}
    for k, (who, draw) in enumerate(_samplers(case).items()):
        own, others, directions = (np.random.default_rng([case.seed, k, stream]) for stream in (1, 2, 3))
        z = np.asarray(draw(n, own))
        if z.shape != (n, *prior.shape):
            return failed(f"{who} gives shape {z.shape} for {n} draws: return (n, *prior.shape), {(n, *prior.shape)}")
        if not np.isfinite(z).all():
            return failed(f"{who} gives values that are NaN or infinite: draw finite latents")
        outside = int(prior.outside(z).sum())
        if outside:
            return failed(f"{outside} of {n} latents of {who} are outside the support of {prior!r}: {_ADVICE}")
        found = law_p_values(prior, z) | _of_coordinates(prior, z) | _of_pairs(prior, z)
        if who != _OF_PRIOR:
            found["law of its projections"] = _of_projections(z, prior.sample(n, rng=others), directions)
        p_values |= {(who, law): p for law, p in found.items()}
    if not p_values:
        return skipped(f"{prior!r} has no laws in closed form to hold its own draws to")
    (who, law), least = min(p_values.items(), key=lambda item: item[1])
    corrected = min(1.0, least * len(p_values))
    if corrected < FALSE_ALARM:
        return failed(
            f"{n} draws of {who} do not follow {prior!r}: {law}, p = {corrected:.1g} corrected for {len(p_values)} "
            f"tests; {_ADVICE}"
        )
    return None


def _prior_seed(case: Case) -> Finding | None:
    for who, draw in _samplers(case).items():
        first, same, other = (draw(2, np.random.default_rng(seed)) for seed in (case.seed, case.seed, case.seed + 1))
        if not np.array_equal(first, same):
            return failed(f"{who} draws other latents for the same rng: take all random numbers from the rng given")
        if np.array_equal(first, other):
            return failed(f"{who} draws the same latents for another rng: take random numbers from the rng given")
    return None


_OF_PRIOR = "prior.sample"
_ADVICE = (
    "declare the prior that the model was trained with, or draw from the one declared (directions come from normal "
    "numbers; of uniform ones, rand, they fill the positive orthant only)"
)


def _samplers(case: Case) -> dict[str, Draw]:
    """What draws latents: the prior, and the model where it does so itself."""
    samplers: dict[str, Draw] = {_OF_PRIOR: lambda n, rng: case.model.prior.sample(n, rng=rng)}
    return samplers if case.model.sample is None else samplers | {"the model's sample": case.model.sample}


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


def _of_projections(z: Floats, reference: Floats, rng: np.random.Generator) -> float:
    """Two samples have one law if all their projections have (Cramer and Wold); some directions are looked at."""
    from scipy.stats import ks_2samp

    directions = rng.standard_normal((VIEWS, reference[0].size))
    own, others = (directions @ sample.reshape(len(sample), -1).T for sample in (z, reference))
    return min(1.0, VIEWS * min(float(ks_2samp(*rows).pvalue) for rows in zip(own, others, strict=True)))


def _uncorrelated(left: Floats, right: Floats) -> float:
    """p-value of the correlation of ranks that are uniform; of independent ones it is N(0, 1 / n)."""
    from scipy.special import ndtr

    score = 12 * float(((left - 0.5) * (right - 0.5)).sum()) / left.size**0.5
    return float(2 * ndtr(-abs(score)))


PRIOR_LAW = Check("prior-law", "draws follow the declared prior (false alarms: 0.1 %)", _prior_law)
PRIOR_SEED = Check("prior-seed", "draws depend on the rng given, and on nothing else", _prior_seed)
