"""Sliced transport: many damped one-dimensional transports, composed, after a Gaussian start."""

__all__ = ["ENOUGH", "START", "Sliced", "drift_and_chance"]

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.transport.fitted import Fitted, Floats, TransportMap
from latentot.transport.gaussian import AffineMap
from latentot.transport.judging import Split
from latentot.transport.monotone import Monotone
from latentot.transport.placed import placed
from latentot.transport.transport import Transport

SCORED = 3_000
MAX_AT_ONCE = 8
SIGNIFICANT = 1.5
CHAINS = 2
ENOUGH = 1.2
START = 0.5
LOOKED_AT = 64
IDLE = 3
"""A chain ends after so many rounds in a row in which no direction drifts."""
HALVINGS = 4


@dataclass(frozen=True, eq=False, repr=False)
class Round(TransportMap):
    """z + step * sum_j (T_j(<z, v_j>) - <z, v_j>) v_j, for orthonormal directions v_j.

    Args:
        directions: one a column, shape (d, k).
        projections: the map along each direction.
        step: how much of the way is gone.
    """

    directions: Floats
    projections: tuple[Monotone, ...]
    step: float

    def __call__(self, z: Array) -> Array:
        xp, directions = array_namespace(z), placed(self.directions, z)
        along = directions.T @ z.T
        moved = xp.stack([carry(along[j, :]) for j, carry in enumerate(self.projections)])
        return z + self.step * ((moved - along).T @ directions.T)


@dataclass(frozen=True, eq=False, repr=False)
class Leg(TransportMap):
    """The mean of where chains of rounds carry a point, each from the same start."""

    chains: tuple[tuple[Round, ...], ...]

    def __call__(self, z: Array) -> Array:
        return sum(_through(chain, z) for chain in self.chains) / len(self.chains)


@dataclass(frozen=True, eq=False, repr=False)
class SlicedMap(TransportMap):
    """An affine map, then legs of one-dimensional transports."""

    start: AffineMap
    legs: tuple[Leg, ...]

    def __call__(self, z: Array) -> Array:
        return _through(self.legs, self.start(z))


@dataclass(frozen=True)
class Sliced(Transport):
    """The Gaussian map, then rounds z + step * sum_j (T_j(<z, v_j>) - <z, v_j>) v_j along directions that drift most.

    Each round scores random directions by squared W2 between the projections of the points carried so far and of the
    target, on 3,000 points of each, and makes the best (at most 8) orthonormal. T_j is the increasing map between two
    projections, kept as a few knots (`Monotone`, tails extrapolated). Directions whose squared W2 is below 1.5 times
    chance (two samples of one law) are left alone: to fit closer is to fit noise. There are no rounds at all where the
    mean over random directions after the Gaussian map is near chance, less the half of chance that this map has fitted.

    Rounds are grouped in legs. Two chains of rounds go through each leg apart, with directions of their own, and points
    go on from the mean of where both lead: what depends on a chain's choice of directions averages out, so that
    points move less in all and fresh ones arrive closer. Memory is linear in the points; the map keeps directions and
    knots, no points.

    Once rounds are judged, a last affine map fits mean and covariance to all points, those held out and those beyond
    `max_points` as well: the noise of these two is half of what the rounds add to chance. The report is without it.

    Args:
        max_points: points of each sample that rounds are fitted on (None: all); the Gaussian start is fitted on all.
        legs: how many legs at most.
        rounds: how many rounds a chain has in each leg at most.
        step: how much of the way each round goes, in (0, 1].
        candidates: random directions that each round chooses from.
        knots: knots of each one-dimensional map.
        ridge: of the Gaussian start, in squared latent units.
    """

    name: ClassVar[str] = "sliced"
    citation: ClassVar[str] = (
        "Pitié, Kokaram, Dahyot: Automated colour grading using colour distribution transfer. CVIU 2007; "
        "Meng et al.: Large-scale optimal transport map estimation using projection pursuit. NeurIPS 2019"
    )

    max_points: int | None = 20_000
    legs: int = 5
    rounds: int = 60
    step: float = 0.7
    candidates: int = 100
    knots: int = 32
    ridge: float = 1e-9

    def __post_init__(self) -> None:
        if not 0 < self.step <= 1:
            raise InputError(f"the step of a sliced transport lies in (0, 1], got {self.step!r}")
        for what, least in (("legs", 0), ("rounds", 1), ("candidates", 1), ("knots", 2)):
            if getattr(self, what) < least:
                raise InputError(f"a sliced transport has {what} >= {least}, got {getattr(self, what)!r}")

    def _fit(self, split: Split, rng: np.random.Generator) -> Fitted:
        start = AffineMap.between(*split.fitting(None), ridge=self.ridge)
        source, target = split.fitting(self.max_points)
        n = min(len(source), len(target))
        z, target, legs = start(source[:n]), target[:n], list[Leg]()
        # The start fits mean and variance of every projection of its points, which are half of squared W2 by chance.
        enough = ENOUGH - START * n / len(split.fitting(None)[0])
        drift, chance = drift_and_chance(z, target, rng)
        for _ in range(self.legs if drift > enough * chance else 0):
            leg = Leg(tuple(self._chain(z, target, rng) for _ in range(CHAINS)))
            if not any(leg.chains):
                break
            legs.append(leg)
            z = leg(z)
        fitted = split.judged(SlicedMap(start, tuple(legs)), n)
        if not legs:
            return fitted
        return replace(fitted, last=AffineMap.between(fitted.map(split.source), split.target, ridge=self.ridge))

    def _chain(self, z: Floats, target: Floats, rng: np.random.Generator) -> tuple[Round, ...]:
        chain: list[Round] = []
        idle = 0
        least = SIGNIFICANT * drift_and_chance(z, target, rng)[1]
        for _ in range(self.rounds):
            found = self._round(z, target, least, rng)
            idle = 0 if found else idle + 1
            if found:
                chain.append(found)
                z = found(z)
            elif idle == IDLE:
                break
        return tuple(chain)

    def _round(self, z: Floats, target: Floats, least: float, rng: np.random.Generator) -> Round | None:
        """The next round; None where no direction has a squared W2 above the least."""
        directions = self._directions(z, target, rng)
        before, after = (np.sort(directions.T @ points.T, axis=1) for points in (z, target))
        kept = np.flatnonzero(np.square(before - after).mean(axis=1) > least)
        if not len(kept):
            return None
        maps = tuple(Monotone.between_sorted(before[j], after[j], knots=self.knots) for j in kept)
        return Round(directions[:, kept], maps, self.step)

    def _directions(self, z: Floats, target: Floats, rng: np.random.Generator) -> Floats:
        """The candidates along which the samples differ most, made orthonormal; one a column."""
        candidates = _random_directions(self.candidates, z.shape[1], rng)
        n = min(SCORED, len(z))
        some, others = (points[rng.choice(len(points), n, replace=False)] for points in (z, target))
        projections = _projections(candidates, some, others)
        score = np.square(np.subtract(*(np.sort(each, axis=1) for each in projections))).mean(axis=1)
        best = np.argsort(-score)[: min(MAX_AT_ONCE, z.shape[1])]
        basis, _ = np.linalg.qr(candidates[best].T)
        return basis


def _through(maps: Iterable[TransportMap], z: Array) -> Array:
    for carry in maps:
        z = carry(z)
    return z


def drift_and_chance(
    z: Floats, target: Floats, rng: np.random.Generator, directions: Floats | None = None
) -> tuple[float, float]:
    """Mean squared W2 over directions, random ones if none are given, and its mean by chance."""
    directions = _random_directions(LOOKED_AT, z.shape[1], rng) if directions is None else directions
    before, after = _projections(directions, z, target)
    chance = float(np.mean([_chance(after, rng) for _ in range(HALVINGS)]))
    return float(np.square(np.sort(before, axis=1) - np.sort(after, axis=1)).mean()), chance


def _random_directions(n: int, d: int, rng: np.random.Generator) -> Floats:
    directions = rng.standard_normal((n, d))
    return directions / np.linalg.norm(directions, axis=1, keepdims=True)


def _projections(directions: Floats, z: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Projections of both about the mean of the target, shape (directions, n), in float32, which sorts faster.

    About 0, samples far from there would have no digits left.
    """
    along, mean = directions.astype(np.float32), target.mean(axis=0)
    before, after = (along @ (points - mean).astype(np.float32).T for points in (z, target))
    return before, after


def _chance(projections: Floats, rng: np.random.Generator) -> float:
    """Mean squared W2 of two samples of one law, n points each: half of that of the two halves of one sample."""
    half = projections.shape[1] // 2
    order = rng.permutation(projections.shape[1])
    halves = (np.sort(projections[:, chosen], axis=1) for chosen in (order[:half], order[half : 2 * half]))
    return float(np.square(np.subtract(*halves)).mean()) / 2
