"""Judging transport maps: points held out of the fit, shared by all maps that are compared."""

__all__ = ["Split"]

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.metrics import drift
from latentot.transport.fitted import Fitted, Floats, Reached, Report, TransportMap

MAX_HELD_OUT = 10_000
CHANCE_PARTS = 4
TENTHS = 10
PROJECTIONS = 128


@dataclass(frozen=True, eq=False)
class Split:
    """Two samples in random order: their first rows are held out to judge maps by, maps are fitted on the others.

    By default a tenth is held out, at most 10,000 points; of fewer than 10,000 points 1,000 or a fifth; of fewer than
    10 none.

    Args:
        source: points of the law to carry, shape (n, d).
        target: points of the law wanted, shape (m, d).
        seed: of the directions, which are the same for all maps judged by one split.
        asked: points of each to hold out.
    """

    source: Floats
    target: Floats
    seed: int
    asked: int | None = None
    _chance: list[float] = field(default_factory=list, init=False, repr=False)
    _unit: list[float] = field(default_factory=list, init=False, repr=False)

    @classmethod
    def of(cls, source: Floats, target: Floats, rng: np.random.Generator, held_out: int | None = None) -> "Split":
        """Shuffle two samples, as float64: rows may be ordered, and the first would then not be representative."""
        source, target = (np.asarray(z, dtype=np.float64)[rng.permutation(len(z))] for z in (source, target))
        return cls(source, target, int(rng.integers(2**63)), held_out)

    def reduced(self, max_points: int) -> "Split":
        """The same samples, of each the first rows only: all that is fitted and judged takes less time."""
        return Split(self.source[:max_points], self.target[:max_points], self.seed, self.asked)

    @property
    def held_out(self) -> tuple[Floats, Floats]:
        """Points of source and target to judge by, equally many."""
        return self.source[: self._n_held_out], self.target[: self._n_held_out]

    def fitting(self, max_points: int | None) -> tuple[Floats, Floats]:
        """Points of source and target to fit on.

        Args:
            max_points: points of each at most (None: all).

        Raises:
            InputError: fewer than two are asked for.
        """
        if max_points is not None and max_points < 2:
            raise InputError(f"a transport is fitted on at least 2 points, got max_points={max_points}")
        chosen = slice(self._n_held_out, None if max_points is None else self._n_held_out + max_points)
        return self.source[chosen], self.target[chosen]

    def judged(self, carry: TransportMap, n_fitted: int, limit: str = "") -> Fitted:
        """A map that was fitted on points of `fitting`, with its report.

        Args:
            carry: the map.
            n_fitted: points of the source that it was fitted on.
            limit: what limits its error; the number of fitted points by default.
        """
        seen = min(n_fitted, self._n_held_out or MAX_HELD_OUT)
        in_sample = self._reached(carry, *(z[:seen] for z in self.fitting(None)))
        report = Report(n_fitted, in_sample, self._reached(carry, *self.held_out), self._drift_by_chance(), limit)
        return Fitted(carry, report, self.source.shape[1])

    def without_each(self, carry: TransportMap) -> NDArray[np.float64]:
        """Squared drift of a map on the held-out points without a tenth of them, for each tenth, in units of chance.

        Three squared W2, divided by their mean for other points of the target: along random directions, of
        coordinates, and of the norms about the target's mean. In many dimensions nearly every random projection is
        nearly normal, whatever the coordinates are, and however norms vary from cluster to cluster. Tenths and
        directions are the same for all maps, so that the differences between two maps tell how certain their order is
        (jackknife).

        Returns:
            Shape (10, 3).
        """
        if not self._unit:
            chances = [float(self._squared(part).mean()) for part in self._others]
            self._unit.append(max(float(np.mean(chances)), float(np.finfo(float).tiny)) if chances else 1.0)
        return self._squared(carry(self.held_out[0])) / self._unit[0]

    def _squared(self, carried: Floats) -> NDArray[np.float64]:
        """Squared W2 along random directions, of coordinates and of norms, without each tenth, shape (10, 3)."""
        target = self.held_out[1]
        d = target.shape[1]
        random = np.random.default_rng(self.seed).standard_normal((PROJECTIONS, d))
        directions = np.concatenate([random / np.linalg.norm(random, axis=1, keepdims=True), np.eye(d)])
        # Centred, so that points far from 0 keep their digits.
        along, mean = directions.astype(np.float32), target.mean(axis=0)
        before, after = (
            np.concatenate([along @ (z - mean).astype(np.float32).T, np.linalg.norm(z - mean, axis=1)[None]])
            for z in (carried, target)
        )
        # Sorted once: a sorted sample stays sorted without a tenth of it.
        (before, first), (after, second) = (_in_order(projections) for projections in (before, after))
        squared, rows = np.empty((TENTHS, 3)), len(directions) + 1
        for tenth in range(TENTHS):
            left, right = (each[of != tenth].reshape(rows, -1) for each, of in ((before, first), (after, second)))
            w2 = np.square(left - right).mean(axis=1)
            squared[tenth] = w2[:PROJECTIONS].mean(), w2[PROJECTIONS:-1].mean(), w2[-1]
        return squared

    @property
    def _others(self) -> list[Floats]:
        """Points of the target that maps may have been fitted on, as many in each part as are held out."""
        n, others = self._n_held_out, self.fitting(None)[1]
        return [others[i * n : (i + 1) * n] for i in range(min(CHANCE_PARTS, len(others) // n))] if n else []

    @property
    def _n_held_out(self) -> int:
        given = min(len(self.source), len(self.target))
        n = min(
            MAX_HELD_OUT, max(given // 10, min(1_000, given // 5)) if self.asked is None else self.asked, given // 2
        )
        return n if n >= 2 else 0

    def _reached(self, carry: TransportMap, source: Floats, target: Floats) -> Reached:
        n = min(len(source), len(target))
        if n < 2:
            return Reached(np.nan, np.nan, n)
        carried = carry(source[:n])
        judge = drift("sliced-wasserstein").against(target[:n], rng=self.seed)
        return Reached(judge(carried).value, float(np.square(carried - source[:n]).sum(axis=1).mean()), n)

    def _drift_by_chance(self) -> float:
        if not self._chance:
            parts = self._others
            judge = drift("sliced-wasserstein").against(self.held_out[1], rng=self.seed) if parts else None
            self._chance.append(float(np.mean([judge(part).value for part in parts])) if judge else np.nan)
        return self._chance[0]


def _in_order(projections: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Rows sorted, and which tenth each number is of."""
    order = np.argsort(projections, axis=1)
    return np.take_along_axis(projections, order, axis=1), order % TENTHS
