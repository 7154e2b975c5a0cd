"""Kernel Stein discrepancy: whether points follow the score of the prior."""

__all__ = ["KSD"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.metrics.frame import Frame
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.one_sample import OneSample
from latentot.metrics.options import at_least, positive
from latentot.metrics.score import score_of
from latentot.metrics.two_sample import subset
from latentot.numerics.points import Points, location
from latentot.priors import Prior

Floats = NDArray[np.float64]

DRAWS = 1_000
"""Draws of the prior that the width is taken from: their median distance errs by about 1 %."""
NUMBERS = 10_000_000
"""Most numbers drawn for it: in many dimensions all distances are nearly the same, and few draws will do."""
ROWS = 256
"""Rows a block: what is computed of them stays in the cache."""


@dataclass(frozen=True, repr=False)
class KSD(OneSample):
    """Kernel Stein discrepancy with an inverse multiquadric kernel, squared, unbiased and free of scale.

    KSD^2 = l^2 E h(z, z'), k(x, y) = (1 + |x - y|^2 / l^2)^(-1/2), s the gradient of the prior's log density,
    h(x, y) = s(x).s(y) k + s(x).grad_y k + s(y).grad_x k + sum_j d^2 k / dx_j dy_j,
    and l half the median distance of two draws of the prior. By Stein's identity its mean is 0 where nothing drifts (it
    can be negative); the raw value keeps h(z, z). It needs a prior of independent coordinates or an isotropic one, with
    a density on all of space: under bounded support the identity fails, and the prior is refused. It hardly sees how
    points are shared among modes far apart. Quadratic in the number of points.

    Args:
        width: l, in median distances of draws of the prior: at a half, changes of scale and correlations are seen
            better than at one (on N(0, I_2), N(0, I_8), Laplace, Student t), and shifts nearly as well.
        max_points: points that are used, chosen at random.

    References:
        Liu, Lee, Jordan: A kernelized Stein discrepancy for goodness-of-fit tests. ICML 2016, arXiv:1602.03253
        Gorham, Mackey: Measuring sample quality with kernels. ICML 2017, arXiv:1703.01717

    >>> import latentot as lot
    >>> prior = lot.Normal(8)
    >>> z = prior.sample(1000, rng=0)
    >>> lot.drift("ksd")(z / 2**0.5, prior, rng=0) > 0.3 > 0.01 > lot.drift("ksd")(z, prior, rng=0)
    True
    """

    name = "ksd"
    title = "squared kernel Stein discrepancy, unbiased"
    formula = "l^2 E h(z, z'), h the Stein kernel of (1 + |x - y|^2 / l^2)^(-1/2), l as the prior's median distance"
    unit = "squared scores, times l^2"
    citation = "Liu, Lee, Jordan: A kernelized Stein discrepancy for goodness-of-fit tests. ICML 2016, arXiv:1602.03253"
    min_points = 2
    needs = "score"

    width: float = 0.5
    max_points: int = 2_000

    def __post_init__(self) -> None:
        positive(self, "width")
        at_least(self, max_points=2)

    @property
    def cost(self) -> str:
        return f"O(k^2 d), k = min(n, {self.max_points})"

    @property
    def error(self) -> str:
        return f"{self.max_points:,} points, chosen at random; width from {DRAWS:,} draws of the prior"

    def _prepare(self, prior: Prior, rng: np.random.Generator) -> Judge:
        score, seed = score_of(prior), int(rng.integers(2**63))
        size = max(2, min(DRAWS, NUMBERS // prior.dim))
        draws = prior.sample(size, rng=rng).reshape(size, -1)
        frame = Frame.of(draws, np.float64)
        known = frame.put(draws)
        length = self.width * float(np.sqrt(np.median(_squares(known, known)[np.triu_indices(size, 1)])))

        def judge(z: Points) -> Measurement:
            chosen = subset(z, self.max_points, seed).astype(np.float64)
            n, d = chosen.shape
            # Both in units of l, so that h comes out times l^2.
            scores = score(chosen) * frame.unit * length
            apart = _between(frame.put(chosen) / length, scores)
            alone = float(np.square(scores).sum()) + n * d
            return Measurement(apart / (n * (n - 1)), (apart + alone) / n**2, n)

        return judge


def _squares(x: Points, y: Points) -> Points:
    """Squared distances of all pairs, shape (n, m)."""
    return np.maximum(np.vecdot(x, x)[:, None] + np.vecdot(y, y) - 2 * (x @ y.T), 0)


def _between(y: Points, scores: Points) -> float:
    """Sum of the Stein kernel over pairs of two different points: k s.s' + k^3 ((s - s').(y - y') + d - 3 u k^2)."""
    n, d = y.shape
    # Differences do not depend on the place; far from 0 their products would have no digits left.
    y, moved = y - location(y), scores - location(scores)
    own, found = np.vecdot(moved, y), 0.0
    for start in range(0, n, ROWS):
        rows = slice(start, start + ROWS)
        squares = _squares(y[rows], y)
        kernel = 1 / np.sqrt(1 + squares)
        slopes = own[rows, None] + own - moved[rows] @ y.T - y[rows] @ moved.T
        terms = (slopes + d - 3 * squares * np.square(kernel)) * kernel**2 + scores[rows] @ scores.T
        terms *= kernel
        terms[np.arange(len(terms)), np.arange(start, start + len(terms))] = 0
        found += float(terms.sum())
    return found
