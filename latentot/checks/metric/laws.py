"""Checks of behaviour: how values answer to order, scale and shift, to chance, and to a drift that is plain to see."""

__all__ = ["CHANCE", "ORDER", "SCALED", "SHIFTED", "SHRUNK"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.checks.check import Check, Finding, failed, skipped
from latentot.checks.metric.case import Case
from latentot.errors import InputError
from latentot.priors import Normal

Floats = NDArray[np.float64]

ORDERS = 12
ORDER_SDS = 7
"""Of 12 values of a normal law, a further one lies beyond 7 of their standard deviations with a chance of 4e-5."""
CHANCE_SDS = 10
"""Standard deviations that are no chance any more: of 20 values, a further one lies beyond ten with one of 1e-8."""
SEEN_SDS = 3
"""What is beyond all of 20 values and 3 of their standard deviations is seen; by chance it is so once in a hundred."""
ROUNDING = 1e-4
"""What rounding to single precision may leave of a value's digits, and a search that ends elsewhere for it."""
LITTLE = 0.5
"""What a metric gives by chance is at most this share of what half the size adds to it, or noise about 0."""
SCALE, SHIFT = 4.0, 8.0
"""Powers of two, so that points times this are exact."""


def _order(case: Case) -> Finding | None:
    z = case.points
    norms = np.linalg.norm(z, axis=1)
    orders = {"sorted by a coordinate": z[z[:, 0].argsort()], "sorted by their norms": z[norms.argsort()]}
    for what, arranged in orders.items():
        if found := _otherwise(case, arranged, what):
            return found
    if case.one_sample:
        return None
    near = case.reference[: len(z)] + 0.01 * case.drawn(len(z), 4)
    return _otherwise(case, near, "each near the point of the reference in the same place")


def _otherwise(case: Case, arranged: Floats, what: str) -> Finding | None:
    """Whether points in an order have a value that the same points in random orders do not have."""
    rng = np.random.default_rng([case.seed, 5])
    judge = case.judge()
    shuffled = np.array([judge(arranged[rng.permutation(len(arranged))]).value for _ in range(ORDERS)])
    value, spread = judge(arranged).value, float(shuffled.std(ddof=1))
    if abs(value - shuffled.mean()) <= ORDER_SDS * spread + ROUNDING * float(np.abs(shuffled).max()):
        return None
    return failed(
        f"it gives {value:.4g} for points {what}, and {shuffled.mean():.4g} +- {spread:.1g} for the same points in any "
        "other order: use all points alike, or choose some at random by rng"
    )


def _scaled(case: Case) -> Finding | None:
    if case.says_nothing:
        return skipped("a plain function says nothing of its unit")
    before = case.judge()(case.points).value
    reference = _moved(case, SCALE, 0.0)
    if reference is None:
        return skipped(f"{case.prior!r} times {SCALE:g} is not known")
    after, degree = case.judge(reference)(SCALE * case.points).value, case.metric.degree
    if abs(after - SCALE**degree * before) <= ROUNDING * SCALE**degree * abs(before):
        return None
    return failed(
        f"points and reference times {SCALE:g} have {after / before if before else np.inf:.4g} times the value, not "
        f"{SCALE:g}^{degree}: mend it, or set degree"
    )


def _shifted(case: Case) -> Finding | None:
    if case.says_nothing:
        return skipped("a plain function does not say where it measures from")
    if case.metric.origin:
        return skipped("it measures from the origin")
    before, reference = case.judge()(case.points).value, _moved(case, 1.0, SHIFT)
    if reference is None:
        return skipped(f"{case.prior!r} plus {SHIFT:g} has no law that the metric needs")
    after = case.judge(reference)(case.points + SHIFT).value
    if abs(after - before) <= ROUNDING * abs(before):
        return None
    return failed(
        f"points and reference plus {SHIFT:g} have the value {after:.4g} instead of {before:.4g}: mend it, or set "
        "origin = True"
    )


def _moved(case: Case, scale: float, shift: float) -> Any:
    """The reference times a number, plus a number; None where that is not known of a prior."""
    if not case.one_sample:
        return scale * case.reference + shift
    prior = case.prior
    if not isinstance(prior, Normal):
        return None
    moved = Normal(prior.shape, mean=scale * prior.mean + shift, scale=scale * prior.scale)
    try:
        case.metric.check(moved)
    except InputError:
        return None
    return moved


def _chance(case: Case) -> Finding | None:
    mean, spread = float(case.by_chance.mean()), float(case.by_chance.std(ddof=1))
    gain = _shrunk_value(case) - mean
    if abs(mean) <= max(CHANCE_SDS * spread, LITTLE * abs(gain)):
        return None
    return failed(
        f"between samples of one law it gives {mean:.4g} +- {spread:.1g}, and a sample of half the size adds only "
        f"{gain:.4g}: it must be near 0 where nothing drifts; take off what it gives there"
    )


def _shrunk(case: Case) -> Finding | None:
    mean, spread, seen = float(case.by_chance.mean()), float(case.by_chance.std(ddof=1)), _shrunk_value(case)
    if seen > max(mean + SEEN_SDS * spread, float(case.by_chance.max())):
        return None
    return failed(
        f"a sample of half the size has {seen:.4g}, and samples that have not drifted have {mean:.4g} +- {spread:.1g}: "
        "lower must be closer; if it is of something else, expect this failure, and compare with other metrics beside"
    )


def _shrunk_value(case: Case) -> float:
    return case.judge()(case.drawn(len(case.points), 6) / 2).value


ORDER = Check("order", "the order of points does not matter", _order)
SCALED = Check("scaled", "points and reference times a have a^degree times the value", _scaled)
SHIFTED = Check("shifted", "points and reference both moved have the same value, unless it is of the origin", _shifted)
CHANCE = Check("chance", "between samples of one law it is near 0", _chance)
SHRUNK = Check("shrunk", "a sample of half the size is seen", _shrunk)
