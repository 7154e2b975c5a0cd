"""C_T: are generated data nearer to the training data than held-out data are?

In each cell of the space, distances to the nearest training point are ranked, those of generated beside those of
held-out data: Z is the normal score of the Mann-Whitney statistic, below 0 where generated ones are nearer. C_T is its
mean over cells, weighted by held-out data: about N(0, 1) or narrower where generated data are as held-out ones, far
below 0 for copies, far above for data that look like none.

>>> import latentot as lot
>>> trained, held_out = lot.Normal(4).sample(400, rng=0), lot.Normal(4).sample(300, rng=1)
>>> lot.judge("c-t", training=trained)(trained[:300] + 0.01, held_out, rng=0).value < -5
True
"""

__all__ = ["DataCopying"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.errors import InputError
from latentot.judges.judgement import FEATURES, Floats, Judge, Judgement, Judging
from latentot.judges.neighbours import Cloud, nearest

FEWEST = 20
"""Data of each kind that a cell needs: fewer have no normal score."""


@dataclass(frozen=True, eq=False, repr=False)
class DataCopying(Judge):
    """C_T, the test for data-copying; the reference is held-out data.

    Args:
        training: features of the training data, shape (l, k).
        cells: of k-means of the training data, in each of which copying is looked for.

    References:
        Meehan, Chaudhuri, Dasgupta: A non-parametric test to detect data-copying. AISTATS 2020, arXiv:2004.05675
    """

    name: ClassVar[str] = "c-t"
    title: ClassVar[str] = "C_T, whether data are nearer to training data than held-out data are"
    formula: ClassVar[str] = (
        "sum_c p_c Z_c / sum_c p_c, Z_c the Mann-Whitney score of distances to training data in cell c"
    )
    unit: ClassVar[str] = "standard deviations"
    better: ClassVar[str] = "neither"
    citation: ClassVar[str] = (
        "Meehan, Chaudhuri, Dasgupta: A non-parametric test to detect data-copying in generative models. AISTATS 2020, "
        "arXiv:2004.05675"
    )
    points: ClassVar[str] = "data"
    min_points: ClassVar[int] = FEWEST

    training: ArrayLike
    cells: int = 5

    def __post_init__(self) -> None:
        trained = self.checked(self.training, "training data", FEATURES)
        if not 1 <= self.cells <= len(trained):
            raise InputError(f"c-t has from 1 cell to one for each of {len(trained)} points, got {self.cells}")
        object.__setattr__(self, "training", trained)

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:
        trained = np.asarray(self.training)
        if trained.shape[1] != reference.shape[1]:
            raise InputError(f"training data have {trained.shape[1]} features, held-out data {reference.shape[1]}")
        cell_of = _cells(trained, self.cells, int(rng.integers(2**31)))
        cells = cell_of(trained)
        clouds = {c: Cloud.of(trained[cells == c]) for c in np.unique(cells)}

        def distances(x: Floats) -> tuple[NDArray[np.intp], Floats]:
            """The cell of each, and how far it is from the nearest training point there."""
            own, found = cell_of(x), np.empty(len(x))
            for c, cloud in clouds.items():
                if (own == c).any():
                    found[own == c] = nearest(Cloud.of(x[own == c], cloud), cloud, 1)[0][:, 0]
            return own, found

        known, known_distances = distances(reference)

        def judging(data: Floats) -> Judgement:
            own, found = distances(data)
            scores, weights, used = [], [], 0
            for c in clouds:
                ours, theirs = found[own == c], known_distances[known == c]
                if min(len(ours), len(theirs)) >= FEWEST:
                    scores.append(_score(ours, theirs))
                    weights.append(len(theirs))
                    used += len(ours)
            if not scores:
                raise InputError(f"c-t has no cell with {FEWEST} data of either kind: give more, or take fewer cells")
            value = float(np.average(scores, weights=weights))
            error = float(np.sqrt(np.square(weights).sum())) / sum(weights)
            return Judgement(value, value, used, found, error)

        return judging


def _cells(trained: Floats, cells: int, seed: int) -> "_Cells":
    from sklearn.cluster import KMeans

    if cells == 1:
        return _Cells(trained.mean(axis=0, dtype=np.float64)[None])
    return _Cells(KMeans(cells, n_init=3, random_state=seed).fit(trained.astype(np.float64)).cluster_centers_)


@dataclass(frozen=True)
class _Cells:
    """The nearest of some middles."""

    middles: Floats

    def __call__(self, x: Floats) -> NDArray[np.intp]:
        cloud = Cloud.of(self.middles)
        return nearest(Cloud.of(x, cloud), cloud, 1)[1][:, 0]


def _score(ours: Floats, theirs: Floats) -> float:
    """Normal score of the number of pairs in which ours is larger, ties half."""
    from scipy.stats import rankdata

    n, m = len(ours), len(theirs)
    ranks = rankdata(np.concatenate([ours, theirs]))
    larger = ranks[:n].sum() - n * (n + 1) / 2
    counts = np.unique(ranks, return_counts=True)[1].astype(np.float64)
    tied = (counts**3 - counts).sum() / ((n + m) * (n + m - 1))
    variance = n * m / 12 * (n + m + 1 - tied)
    return float((larger - n * m / 2) / np.sqrt(variance)) if variance > 0 else 0.0
