"""Entropic transport: a smooth map, the mean of several that are fitted on subsets, less most of its own blur."""

__all__ = ["EntropicMean", "Sinkhorn"]

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.transport.blur import least_error
from latentot.transport.calibration import Chain, calibrated
from latentot.transport.entropic import EntropicMap, fitted_entropic_map, mean_cost
from latentot.transport.fitted import Fitted, Floats, TransportMap
from latentot.transport.judging import Split
from latentot.transport.transport import Transport

EPSILONS = tuple(0.32 / 2**k for k in range(9))
"""Shares of the mean cost that are tried: of 10,000s of points of Mix3toMix10 the least error lies at 0.3 to 1 %, of
2,000 points and a smooth map in 24 coordinates at 8 % or more."""
UNTRIED = 0.01
"""The share where too few points are held out to try any, or there is no time."""
TRIED = 2_000
"""Points of each sample, for each of the two maps by which an epsilon is tried."""
RATE = 2 / 3
"""Noise falls with so great a power of the points of a map: from 2,000 to 12,000 by .66 in 4 coordinates of
Mix3toMix10, by .65 in 16."""
OVERLAPPING = 2
"""Maps of subsets are as good as so many times the independent ones that the points would make: eight maps of 8,000 of
18,000 points, in 16 coordinates of Mix3toMix10, as 3.4 or more."""
TRYING = 1 / 3
"""Of the seconds that there are, the share after which no further epsilon is tried."""
QUIET = 2e-4
"""Noise of a mean of maps, as a share of the target's variance, below which more maps gain nothing."""
MAX_APART = 2_000
"""Points that the last affine map is fitted on, apart from those of the entropic maps."""
TELLING = 200
"""With fewer held-out points one epsilon cannot be told from another."""


Subset = tuple[Floats, Floats, Floats]
"""Points of the source, others of it, points of the target."""


@dataclass(frozen=True, eq=False, repr=False)
class Debiased(TransportMap):
    """T(z) - share (S(z) - z): the displacement by the map S from the source to itself, which is blur, is taken off T.

    Args:
        onto: T, from the source to the target.
        itself: S, from the source to other points of it, of the same epsilon.
        share: how much is taken off.
    """

    onto: EntropicMap
    itself: EntropicMap
    share: float

    def __call__(self, z: Array) -> Array:
        if not self.share:
            return self.onto(z)
        return self.onto(z) - self.share * (self.itself(z) - z)


@dataclass(frozen=True, eq=False, repr=False)
class EntropicMean(TransportMap):
    """The mean of maps that were fitted on different subsets."""

    maps: tuple[Debiased, ...]

    def __call__(self, z: Array) -> Array:
        return sum(carry(z) for carry in self.maps) / len(self.maps)


@dataclass(frozen=True)
class Sinkhorn(Transport):
    """The mean of entropic maps of subsets, each less a share of its own blur, and a last affine map.

    Each map is the conditional mean of an entropic plan between at most `max_points` of each sample, and serves unseen
    points by the same formula (`EntropicMap`). Its error has two parts. Blur pulls points together and falls with
    epsilon: half of what the map from the source to itself moves is taken off (`Debiased`). Noise falls with points,
    and with the mean over maps of different subsets, so that epsilon may be small: on Mix3toMix10 in 16 coordinates
    (8,000 of 18,000 points each) 8.6 % of the target's variance for one map, 5.0 % for eight. Means have less spread
    than their points; an affine map fitted on points apart brings mean and covariance back (`calibrated`).

    Args:
        max_points: points of each sample that one map is fitted on; at most two thirds of what there is.
        epsilon: regularisation, as a share of the mean squared distance between source and target with their means
            at one place. None: of 32, 16, 8, ... and 0.125 % the one of the least blur and noise, by maps of at most
            2,000 points (`least_error`).
        maps: how many maps are averaged at most; fewer where their mean has no noise left on points that none has seen.
        share: how much of the self-map's displacement is taken off; all of it adds more noise than it removes blur.
        tolerance: how far the plan's target weights may be from equal (mean relative error).
        iterations: how many times both potentials are updated at most.
        seconds: no further map is started after so many seconds (None: all are fitted). The fit then depends on the
            speed of the machine.
    """

    name: ClassVar[str] = "sinkhorn"
    citation: ClassVar[str] = (
        "Cuturi: Sinkhorn distances. NeurIPS 2013; Pooladian, Niles-Weed: Entropic estimation of optimal transport "
        "maps. 2021, arXiv:2109.12004; Pooladian, Cuturi, Niles-Weed: Debiaser beware. ICML 2022, arXiv:2202.08919"
    )

    max_points: int | None = 8_000
    epsilon: float | None = None
    maps: int = 8
    share: float = 0.5
    tolerance: float = 0.05
    iterations: int = 2_000
    seconds: float | None = None

    def __post_init__(self) -> None:
        for what in ("epsilon", "maps", "tolerance", "iterations", "seconds"):
            value = getattr(self, what)
            if value is not None and not value > 0:
                raise InputError(f"{what} of a sinkhorn transport is positive, got {value!r}")
        if not 0 <= self.share <= 1:
            raise InputError(f"the share of a sinkhorn transport lies in [0, 1], got {self.share!r}")

    def _fit(self, split: Split, rng: np.random.Generator) -> Fitted:
        began = time.monotonic()
        split.fitting(self.max_points)
        x, y = split.fitting(None)
        apart = min(MAX_APART, len(x) // 6)
        aside, x = x[:apart], x[apart:]
        subsets = self._subsets(x, y, rng)
        unseen, variance = np.concatenate([aside, split.held_out[0]]), float(y.var(axis=0).sum())
        epsilon, first = self._first(next(subsets), self._epsilon(x, y, unseen, began))
        maps, carried = [first], [first(unseen)]
        for subset in subsets:
            if len(maps) >= self.maps or _noise(carried) < QUIET * variance or self._spent(began):
                break
            maps.append(self._map(subset, epsilon))
            carried.append(maps[-1](unseen))
        mean = EntropicMean(tuple(maps))
        limit = f"{len(x) + apart:,} points, {len(maps)} maps of epsilon {epsilon:.3g}"
        if len(unseen) and len(maps) > 1 and variance > 0:
            limit += f", whose mean has noise of {_noise(carried) / variance:.2g} of the target's variance"
        if not apart:
            return split.judged(mean, len(x), limit)
        on_average = np.mean(carried, axis=0)
        last = calibrated(aside, on_average[:apart], split.fitting(None)[0], y)
        fitted = split.judged(Chain((mean, last)), len(x) + apart, limit)
        return replace(fitted, map=Chain((mean, calibrated(unseen, on_average, split.source, split.target))))

    def _spent(self, began: float, share: float = 1.0) -> bool:
        return self.seconds is not None and time.monotonic() - began > share * self.seconds

    def _sizes(self, x: Floats, y: Floats) -> tuple[int, int]:
        """Points of source and target of each map."""
        n, m = (min(self.max_points or len(z), max(1, 2 * len(z) // 3)) for z in (x, y))
        return n, m

    def _subsets(self, x: Floats, y: Floats, rng: np.random.Generator) -> Iterator[Subset]:
        """Points of the source, others of it, points of the target; a sample is gone through before it repeats."""
        n, m = self._sizes(x, y)
        while True:
            sources, targets = (z[rng.permutation(len(z))] for z in (x, y))
            taken = max(1, min(len(x) // (2 * n), len(y) // m))
            for i in range(taken):
                own = sources[2 * n * i : 2 * n * (i + 1)]
                yield own[:n], own[n:] if len(own) > n else own[:n], targets[m * i : m * (i + 1)]

    def _epsilon(self, x: Floats, y: Floats, unseen: Floats, began: float) -> float:
        """What was asked for, or what two small maps choose, where there are points enough to tell."""
        cost = mean_cost(x, y) or 1.0
        if self.epsilon or len(unseen) < TELLING or self._spent(began, TRYING):
            return (self.epsilon or UNTRIED) * cost
        n, points = min(TRIED, len(x) // 4, len(y) // 2), min(self._sizes(x, y))
        averaged = max(1.0, min(self.maps, OVERLAPPING * min(len(x), len(y)) / points))

        def fit(subset: Subset, epsilon: float) -> TransportMap:
            carry = self._map(subset, epsilon)
            return Chain((carry, calibrated(unseen, carry(unseen), x, y)))

        return least_error(
            fit,
            ((x[:n], x[n : 2 * n], y[:n]), (x[2 * n : 3 * n], x[3 * n : 4 * n], y[n : 2 * n])),
            [share * cost for share in EPSILONS],
            unseen,
            left=(n / points) ** RATE / averaged,
            spent=lambda: self._spent(began, TRYING),
        )

    def _first(self, subset: Subset, epsilon: float) -> tuple[float, Debiased]:
        """The first map, and the epsilon at which it converges: of more points than were tried a greater one may."""
        for _ in EPSILONS:
            try:
                return epsilon, self._map(subset, epsilon)
            except InputError:
                if self.epsilon:
                    raise
                epsilon *= 2
        return epsilon, self._map(subset, epsilon)

    def _map(self, subset: Subset, epsilon: float) -> Debiased:
        x, others, y = subset
        settings = {"tolerance": self.tolerance, "rounds": self.iterations}
        onto = fitted_entropic_map(x, y, epsilon, **settings)  # type: ignore[arg-type]
        itself = fitted_entropic_map(x, others, epsilon, **settings) if self.share else onto  # type: ignore[arg-type]
        return Debiased(onto, itself, self.share)


def _noise(carried: Sequence[Floats]) -> float:
    """Mean squared distance of a mean of maps from that of infinitely many; infinite of one map, or without points."""
    if len(carried) < 2 or not len(carried[0]):
        return np.inf
    return float(np.var(carried, axis=0, ddof=1).sum(axis=1).mean()) / len(carried)
