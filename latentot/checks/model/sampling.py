"""Checks that what is drawn follows the declared prior, each draw on its own, and depends on the seed."""

__all__ = ["PRIOR_LAW", "PRIOR_SEED"]

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from latentot.checks.check import Check, Finding, failed, skipped
from latentot.checks.drawing import FALSE_ALARM, p_values_of, projections_p_value
from latentot.checks.model.case import Case, drawable

Floats = NDArray[np.float64]
Draw = Callable[[int, np.random.Generator], Floats]

DRAWS = 1_000
NUMBERS = 4_000_000
"""Draws are fewer where all of them would be more numbers than this."""


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
        found = p_values_of(prior, z)
        if who != _OF_PRIOR:
            found["law of its projections"] = projections_p_value(z, prior.sample(n, rng=others), directions)
        p_values |= {(who, law): p for law, p in found.items()}
    if not p_values:
        return skipped(f"{prior!r} has no laws in closed form to test its own draws against")
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
            return failed(f"{who} draws different latents for the same rng: take all random numbers from the rng given")
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


PRIOR_LAW = Check("prior-law", "draws follow the declared prior (false alarms: 0.1 %)", _prior_law)
PRIOR_SEED = Check("prior-seed", "draws depend on the rng given, and on nothing else", _prior_seed)
