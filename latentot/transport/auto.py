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
SURE = 2.0
ALIKE = 1.05
NEAR = 2.0
"""Squared drift held out, in units of chance, that is near it: a fit's own noise adds up to as much again."""
MANY, MAX_LOOKED_AT = 4_000, 20_000
"""Points that tell that a map has reached chance: fewer do not."""
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

    They are judged by squared W2 over random directions, over the coordinates and of the norms. One lies above
    another beyond noise where it does by more than two standard errors of their difference, by the jackknife over
    tenths of the points held out (`Split.without_each`). Then, in this order:

    1. Candidates that lie above the least one beyond noise are dropped.
    2. So are those that displace points by over 5 % more than the least of the rest.
    3. Of what remains the first in the order of `candidates` is kept. Near equals are decided by that order, not by
       chance, so that maps at nearby t are of one kind.

    They are tried on at most 40,000 points of each sample; the one kept is then fitted on all.

    Where a plain map (radial, marginal, gaussian) leaves half of chance on the 4,000 points or more that it was fitted
    on, and held out less than twice chance, no further candidate is fitted: as the gradient of a convex function it is
    optimal. Nor is `exact` where another comes so near. One that does not converge, or does not fit into memory, is
    left out. `Chosen.reason` says so.

    With fewer than 100 points of each sample nothing can be told apart: the first candidate is kept, no other fitted.

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

    def _learn(self, split: Split, rng: np.random.Generator) -> Fitted:
        trial = split.reduced(MAX_TRIED)
        tellable = len(trial.held_out[0]) >= MIN_POINTS
        fitted, drifts, failed = _each_fitted(self.candidates[: None if tellable else 1], trial, rng)
        choice, reason = next(iter(fitted)), "the first candidate: too few points to hold out enough to tell any apart"
        if tellable:
            choice, reason = _choice(drifts, {name: one.report.held_out.displacement for name, one in fitted.items()})
        reason += "".join(f"; {name} was not fitted: {why}" for name, why in failed.items())
        chosen = next(one for one in self.candidates if one.name == choice)
        best = fitted[choice] if len(split.source) <= MAX_TRIED else chosen._learn(split, rng)
        reports = {name: one.report for name, one in fitted.items()}
        return replace(best, map=Chosen(best.map, choice, reason, reports))


def _each_fitted(
    candidates: tuple[Transport, ...], split: Split, rng: np.random.Generator
) -> tuple[dict[str, Fitted], dict[str, Floats], dict[str, str]]:
    """What each candidate has learned, by name, its drift less each tenth, and why others have learned nothing."""
    fitted, drifts, failed = dict[str, Fitted](), dict[str, Floats](), dict[str, str]()
    optimal = ""
    for one in candidates:
        if optimal and not isinstance(one, PLAIN):
            failed[one.name] = f"{optimal} reaches chance, so is optimal as the gradient of a convex function"
            continue
        near = [name for name, drift in drifts.items() if drift.mean() < NEAR]
        if near and isinstance(one, Exact):
            failed[one.name] = f"{near[0]} comes near chance, where the noise of a matching does not"
            continue
        try:
            fitted[one.name] = one._learn(split, rng)
            if len(split.held_out[0]) >= MIN_POINTS:
                drifts[one.name] = split.without_each(fitted[one.name].map)
        except (InputError, MemoryError) as error:
            failed[one.name] = str(error) or "out of memory"
            continue
        if (
            isinstance(one, PLAIN)
            and one.name in drifts
            and not optimal
            and _at_chance(fitted[one.name], drifts[one.name], split)
        ):
            optimal = one.name
    if not fitted:
        raise InputError("auto could fit no candidate: " + "; ".join(f"{name}: {why}" for name, why in failed.items()))
    return fitted, drifts, failed


def _at_chance(fitted: Fitted, drifts: Floats, split: Split) -> bool:
    """Whether a plain map leaves of squared distance along random directions what it has itself fitted of chance.

    On the points that it was fitted on, which are many more than those held out and see smaller drifts. And whether
    those held out, of which norms and coordinates are looked at too, are near chance.
    """
    if drifts.mean() > NEAR:
        return False
    source, target = split.fitting(MAX_LOOKED_AT)
    n = min(len(source), len(target))
    if n < MANY:
        return False
    drift, chance = drift_and_chance(fitted.map(source[:n]), target[:n], np.random.default_rng(split.seed))
    return drift <= (ENOUGH - START) * chance


def _choice(drifts: Mapping[str, Floats], displacement: Mapping[str, float]) -> tuple[str, str]:
    """The name of the candidate to keep, and why: drift (root mean squared distance) and displacement of each."""
    best = min(drifts, key=lambda name: drifts[name].mean())
    unbeaten = [name for name, drift in drifts.items() if not _is_above(drift, drifts[best])]
    least = min(displacement[name] for name in unbeaten)
    kept = [name for name in unbeaten if displacement[name] <= ALIKE * least]
    beaten = [name for name in drifts if name not in unbeaten]

    def listed(names: list[str]) -> str:
        return ", ".join(f"{name} {drifts[name].mean() ** 0.5:.3g} / {displacement[name]:.3g}" for name in names)

    reason = (
        f"{kept[0]} is the plainest of those that drift least held out (x chance / displacement: {listed(unbeaten)})"
    )
    if len(kept) < len(unbeaten):
        reason += f" and displace least ({', '.join(kept)})"
    return kept[0], reason + (f"; worse beyond noise: {listed(beaten)}" if beaten else "")


def _is_above(drift: Floats, other: Floats) -> bool:
    """Whether one lies above another by more than two standard errors of their difference, by the jackknife."""
    difference = drift - other
    return bool(difference.mean() > SURE * np.sqrt(len(difference) - 1) * difference.std())
