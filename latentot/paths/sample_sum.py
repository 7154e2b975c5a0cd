"""The law of a weighted sum of numbers of a law that is estimated from samples, by quadrature over normal scores."""

__all__ = ["sample_sum"]

import functools

import numpy as np
from numpy.typing import NDArray

from latentot.numerics.rational_spline import RationalSpline
from latentot.priors.normal_law import NormalLaw
from latentot.priors.sample_law import SampleLaw, Tail

Floats = NDArray[np.float64]

NORMAL = NormalLaw()
NODES = np.linspace(-8, 8, 641)
"""Scores of one term that are summed over: for smooth integrands the trapezoid rule is exact to rounding."""
SHARES = np.exp(NORMAL.log_pdf(NODES)) / np.exp(NORMAL.log_pdf(NODES)).sum()
AT = np.linspace(-6, 6, 97)
"""Scores of both terms whose sums are tabulated first."""
WIDE, HALVINGS, STEP = 0.1, 20, 1e-3
"""Wider intervals of scores are halved, at most so often; and the least distance of scores in the table."""


@functools.lru_cache(maxsize=4_096)
def sample_sum(law: SampleLaw, weights: tuple[float, ...]) -> SampleLaw:
    """The law of sum of w_i x_i, for independent x_i of one law: as a curve over normal scores.

    F(v) = sum of p_k F_last((v - u_k) / w), u_k quantiles of the terms before, in the order of falling |w|.

    Args:
        law: the law of each x_i.
        weights: the w_i, none of them 0.

    >>> law = SampleLaw.of(np.random.default_rng(0).standard_normal(20_000))
    >>> bool(abs(sample_sum(law, (0.6, 0.8)).cdf(np.array([1.0])) - law.cdf(np.array([1.0])))[0] < 0.005)
    True
    """
    *before, last = sorted(weights, key=abs, reverse=True)
    if not before:
        return _scaled(law, last)
    term, own = sample_sum(law, tuple(before)), _scaled(law, last)
    u = term.at_score(NODES)

    def scores_of(v: Floats) -> Floats:
        rest = (v[:, None] - u).reshape(-1)
        lower, upper = own.cdf(rest).reshape(len(v), -1) @ SHARES, own.sf(rest).reshape(len(v), -1) @ SHARES
        below, above = NORMAL.quantile(np.minimum(lower, 0.5)), NORMAL.isf(np.minimum(upper, 0.5))
        scores: Floats = np.asarray(np.where(lower < upper, below, above))
        return scores

    v = np.unique(term.at_score(AT) + own.at_score(AT))
    scores = scores_of(v)
    # Where the terms have gaps, sums may have mass that is far from sums of equal quantiles.
    for _ in range(HALVINGS):
        wide = np.flatnonzero(np.diff(scores) > WIDE)
        if not len(wide):
            break
        between = (v[wide] + v[wide + 1]) / 2
        v, scores = np.insert(v, wide + 1, between), np.insert(scores, wide + 1, scores_of(between))
    kept = [0]
    for i in range(1, len(v)):
        if scores[i] > scores[kept[-1]] + STEP and v[i] > v[kept[-1]]:
            kept.append(i)
    curve = RationalSpline.through(scores[kept], v[kept])
    heaviest = max(law.lower.shape, law.upper.shape)
    return SampleLaw(law.n, curve, _tail(curve, 0, heaviest), _tail(curve, -1, heaviest))


def _tail(curve: RationalSpline, end: int, shape: float) -> Tail:
    """The tail beyond an end of a curve: as heavy as the heaviest of the terms', and with the curve's slope."""
    score, slope = np.abs(curve.x[[end]]), float(curve.slopes[end])
    log_q = float(NORMAL.log_sf(score)[0])
    hazard = float(np.exp(NORMAL.log_pdf(score)[0] - log_q))
    return Tail(shape, slope / hazard if shape > 0 else slope, float(score[0]), log_q)


def _scaled(law: SampleLaw, weight: float) -> SampleLaw:
    """The law of w x."""
    curve, size = law.curve, abs(weight)
    lower, upper = (tail._replace(scale=tail.scale * size) for tail in (law.lower, law.upper))
    if weight > 0:
        return SampleLaw(law.n, RationalSpline(curve.x, curve.y * size, curve.slopes * size), lower, upper)
    turned = RationalSpline(-curve.x[::-1], -curve.y[::-1] * size, curve.slopes[::-1] * size)
    return SampleLaw(law.n, turned, upper, lower)
