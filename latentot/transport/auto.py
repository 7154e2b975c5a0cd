"""Automatic transport: the plainest candidate that none beats on points that it has not seen."""

__all__ = ["Auto", "Chosen"]

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.transport.exact import Exact
from latentot.transport.fitted import Fitted, Floats, Report, TransportMap
from latentot.transport.gaussian import Gaussian
from latentot.transport.judging import Split
from latentot.transport.marginal import Marginal
from latentot.transport.radial import Radial
from latentot.transport.sinkhorn import Sinkhorn
from latentot.transport.sliced import ENOUGH, START, Sliced, drift_and_chance
from latentot.transport.transport import Transport

MIN_POINTS = 20
MAX_TRIED = 40_000
SURE, SURER = 2.0, 3.0
"""How many standard errors one map's drift must exceed another's: in the mean of three, or in one of them."""
ALIKE = 1.05
NEAR = 2.0
"""Squared drift on held-out points that counts as near chance, in units of chance: the noise of a fit may double it."""
UNFITTED = 1.05
"""Limit of squared drift along random directions, in units of chance, for maps that do not fit those directions."""
MANY, MAX_LOOKED_AT = 4_000, 20_000
"""Points that decide whether a map has reached chance: at least, and at most."""
PLAIN = (Radial, Marginal, Gaussian)
"""Gradients of convex functions: where they carry one law onto another, they do so optimally (Brenier)."""


@dataclass(frozen=True, eq=False, repr=False)
class Chosen(TransportMap):
    """The map of the candidate that was chosen.

    Args:
        map: the chosen map.
        choice: the name of the chosen candidate.
        reason: why this one, in one line.
        reports: what each candidate reaches.
    """

    map: TransportMap
    choice: str
    reason: str
    reports: Mapping[str, Report]

    def __repr__(self) -> str:
        return f"Chosen({self.choice!r}, {self.map!r})"

    def __call__(self, z: Array) -> Array:
        return self.map(z)


@dataclass(frozen=True, repr=False)
class Auto(Transport):
    """Fits every candidate, judges all on the same held-out points, keeps the plainest that none beats.

    They are judged by squared W2 over random directions, over the coordinates and of the norms. One lies above another
    beyond noise where the mean does by more than two standard errors of their difference, or one of the three by more
    than three, by the jackknife over tenths of the points held out (`Split.without_each`). Then, in this order:

    1. Candidates that lie above the lowest one beyond noise are dropped. So are plain maps that are beyond chance on
       the points that they were fitted on, where these are 4,000 or more, unless no other candidate is left.
    2. Candidates that displace points by over 5 % more than the least of the rest are dropped.
    3. Of what remains the first in the order of `candidates` is kept. Near equals are decided by that order, not by
       chance, so that maps at nearby t are of one kind.

    They are tried on at most 40,000 points of each sample; the one kept is then fitted on all.

    Where a plain map (radial, marginal, gaussian) is at chance on its own points, and near chance on others, only the
    other plain maps are still fitted: as the gradient of a convex function it is optimal. `exact` is not fitted where
    another comes so near. A candidate that does not converge, or does not fit into memory, is left out.
    `Chosen.reason` says so.

    With fewer than 100 points of each sample candidates cannot be told apart: only the first is fitted, and kept.

    Args:
        candidates: transports to choose from, the plainest first.
    """

    name: ClassVar[str] = "auto"
    citation: ClassVar[str] = "latentot"

    candidates: tuple[Transport, ...] = (Radial(), Marginal(), Gaussian(), Sinkhorn(maps=4), Sliced(), Exact())

    def __repr__(self) -> str:
        return f"Auto({', '.join(candidate.name for candidate in self.candidates)})"

    def __post_init__(self) -> None:
        if len({candidate.name for candidate in self.candidates}) < max(1, len(self.candidates)):
            raise InputError("auto chooses from one or more transports of different names")

    def _fit(self, split: Split, rng: np.random.Generator) -> Fitted:
        trial = split.reduced(MAX_TRIED)
        tellable = len(trial.held_out[0]) >= MIN_POINTS
        fitted, drifts, failed, off = _each_fitted(self.candidates[: None if tellable else 1], trial, rng)
        choice, reason = next(iter(fitted)), "the first candidate: too few points to hold out enough to tell any apart"
        if tellable:
            displacement = {name: one.report.held_out.displacement for name, one in fitted.items()}
            choice, reason = _choice(drifts, displacement, off)
        reason += "".join(f"; {name} was not fitted: {why}" for name, why in failed.items())
        chosen = next(one for one in self.candidates if one.name == choice)
        best = fitted[choice] if len(split.source) <= MAX_TRIED else chosen._fit(split, rng)
        reports = {name: one.report for name, one in fitted.items()}
        return replace(best, map=Chosen(best.map, choice, reason, reports))


def _each_fitted(
    candidates: tuple[Transport, ...], split: Split, rng: np.random.Generator
) -> tuple[dict[str, Fitted], dict[str, Floats], dict[str, str], frozenset[str]]:
    """Fitted candidates by name, their drifts without each tenth, why others failed, which are beyond chance."""
    fitted, drifts, failed = dict[str, Fitted](), dict[str, Floats](), dict[str, str]()
    optimal, off = "", set[str]()
    for one in candidates:
        if optimal and not isinstance(one, PLAIN):
            failed[one.name] = f"{optimal} reaches chance, so is optimal as the gradient of a convex function"
            continue
        near = [name for name, drift in drifts.items() if drift.mean() < NEAR]
        if near and isinstance(one, Exact):
            failed[one.name] = f"{near[0]} comes near chance, where the noise of a matching does not"
            continue
        try:
            fitted[one.name] = one._fit(split, rng)
            if len(split.held_out[0]) >= MIN_POINTS:
                drifts[one.name] = split.without_each(fitted[one.name].map)
        except (InputError, MemoryError) as error:
            failed[one.name] = str(error) or "out of memory"
            continue
        if isinstance(one, PLAIN) and one.name in drifts:
            reaches = _at_chance(one, fitted[one.name], split)
            optimal = optimal or (one.name if reaches and drifts[one.name].mean() <= NEAR else "")
            off |= {one.name} if reaches is False else set()
    if not fitted:
        raise InputError("auto could fit no candidate: " + "; ".join(f"{name}: {why}" for name, why in failed.items()))
    return fitted, drifts, failed, frozenset(off)


def _at_chance(one: Transport, fitted: Fitted, split: Split) -> bool | None:
    """Whether a plain map is at chance on the points that it was fitted on; None where there are few of them.

    There are many more of them than held-out points, so they show smaller drifts: along random directions, where a
    Gaussian map has itself fitted half of chance, of the coordinates, and of the norms.
    """
    source, target = split.fitting(MAX_LOOKED_AT)
    n = min(len(source), len(target))
    if n < MANY:
        return None
    carried, target = fitted.map(source[:n]), target[:n]
    rng = np.random.default_rng(split.seed)
    drift, chance = drift_and_chance(carried, target, rng)
    of_coordinates, by_chance = drift_and_chance(carried, target, rng, np.eye(target.shape[1]))
    norms = [np.linalg.norm(z - target.mean(axis=0), axis=1)[:, None] for z in (carried, target)]
    of_norms, norms_by_chance = drift_and_chance(norms[0], norms[1], rng, np.eye(1))
    return (
        drift <= (ENOUGH - START if isinstance(one, Gaussian) else UNFITTED) * chance
        and of_coordinates <= ENOUGH * by_chance
        and of_norms <= NEAR * norms_by_chance
    )


def _choice(
    drifts: Mapping[str, Floats], displacement: Mapping[str, float], off: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """The name of the candidate to keep, and why: drift (root mean squared distance) and displacement of each.

    Candidates that are beyond chance on their own points are kept only where no other is as good on held-out points.
    """
    best = min(drifts, key=lambda name: drifts[name].mean())
    unbeaten = [name for name, drift in drifts.items() if not _is_above(drift, drifts[best])]
    seen = [name for name in unbeaten if name in off and not off.issuperset(unbeaten)]
    unbeaten = [name for name in unbeaten if name not in seen]
    least = min(displacement[name] for name in unbeaten)
    kept = [name for name in unbeaten if displacement[name] <= ALIKE * least]
    beaten = [name for name in drifts if name not in {*unbeaten, *seen}]

    def listed(names: list[str]) -> str:
        return ", ".join(f"{name} {drifts[name].mean() ** 0.5:.3g} / {displacement[name]:.3g}" for name in names)

    reason = (
        f"{kept[0]} is the plainest of those that drift least held out (x chance / displacement: {listed(unbeaten)})"
    )
    if len(kept) < len(unbeaten):
        reason += f" and displace least ({', '.join(kept)})"
    reason += f"; beyond chance on its own points: {listed(seen)}" if seen else ""
    return kept[0], reason + (f"; worse beyond noise: {listed(beaten)}" if beaten else "")


def _is_above(drift: Floats, other: Floats) -> bool:
    """Whether one lies above another beyond noise, by the jackknife: in the mean of three, or in one of them."""
    parts = drift - other
    mean = parts.mean(axis=1)

    def errors(difference: Floats) -> Floats:
        spread = np.sqrt(len(difference) - 1) * difference.std(axis=0)
        return difference.mean(axis=0) / np.maximum(spread, np.finfo(float).tiny)

    return bool(errors(mean) > SURE or (errors(parts) > SURER).any())
