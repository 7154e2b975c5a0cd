"""Classifier two-sample test: can a classifier tell the points from the reference?"""

__all__ = ["C2ST"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.options import at_least, positive
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.lengths import lengths
from latentot.numerics.points import Points, location

Floats = NDArray[np.float32]

TOLERANCE = 1e-4
"""Residual, relative to the labels, at which conjugate gradients stop: what they rank by is then exact to 1e-4."""
TINY = 1e-6
"""Kernels that vary less than this have no feature but rounding: float32 has seven digits."""
NARROW = 10
"""The Gaussian is exp(-10 |x - y|^2 / D^2), D the root mean square distance: a fifth of it wide, so that it sees modes
that neither means nor products show."""
COORDINATES, SQUARES, PRODUCTS, NORM, GAUSSIAN = 0.26, 0.13, 0.26, 0.09, 0.26
"""What the classifier expects of each kind of feature: a share for each of the many products would hide the norm."""


@dataclass(frozen=True, repr=False)
class C2ST(TwoSample):
    """Classifier two-sample test, P(c(z) > c(r)) - 1/2: can a classifier tell the points from the reference?

    The value is AUC - 1/2: the chance, beyond a half, that a classifier which was not trained on them ranks a point of
    z above a point of the reference: 0 where nothing drifts (by chance it can be negative), 1/2 where all are told
    apart. The classifier is a ridge regression on the coordinates, their squares and products, the distance from the
    middle and its square, and a Gaussian kernel a fifth of the root mean square distance wide. Each coordinate, and the
    distance, is the normal score of its rank in both samples together, and the middle is the median of both, so heavy
    tails do no harm. Each fold is ranked by a classifier trained on the others. Quadratic in the number of points.

    Args:
        folds: parts of the points, each ranked by what is trained on the others.
        ridge: that of a classifier which expects to explain 1 / ridge of the labels: drift hard to see is small. The
            kernel's trace is the number of points, so one ridge shrinks less the more points there are. Of ridges from
            2 to 2,000, 25 loses least in the worst of five drifts just large enough to be seen, at n = 100, 500 and
            1,500 alike, by 0.1, 0.3 and 0.4 null standard deviations of 1.3 to 3.6. Correlations ask for 5, changes of
            scale for more than 100; a choice by held-out folds costs correlations 0.6 at n = 1,500.
        max_points: points of each sample that are used, chosen at random.

    References:
        Lopez-Paz, Oquab: Revisiting classifier two-sample tests. ICLR 2017, arXiv:1610.06545

    >>> import latentot as lot
    >>> z, reference = lot.Normal(4).sample(500, rng=0) + 1, lot.Normal(4).sample(500, rng=1)
    >>> 0.35 < lot.drift("c2st")(z, reference, rng=0) < 0.5
    True
    """

    name = "c2st"
    title = "classifier two-sample test, AUC beyond a half"
    formula = "P(c(z) > c(r)) - 1/2, c a classifier that has not seen them"
    unit = "probability"
    citation = "Lopez-Paz, Oquab: Revisiting classifier two-sample tests. ICLR 2017, arXiv:1610.06545"

    folds: int = 5
    ridge: float = 25.0
    max_points: int = 2_000

    def __post_init__(self) -> None:
        positive(self, "ridge")
        at_least(self, folds=2)
        at_least(self, max_points=self.min_points)

    @property
    def min_points(self) -> int:
        return 2 * self.folds

    @property
    def cost(self) -> str:
        return f"O(k^2 d), k = min(n, {self.max_points})"

    @property
    def error(self) -> str:
        return f"{self.max_points:,} points of each sample, chosen at random; {self.folds} folds"

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        def judge(z: Points) -> Measurement:
            n = min(len(z), len(reference))
            both = np.concatenate([z[:n], reference[:n]])
            # The middle of both samples together, so that neither is nearer to it where nothing drifts.
            kernel = _kernel(_normal_scores(both), _normal_scores(lengths(both - location(both))[:, None]))
            labels = np.repeat(np.array([1, -1], np.float32), n)
            # Points of both samples are in random order, so each fold is random and has as many of either.
            folds = np.arange(2 * n) % n % self.folds
            drifted, known = np.split(_held_out(kernel, labels, folds, self.ridge), 2)
            areas = [_auc(drifted[i :: self.folds], known[i :: self.folds]) for i in range(self.folds)]
            value = float(np.mean(areas)) - 0.5
            return Measurement(value, value, n)

        return judge


def _normal_scores(x: Points) -> Floats:
    """Normal quantiles of the ranks within each column, ties at their middle, shape (N, d)."""
    columns = np.ascontiguousarray(x.T)
    ordered = np.sort(columns, axis=1)
    ranks = [np.searchsorted(o, c) + np.searchsorted(o, c, "right") for o, c in zip(ordered, columns, strict=True)]
    return ndtri(np.stack(ranks, axis=1) / (2 * len(x))).astype(np.float32)


def _kernel(scores: Floats, radius: Floats) -> Floats:
    """The kernel of all features, shape (N, N): mean 0 in each row, mean 1 on its diagonal."""
    norm = np.concatenate([radius, np.square(radius)], axis=1)
    coordinates = scores @ scores.T
    squares = np.square(scores) @ np.square(scores).T
    products = np.square(coordinates)
    products -= squares
    lengths = np.diag(coordinates)
    gaussian = 2 * coordinates
    gaussian -= lengths[:, None]
    gaussian -= lengths
    gaussian *= np.float32(NARROW / max(-float(gaussian.mean()), TINY))
    np.exp(gaussian, out=gaussian)
    total = _shared(norm @ norm.T, NORM)
    for part, share in ((coordinates, COORDINATES), (squares, SQUARES), (products, PRODUCTS), (gaussian, GAUSSIAN)):
        total += _shared(part, share)
    return total


def _shared(kernel: Floats, share: float) -> Floats:
    """A kernel with mean 0 in each row and its share as the mean of its diagonal, in place."""
    means = kernel.mean(axis=0)
    kernel -= means
    kernel -= (means - means.mean())[:, None]
    spread = float(np.trace(kernel)) / len(kernel)
    kernel *= np.float32(share / spread if spread > TINY else 0)
    return kernel


def _held_out(kernel: Floats, labels: Floats, folds: NDArray[np.intp], ridge: float) -> Floats:
    """Ridge regression of the labels, each fold's by the others: shape (N,).

    alpha = (K + ridge I)^-1 labels among the trained points, by conjugate gradients, of all folds at once.
    """
    trained = (folds[:, None] != np.arange(folds.max() + 1)).astype(np.float32)
    rest = labels[:, None] * trained
    alpha, towards, squared = np.zeros_like(rest), rest, np.square(rest).sum(axis=0)
    enough = TOLERANCE**2 * squared
    while (squared > enough).any():
        across = trained * (kernel @ towards) + ridge * towards
        step = squared / (towards * across).sum(axis=0)
        alpha, rest = alpha + step * towards, rest - step * across
        before, squared = squared, np.square(rest).sum(axis=0)
        towards = rest + squared / before * towards
    return (kernel @ alpha)[np.arange(len(folds)), folds]


def _auc(above: Floats, below: Floats) -> float:
    """The chance that one of `above` is larger than one of `below`, ties half."""
    known = np.sort(below)
    return float((np.searchsorted(known, above) + np.searchsorted(known, above, "right")).mean() / (2 * len(below)))
