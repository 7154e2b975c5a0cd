"""Checks of laws: each that an interpolation claims on a prior is tested there."""

__all__ = ["CLAIMS", "LAW_CHECKS"]

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.checks.check import Check, Finding, failed, skipped
from latentot.checks.drawing import FALSE_ALARM, p_values_of, projections_p_value
from latentot.checks.interpolation.case import Case
from latentot.errors import InputError
from latentot.paths.laws import CONTINUITY, DISTRIBUTION, LAWS, PERMUTATION, ROTATION, SELF_CONSISTENCY, SYMMETRY

Floats = NDArray[np.float64]

DRAWS = 20_000
NUMBERS = 4_000_000
"""Pairs are fewer where all of them would be more numbers than this."""
DIGITS = 1e-7
"""How far points may be from where a law has them, as a share of their endpoints: half of the digits."""


def _claims(case: Case) -> Finding | None:
    unknown = sorted(case.claims - set(LAWS))
    if unknown:
        return failed(f"it claims {', '.join(map(repr, unknown))}, which is not one of the laws: {', '.join(LAWS)}")
    return None


def _close(points: Floats, wanted: Floats, *ends: Floats) -> bool:
    size = 1 + sum(np.abs(z).max(axis=tuple(range(1, z.ndim)), keepdims=True) for z in ends)
    return bool((np.abs(points - wanted) <= DIGITS * size).all())


def _symmetry(case: Case) -> str | None:
    z0, z1 = case.pairs
    if _close(case.walk(z0, z1, 0.3), case.walk(z1, z0, 0.7), z0, z1):
        return None
    return "path(z0, z1, 0.3) and path(z1, z0, 0.7) differ"


def _self_consistency(case: Case) -> str | None:
    z0, z1 = case.pairs
    try:
        between = case.walk(case.walk(z0, z1, 0.2), case.walk(z0, z1, 0.6), 0.5)
    except InputError:
        return "points on the way leave the prior's support, so that no path starts there"
    if _close(between, case.walk(z0, z1, 0.4), z0, z1):
        return None
    return "the point at 0.5 between those at 0.2 and 0.6 is not the point at 0.4"


def _permutation(case: Case) -> str | None:
    z0, z1 = (z.reshape(len(z), -1) for z in case.pairs)
    order = np.random.default_rng(case.seed).permutation(z0.shape[1])
    shape = (-1, *case.prior.shape)
    permuted = case.walk(z0[:, order].reshape(shape), z1[:, order].reshape(shape), 0.3).reshape(z0.shape)
    plain = case.walk(*case.pairs, 0.3).reshape(z0.shape)
    return None if _close(permuted, plain[:, order], z0, z1) else "permuted endpoints give other points, not permuted"


def _rotation(case: Case) -> str | None:
    from scipy.stats import ortho_group

    if case.prior.dim == 1:
        return None
    z0, z1 = (_within(case, z.reshape(len(z), -1)) for z in case.pairs)
    turn = ortho_group(case.prior.dim, seed=case.seed).rvs()
    shape = (-1, *case.prior.shape)
    turned = case.walk((z0 @ turn).reshape(shape), (z1 @ turn).reshape(shape), 0.3).reshape(z0.shape)
    plain = case.walk(z0.reshape(shape), z1.reshape(shape), 0.3).reshape(z0.shape)
    return None if _close(turned, plain @ turn, z0, z1) else "rotated endpoints give other points, not rotated"


def _within(case: Case, z: Floats) -> Floats:
    """Endpoints that stay in the prior's support when they are rotated."""
    if case.prior.marginal is None:
        return z
    reach = float(np.min(np.abs(case.prior.marginal.support)))
    return z if not np.isfinite(reach) else z * min(1.0, 0.9 * reach / float(np.linalg.norm(z, axis=1).max()))


def _distribution(case: Case) -> str | None:
    prior, p_values = case.prior, dict[str, float]()
    z0, z1 = case.drawn(min(DRAWS, max(500, NUMBERS // prior.dim)))
    for number, t in enumerate((0.1, 0.25, 0.5)):
        points = case.walk(z0, z1, t).astype(np.float64)
        outside = int(prior.outside(points).sum())
        if outside:
            return f"{outside} of {len(points)} points at t = {t:g} are outside the support of {prior!r}"
        fresh, along = (np.random.default_rng([case.seed, number, purpose]) for purpose in (1, 2))
        found = p_values_of(prior, points)
        found["law of its projections"] = projections_p_value(points, prior.sample(len(points), rng=fresh), along)
        p_values |= {f"{law} at t = {t:g}": p for law, p in found.items()}
    law, least = min(p_values.items(), key=lambda item: item[1])
    corrected = min(1.0, least * len(p_values))
    if corrected >= FALSE_ALARM:
        return None
    return f"{len(z0)} points do not follow {prior!r}: {law}, p = {corrected:.1g} corrected for {len(p_values)} tests"


def _continuity(case: Case) -> str | None:
    """Bisect towards the largest step on walks through the inputs: where it does not vanish there is a jump."""
    (a, b), (c, _) = case.drawn(2), case.pairs
    z0, z1, other = a[:1], b[:1], c[:1]
    walks: dict[str, Callable[[float], Floats]] = {
        "t": lambda s: case.walk(z0, z1, 0.05 + 0.9 * s),
        "z1": lambda s: case.walk(z0, _between(case, z1, other, s), 0.5),
        "z0": lambda s: case.walk(_between(case, z0, other, s), z1, 0.5),
    }
    jumping = [name for name, walk in walks.items() if not _steps_vanish(walk)]
    return f"points jump as {' and '.join(jumping)} moves a little" if jumping else None


def _between(case: Case, start: Floats, end: Floats, s: float) -> Floats:
    """On a walk through the prior's support: a straight line, brought back to the sphere where that is all of it."""
    z = (1 - s) * start + s * end
    radius = case.prior.radius
    if radius is not None and radius.support[0] == radius.support[1]:
        return z * radius.support[0] / np.sqrt((z * z).sum(axis=tuple(range(1, z.ndim)), keepdims=True))
    return z


def _steps_vanish(walk: Callable[[float], Floats]) -> bool:
    grid = np.linspace(0, 1, 9)
    values = [walk(s) for s in grid]
    k = int(np.argmax([np.abs(b - a).max() for a, b in itertools.pairwise(values)]))
    low, high = (grid[k], values[k]), (grid[k + 1], values[k + 1])
    for _ in range(12):
        middle = (low[0] + high[0]) / 2, walk((low[0] + high[0]) / 2)
        left, right = (np.abs(middle[1] - end[1]).max() for end in (low, high))
        low, high = (low, middle) if left > right else (middle, high)
    # A step of 3e-5 of the walk moves a point by less than this, unless it jumps.
    return bool(np.abs(high[1] - low[1]).max() <= 1e-2 * (1 + np.abs(low[1]).max()))


_TESTS: dict[str, Callable[[Case], str | None]] = {
    SYMMETRY: _symmetry,
    CONTINUITY: _continuity,
    DISTRIBUTION: _distribution,
    SELF_CONSISTENCY: _self_consistency,
    ROTATION: _rotation,
    PERMUTATION: _permutation,
}


def _tested(law: str, case: Case) -> Finding | None:
    if law not in case.claims:
        return skipped("it does not claim so on this prior")
    broken = _TESTS[law](case)
    return failed(f"it claims {law}, but {broken}: fix it, or do not claim {law}") if broken else None


def _check(law: str, what: str) -> Check[Any]:
    return Check(law.replace(" ", "-"), f"{what}, if it claims so", functools.partial(_tested, law))


CLAIMS = Check("claims", "what it claims are laws that can be tested", _claims)
LAW_CHECKS = tuple(_check(law, what) for law, what in LAWS.items())
