"""The law of one number, estimated from a sample: smooth quantiles inside, fitted tails beyond it."""

__all__ = ["SampleLaw", "Tail"]

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.numerics.generalised_pareto import fitted_pareto
from latentot.numerics.rational_spline import RationalSpline
from latentot.numerics.special import Array, clip
from latentot.priors.law import Law
from latentot.priors.normal_law import NormalLaw

Floats = NDArray[np.float64]

NORMAL = NormalLaw()
KNOTS, FEWEST_KNOTS, POINTS_A_KNOT = 128, 16, 100
"""With few points many knots would follow their noise."""
OUTER = 25
"""Points beyond the outermost knot: with so many the share beyond is known within a fifth."""
TAIL, MIN_TAIL = 0.02, 50
"""Share of the sample, and least number of points, that a tail is fitted to."""
FEWEST = 60
LEAST, LARGEST = 1e-300, 600.0
"""Least positive number whose logarithm is taken, so that nothing overflows."""


class Tail(NamedTuple):
    """How a law continues beyond a normal score s_0: by x_0 + excess.

    With a positive shape k it is generalised Pareto, excess = scale ((q_0 / q)^k - 1) / k, q the probability beyond;
    else normal, excess = scale (|s| - |s_0|).
    """

    shape: float
    scale: float
    score: float
    log_q: float

    def excess(self, score: Array) -> Array:
        """Of scores beyond s_0, their signs taken off."""
        if self.shape <= 0:
            return self.scale * (score - self.score)
        grown = clip(self.shape * (self.log_q - NORMAL.log_sf(score)), None, LARGEST)
        return self.scale * array_namespace(score).expm1(grown) / self.shape

    def beyond(self, excess: Array) -> Array:
        """How far beyond s_0 the score of an excess is."""
        if self.shape <= 0:
            return excess / self.scale
        log_q = self.log_q - array_namespace(excess).log1p(excess * (self.shape / self.scale)) / self.shape
        return NORMAL.isf_log(log_q) - self.score

    def log_slope(self, score: Array) -> Array:
        """log of d excess / d score."""
        if self.shape <= 0:
            return 0 * score + math.log(self.scale)
        log_sf = NORMAL.log_sf(score)
        return math.log(self.scale) + self.shape * (self.log_q - log_sf) + NORMAL.log_pdf(score) - log_sf


@dataclass(frozen=True, eq=False, repr=False)
class SampleLaw(Law):
    """x = Q(s), s the normal score Phi^-1(F(x)): a smooth increasing curve through a sample's quantiles, and two tails.

    Knots lie evenly in s, to 25 points from either end. Beyond them the law goes on as a generalised Pareto law fitted
    to the outer 2 % of the sample, if its shape is positive, else as a normal law does, in proportion to the score: it
    never ends, so that numbers beyond the sample have a place. Its error is that of a sample: of F about 0.4 / sqrt(n).

    Args:
        n: numbers in the sample.
        curve: from normal scores to numbers.
        lower: the tail below the curve.
        upper: the tail above it.
        positive: the curve and the tails are of log x: x has no negative values, as a norm has none.

    >>> law = SampleLaw.of(np.random.default_rng(0).standard_normal(20_000))
    >>> law.cdf(np.array([0.0, 1.0])).round(2), law
    (array([0.5 , 0.84]), SampleLaw(20,000 numbers, tails: normal below, normal above))
    """

    n: int
    curve: RationalSpline
    lower: Tail
    upper: Tail
    positive: bool = False

    @classmethod
    def of(cls, sample: Floats, *, positive: bool = False) -> "SampleLaw":
        """The law of a sample of numbers.

        Args:
            sample: shape (n,).
            positive: whether they have no negative values.

        Raises:
            InputError: it has fewer than 60 numbers, or fewer than 2 different ones apart from its ends.
        """
        x, n = np.sort(np.asarray(sample, dtype=np.float64)), len(sample)
        x = np.log(np.maximum(x, LEAST)) if positive else x
        if n < FEWEST:
            raise InputError(f"a law is estimated from {FEWEST} samples or more, got {n}")
        end = float(NORMAL.isf(np.array(OUTER / n)))
        scores = np.linspace(-end, end, min(KNOTS, max(FEWEST_KNOTS, n // POINTS_A_KNOT)))
        values = np.quantile(x, NORMAL.cdf(scores), method="hazen")
        # Equal quantiles, as at atoms, become one, in the middle of their scores.
        kept, places = np.unique(values, return_inverse=True)
        if len(kept) < 2:
            raise InputError(f"no law is estimated from a sample that does not vary, got {kept[0]:g} {n} times")
        curve = RationalSpline.through(np.bincount(places, scores) / np.bincount(places), kept)
        outer = max(MIN_TAIL, int(TAIL * n))
        return cls(n, curve, _tail(-x[:outer][::-1], curve, 0, n), _tail(x[-outer:], curve, -1, n), positive)

    def __repr__(self) -> str:
        below, above = (
            "normal" if tail.shape <= 0 else f"generalised Pareto of shape {tail.shape:.2f}"
            for tail in (self.lower, self.upper)
        )
        of = " of the logarithm" if self.positive else ""
        return f"SampleLaw({self.n:,} numbers, tails{of}: {below} below, {above} above)"

    @property
    def moments(self) -> float:
        if self.positive:
            return math.inf if self.upper.shape <= 0 else 1 / self.upper.scale
        return 1 / max(self.lower.shape, self.upper.shape, 1e-300)

    @property
    def support(self) -> tuple[float, float]:
        return 0.0 if self.positive else -math.inf, math.inf

    @property
    def quartiles(self) -> tuple[float, float]:
        low, high = self.quantile(np.array([0.25, 0.75])).tolist()
        return low, high

    def score(self, x: Array) -> Array:
        """Normal scores of numbers."""
        low, high = (float(end) for end in self.curve.y[[0, -1]])
        x = array_namespace(x).log(clip(x, LEAST, None)) if self.positive else x
        inside = self.curve.inverse(clip(x, low, high))
        return inside + self.upper.beyond(clip(x - high, 0.0, None)) - self.lower.beyond(clip(low - x, 0.0, None))

    def at_score(self, score: Array) -> Array:
        """Numbers of normal scores."""
        low, high = self.lower.score, self.upper.score
        inside = self.curve(clip(score, -low, high))
        x = inside + self.upper.excess(clip(score, high, None)) - self.lower.excess(clip(-score, low, None))
        return array_namespace(x).exp(clip(x, None, LARGEST)) if self.positive else x

    def cdf(self, x: Array) -> Array:
        return NORMAL.cdf(self.score(x))

    def sf(self, x: Array) -> Array:
        return NORMAL.sf(self.score(x))

    def mid(self, x: Array) -> Array:
        return NORMAL.mid(self.score(x))

    def log_cdf(self, x: Array) -> Array:
        return NORMAL.log_cdf(self.score(x))

    def log_sf(self, x: Array) -> Array:
        return NORMAL.log_sf(self.score(x))

    def quantile(self, q: Array) -> Array:
        return self.at_score(NORMAL.quantile(q))

    def isf(self, q: Array) -> Array:
        return self.at_score(NORMAL.isf(q))

    def mid_inverse(self, c: Array) -> Array:
        return self.at_score(NORMAL.mid_inverse(c))

    def quantile_log(self, log_q: Array) -> Array:
        return self.at_score(NORMAL.quantile_log(log_q))

    def isf_log(self, log_q: Array) -> Array:
        return self.at_score(NORMAL.isf_log(log_q))

    def log_pdf(self, x: Array) -> Array:
        xp, score = array_namespace(x), self.score(x)
        low, high = self.lower.score, self.upper.score
        slope = xp.log(self.curve.slope(clip(score, -low, high)))
        slope = xp.where(score > high, self.upper.log_slope(clip(score, high, None)), slope)
        slope = xp.where(score < -low, self.lower.log_slope(clip(-score, low, None)), slope)
        density = NORMAL.log_pdf(score) - slope
        return density - xp.log(clip(x, LEAST, None)) if self.positive else density

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> Floats:
        drawn: Floats = self.at_score(rng.standard_normal(size))
        return drawn

    def center(self, x: Array) -> Array:
        return self.mid(x)

    def center_inverse(self, c: Array) -> Array:
        return self.mid_inverse(c)

    def period(self, x: Array, upper: Array) -> Array:
        return NORMAL.period(self.score(x), upper)

    def period_inverse(self, w: Array, upper: Array) -> Array:
        return self.at_score(NORMAL.period_inverse(w, upper))


def _tail(outer: Floats, curve: RationalSpline, end: int, n: int) -> Tail:
    """The tail of the outermost points, increasing outwards, beyond an end of the curve (0 the lower, -1 the upper)."""
    score, last = abs(float(curve.x[end])), abs(float(curve.slopes[end]))
    log_q = float(NORMAL.log_sf(np.array(score)))
    threshold, excess = outer[0], outer[1:] - outer[0]
    excess = excess[excess > 0]
    if len(excess) < OUTER:
        return Tail(0.0, last, score, log_q)
    shape, scale = fitted_pareto(excess)
    sign = 1 if end else -1
    if shape > 0:
        # Beyond a higher threshold the excess is Pareto again, of the same shape.
        return Tail(shape, scale + shape * max(0.0, sign * float(curve.y[end]) - threshold), score, log_q)
    from_scores = NORMAL.isf((np.arange(len(excess))[::-1] + 0.5) / n) - NORMAL.isf(np.array((len(outer) - 0.5) / n))
    return Tail(0.0, float(excess.mean() / from_scores.mean()), score, log_q)
