"""The smooth parts of Student's t law as polynomials, computed once for each number of degrees of freedom."""

__all__ = ["StudentTCurves", "student_t_curves"]

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.priors.polynomial import Polynomial

Wide = NDArray[np.longdouble]

PI = np.arccos(np.longdouble(-1))
LOG_4 = np.log(np.longdouble(4))
GREATEST_LOG = 710.0
STEP = np.longdouble(0.025)
STEPS = [np.float64] * 25 + [np.longdouble] * 2
"""Newton steps, more than enough for every df: first in double precision, ten times as fast, then in extended."""


@dataclass(frozen=True)
class StudentTCurves:
    """What `StudentTLaw` evaluates.

    Args:
        upper_quartile: the x with F(x) = 3/4.
        density: the density at 0.
        offset: x goes through 1 / (x + offset), which brings the line's end to 0.
        mills: (x + 3/4) (1 + x^2 / df)^((df - 1) / 2) (1 - F(x)) in 1 / (x + offset).
        center: (F(x) - 1/2) / a in a^2, a = arctan(x / sqrt(df)).
        center_inverse: x / c in c^2, c = F(x) - 1/2.
        slope: log(x / upper_quartile) / log(w / 4) in 1 / (sqrt(log w) + offset), w = 1 / (1 - F(x)).
    """

    upper_quartile: float
    density: float
    offset: float
    mills: Polynomial
    center: Polynomial
    center_inverse: Polynomial
    slope: Polynomial


@functools.lru_cache(maxsize=32)
def student_t_curves(df: float) -> StudentTCurves:
    """Fit the curves.

    With tan a = x / sqrt(df) and b = pi/2 - a: F(x) - 1/2 = k integral of cos^(df - 1) from 0 to a, and
    1 - F(x) = k integral of sin^(df - 1) from 0 to b, each by double exponential quadrature in extended precision
    where the machine has it.
    """
    root = np.sqrt(np.longdouble(df))
    k = 1 / (2 * _integral_of_power(np.asarray([PI / 2]), df)[0])

    def mills(x: Wide) -> Wide:
        return k * _integral_of_power(np.arctan2(root, x), df)

    def mid(a: Wide) -> Wide:
        y, weight = _nodes(a.dtype)
        return k * a * (np.cos(np.multiply.outer(a, y)) ** (df - 1) @ weight)

    def at_mid(c: Wide) -> Wide:
        # F - 1/2 is concave or convex in a, whichever side of df = 1: Newton's method converges.
        a = np.minimum(c / k, PI / 4)
        for dtype in STEPS:
            step = (c - mid(a.astype(dtype))) / (k * np.cos(a) ** (df - 1))
            a = np.clip(a + step, a / 2, (a + PI / 2) / 2)
        return root * np.tan(a)

    quartile = at_mid(np.asarray([np.longdouble(0.25)]))[0]

    def log_x(log_w: Wide) -> Wide:
        # -log(1 - F) is convex in log x: after one step Newton's method decreases to it. Beyond e^100 x = sqrt(df) / b.
        log_x = np.log(quartile) + (log_w - LOG_4)
        for dtype in STEPS:
            beyond = np.maximum(log_x - 100, 0)
            b = np.arctan2(root, np.exp(log_x - beyond)).astype(dtype)
            integral = _integral_of_power(b, df)
            log_sf = (df - 1) * (np.log(np.sin(b)) - beyond) + np.log(k * integral) - beyond
            log_x = log_x + (log_w + log_sf) * 2 * integral / np.sin(2 * b)
        return log_x

    offset = float(min(5.0, 1.5 * math.sqrt(df) + 0.5))
    root4 = np.sqrt(LOG_4)
    return StudentTCurves(
        upper_quartile=float(quartile),
        density=float(k / root),
        offset=offset,
        mills=Polynomial.fit(
            lambda v: (1 / v - offset + 0.75) * mills(1 / v - offset), 0, 1 / (float(quartile) + offset), degree=30
        ),
        center=Polynomial.fit(
            lambda y: mid(np.sqrt(y)) / np.sqrt(y), 0, float(np.arctan2(quartile, root) ** 2), degree=24
        ),
        center_inverse=Polynomial.fit(lambda y: at_mid(np.sqrt(y)) / np.sqrt(y), 0, 1 / 16, degree=18),
        slope=Polynomial.fit(
            lambda v: (log_x((1 / v - offset) ** 2) - np.log(quartile)) / ((1 / v - offset) ** 2 - LOG_4),
            1 / (math.sqrt(GREATEST_LOG) + offset),
            float(1 / (root4 + offset)),
            degree=30,
        ),
    )


def _integral_of_power(b: Wide, df: float) -> Wide:
    """Integral of (sin s / sin b)^(df - 1) over s from 0 to b."""
    y, weight = _nodes(b.dtype)
    s = np.multiply.outer(b, y)
    return b * ((np.sin(s) / np.sin(b)[:, None]) ** (df - 1) @ weight)


@functools.lru_cache(maxsize=2)
def _nodes(dtype: Any) -> tuple[Wide, Wide]:
    """Nodes and weights on [0, 1] of the double exponential rule, y = 1 / (1 + exp(-pi sinh u))."""
    u = np.arange(-220, 221, dtype=np.longdouble) * STEP
    y = 1 / (1 + np.exp(-PI * np.sinh(u)))
    weight = STEP * PI * np.cosh(u) * y / (1 + np.exp(PI * np.sinh(u)))
    return y.astype(dtype), weight.astype(dtype)
