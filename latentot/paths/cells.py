"""Intervals of the real line, each with a linear or logarithmic coordinate."""

__all__ = ["LEAST", "Cells", "anchored"]

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GEOMETRIC = 4.0
"""Where the ends' distances from the anchor have a greater ratio, the coordinate is the logarithm of the distance."""
LEAST = 1e-300
"""Least distance from an anchor."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Intervals with a coordinate from -1 to 1 each: linear, or the logarithm of the distance from an anchor.

    Args:
        low: where each begins.
        high: where each ends.
        anchor: a point not inside, about which a function may be singular.
        grain: distances from the anchor that are less than this are rounding.

    >>> cells = Cells(np.array([1.0]), np.array([100.0]), np.array([0.0]), np.array([0.0]))
    >>> cells.place(np.array([-1.0, 0.0, 1.0]))
    array([[  1.,  10., 100.]])
    """

    low: Floats
    high: Floats
    anchor: Floats
    grain: Floats

    @functools.cached_property
    def log_ratio(self) -> Floats:
        """Logarithm of the ratio of the distances of both ends from the anchor; 0 where the coordinate is linear."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio = np.log((self.high - self.anchor) / (self.low - self.anchor))
        return np.where(np.isfinite(ratio) & (np.abs(ratio) > math.log(GEOMETRIC)), ratio, 0.0)

    @functools.cached_property
    def spacing(self) -> Floats:
        """The distance between neighbouring floating-point numbers."""
        return np.maximum(np.spacing(np.maximum(np.abs(self.low), np.abs(self.high))), self.grain)

    def take(self, rows: Any) -> "Cells":
        """Some of them."""
        return Cells(self.low[rows], self.high[rows], self.anchor[rows], self.grain[rows])

    def scaled(self, weight: float) -> "Cells":
        """The cells of weight x, in rising order."""
        low, high, anchor, grain = self.low * weight, self.high * weight, self.anchor * weight, self.grain * abs(weight)
        if weight > 0:
            return Cells(low, high, anchor, grain)
        return Cells(high[::-1], low[::-1], anchor[::-1], grain[::-1])

    def coordinate(self, x: Floats) -> Floats:
        """The coordinates of numbers of each cell, shape (cells, m)."""
        low = self.low[:, None]
        share = (np.clip(x, low, self.high[:, None]) - low) / (self.high[:, None] - low)
        curved = np.flatnonzero(self.log_ratio)
        if len(curved):
            anchor = self.anchor[curved, None]
            with np.errstate(over="ignore"):
                distance = (x[curved] - anchor) / (low[curved] - anchor)
            share[curved] = np.log(np.maximum(distance, LEAST)) / self.log_ratio[curved, None]
        return np.clip(2 * share - 1, -1, 1)

    def place(self, coordinate: Floats) -> Floats:
        """The numbers of each cell with these coordinates, shape (m,) or (cells, m)."""
        low, high = self.low[:, None], self.high[:, None]
        share = (1 + coordinate) / 2
        x = low + (high - low) * share
        curved = np.flatnonzero(self.log_ratio)
        if len(curved):
            anchor = self.anchor[curved, None]
            growth = np.exp(self.log_ratio[curved, None] * np.broadcast_to(share, x.shape)[curved])
            x[curved] = anchor + (low[curved] - anchor) * growth
        return np.clip(x, low, high)

    def middle(self, scale: float) -> Floats:
        """Where to divide each: half-way, or nearer to an anchor at which it begins or ends, each time by more."""
        width = self.high - self.low
        halved = self.place(np.zeros(1))[:, 0]
        # Towards an anchor a length l becomes l^2 / 100 units, and from far away its root.
        relative = width / scale
        near = scale * np.where(relative < 100, relative * np.minimum(relative, 1) / 100, np.sqrt(relative))
        near = near + 4 * np.maximum(np.spacing(np.abs(self.anchor)), self.grain) + LEAST
        halved = np.where(self.low == self.anchor, self.low + near, halved)
        return np.where(self.high == self.anchor, self.high - near, halved)


def anchored(low: Floats, high: Floats, anchors: Floats, grains: Floats) -> Cells:
    """Cells with the nearest of some anchors each."""
    distance = np.minimum(np.abs(low[:, None] - anchors), np.abs(high[:, None] - anchors))
    nearest = np.argmin(distance, axis=1)
    return Cells(low, high, anchors[nearest], grains[nearest])
