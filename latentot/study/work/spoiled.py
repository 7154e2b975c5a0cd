"""Draws of a prior that miss it by a known amount: what a comparison is able to see is measured on them."""

__all__ = ["CORRELATION", "MISSES", "SCALE", "SHIFT", "sizes_of", "spoiled", "widths_of"]

import numpy as np
from numpy.typing import NDArray

SHIFT, SCALE, CORRELATION = MISSES = ("shift", "scale", "correlation")
STEP = 3.0
"""Each size is three times the one before it: between them an excess grows as a power of the size."""
STEPS = 5

Floats = NDArray[np.float64]


def sizes_of(n: int, d: int, miss: str) -> tuple[float, ...]:
    """Sizes of a miss that are tried on n points of d numbers: one that chance hides, and up to 81 times as large.

    The first is 1 / sqrt(n), of a change of scale, which all numbers tell of, 1 / sqrt(n d). Correlations are
    a / sqrt(1 + a^2), a as shifts are, so that they stay below 1.

    >>> [round(a, 3) for a in sizes_of(2_500, 16, SHIFT)]
    [0.02, 0.06, 0.18, 0.54, 1.62]
    """
    sizes = [STEP**step / (n * d if miss == SCALE else n) ** 0.5 for step in range(STEPS)]
    return tuple(a / (1 + a * a) ** 0.5 if miss == CORRELATION else a for a in sizes)


def spoiled(z: Floats, miss: str, size: float, widths: Floats, rng: np.random.Generator) -> Floats | None:
    """Draws that miss their prior by so much; None where they have too few coordinates for it.

    shift: one coordinate is moved by `size` of its widths. scale: all are multiplied by 1 + size. correlation: the
    values of one coordinate are dealt anew, so that its ranks have a Gaussian copula of this correlation with those of
    another one, and its own law stays as it is. Coordinates are chosen at random among those that vary.

    Args:
        z: shape (n, *shape).
        miss: one of `MISSES`.
        size: how much.
        widths: of each coordinate, shape (d,).
        rng: chooses coordinates, and deals.
    """
    own = z.reshape(len(z), -1).copy()
    varying = rng.permutation(np.flatnonzero(widths > 0))
    if len(varying) < (2 if miss == CORRELATION else 1):
        return None
    one, *others = varying
    if miss in (SHIFT, SCALE):
        with np.errstate(over="ignore"):  # what is infinite then, metrics refuse
            if miss == SHIFT:
                own[:, one] += size * widths[one]
            else:
                own *= 1 + size
    else:
        mixed = size * _scores(own[:, others[0]], rng) + (1 - size**2) ** 0.5 * _scores(own[:, one], rng)
        own[np.argsort(mixed), one] = np.sort(own[:, one])
    return own.reshape(z.shape)


def widths_of(reference: Floats, moments: float) -> Floats:
    """Widths of coordinates, shape (d,): standard deviations, or half of interquartile ranges where there are none."""
    flat = reference.reshape(len(reference), -1)
    if moments > 2:
        largest = np.abs(flat).max(axis=0)
        unit = np.where(largest > 0, largest, 1)  # squares of what is huge overflow
        return np.asarray((flat / unit).std(axis=0) * unit)
    low, high = np.quantile(flat, [0.25, 0.75], axis=0)
    return np.asarray((high - low) / 2)


def _scores(x: Floats, rng: np.random.Generator) -> Floats:
    """Normal numbers in the order of some values, shape (n,)."""
    scores = np.empty(len(x))
    scores[np.argsort(x)] = np.sort(rng.standard_normal(len(x)))
    return scores
