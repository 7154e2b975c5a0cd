"""Whether data were learned by heart: how near the nearest training data are, by themselves and beside their own kind.

The reference is the features of the training data. C_T, which also asks how near held-out data are, is in `copying`.

>>> import latentot as lot
>>> trained = lot.Normal(4).sample(300, rng=0)
>>> lot.judge("authenticity")(trained, trained, rng=0).value
0.0
"""

__all__ = ["Authenticity", "NearestTraining"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from latentot.judges.judgement import Floats, Judge, Judgement, Judging
from latentot.judges.neighbours import Cloud, nearest, radii


@dataclass(frozen=True, repr=False)
class NearestTraining(Judge):
    """Mean distance to the nearest training data: 0 for copies, and large for data that look like none.

    References:
        Meehan, Chaudhuri, Dasgupta: A non-parametric test to detect data-copying. AISTATS 2020, arXiv:2004.05675
    """

    name: ClassVar[str] = "nearest-training"
    title: ClassVar[str] = "mean distance to the nearest training data"
    formula: ClassVar[str] = "(1/n) sum_i min_j |x_i - r_j|, r the training data"
    unit: ClassVar[str] = "feature units"
    better: ClassVar[str] = "neither"
    citation: ClassVar[str] = (
        "Meehan, Chaudhuri, Dasgupta: A non-parametric test to detect data-copying in generative models. AISTATS 2020, "
        "arXiv:2004.05675"
    )
    points: ClassVar[str] = "data"
    min_points: ClassVar[int] = 1

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        cloud = Cloud.of(reference)

        def judging(data: Floats) -> Judgement:
            each = nearest(Cloud.of(data, cloud), cloud, 1)[0][:, 0]
            value, n = float(each.mean()), len(each)
            return Judgement(value, value, n, each, float(each.std(ddof=1)) / n**0.5 if n > 1 else float("nan"))

        return judging


@dataclass(frozen=True, repr=False)
class Authenticity(Judge):
    """Share of the data that are farther from the nearest training point than that is from its nearest other one.

    0 for copies; somewhat above 1/2 for other draws of the same law. The distance to compare with is that of the
    training point which is nearest, not of the datum.

    References:
        Alaa et al.: How faithful is your synthetic data? ICML 2022, arXiv:2102.08921
    """

    name: ClassVar[str] = "authenticity"
    title: ClassVar[str] = "share of the data that are no near copies of training data"
    formula: ClassVar[str] = (
        "(1/n) sum_i 1[|x_i - r_j| > min_{l != j} |r_l - r_j|], r_j the training point nearest to x_i"
    )
    unit: ClassVar[str] = "share"
    better: ClassVar[str] = "higher"
    citation: ClassVar[str] = (
        "Alaa et al.: How faithful is your synthetic data? Sample-level metrics for evaluating and auditing generative "
        "models. ICML 2022, arXiv:2102.08921"
    )
    points: ClassVar[str] = "data"

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        cloud = Cloud.of(reference)
        own = radii(cloud, 1)

        def judging(data: Floats) -> Judgement:
            distances, which = nearest(Cloud.of(data, cloud), cloud, 1)
            authentic = (distances[:, 0] > own[which[:, 0]]).astype(np.float64)
            value = float(authentic.mean())
            return Judgement(value, value, len(data), authentic)

        return judging
