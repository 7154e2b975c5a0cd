"""What a classifier says of data: how sure it is of each, how many classes there are, and the Inception score of both.

Of predictions p(y | x) the mean entropy is `quality` and the entropy of the mean is `diversity`; their difference is
the mutual information of data and class, and the Inception score its exponential. The score alone hides which of both
was lost.

>>> import latentot as lot
>>> sure = np.eye(4)
>>> [round(lot.judge(name)(sure, rng=0).value, 3) for name in ("quality", "diversity")]
[0.0, 1.386]
"""

__all__ = ["Diversity", "InceptionScore", "Quality"]

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.judges.judgement import PREDICTIONS, Floats, Judge, Judgement, Judging

SALIMANS = "Salimans et al.: Improved techniques for training GANs. NeurIPS 2016, arXiv:1606.03498"
AGUSTSSON = (
    "Agustsson et al.: Optimal transport maps for distribution preserving operations on latent spaces of generative "
    "models. ICLR 2019, arXiv:1711.01970"
)


@dataclass(frozen=True, repr=False)
class Quality(Judge):
    """Mean entropy of the predictions, H(y | x): low where the classifier is sure what each of the data is.

    A network can be sure of what looks like nothing: hold it against membership, such as `precision`.

    References:
        Salimans et al.: Improved techniques for training GANs. NeurIPS 2016, arXiv:1606.03498
    """

    name: ClassVar[str] = "quality"
    title: ClassVar[str] = "mean entropy of the predicted classes of each of the data"
    formula: ClassVar[str] = "(1/n) sum_i H(p(y | x_i)), H(p) = -sum_y p_y log p_y"
    unit: ClassVar[str] = "nats"
    better: ClassVar[str] = "lower"
    citation: ClassVar[str] = SALIMANS
    takes: ClassVar[str] = PREDICTIONS
    compares: ClassVar[bool] = False
    points: ClassVar[str] = "data"
    min_points: ClassVar[int] = 1

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        def judging(data: Floats) -> Judgement:
            each = entropy(data)
            value, n = float(each.mean()), len(each)
            error = float(each.std(ddof=1)) / n**0.5 if n > 1 else float("nan")
            return Judgement(value, value, n, each, error)

        return judging


@dataclass(frozen=True, repr=False)
class Diversity(Judge):
    """Entropy of the mean prediction, H(y): high where all classes come up, log c for c of equal shares.

    References:
        Salimans et al.: Improved techniques for training GANs. NeurIPS 2016, arXiv:1606.03498
    """

    name: ClassVar[str] = "diversity"
    title: ClassVar[str] = "entropy of the mean prediction, how many classes come up"
    formula: ClassVar[str] = "H((1/n) sum_i p(y | x_i)), H(p) = -sum_y p_y log p_y"
    unit: ClassVar[str] = "nats"
    better: ClassVar[str] = "higher"
    citation: ClassVar[str] = SALIMANS
    takes: ClassVar[str] = PREDICTIONS
    compares: ClassVar[bool] = False
    min_points: ClassVar[int] = 1

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        def judging(data: Floats) -> Judgement:
            value = float(entropy(data.mean(axis=0, dtype=np.float64)))
            return Judgement(value, value, len(data))

        return judging


@dataclass(frozen=True, repr=False)
class InceptionScore(Judge):
    """exp(H(y) - H(y | x)), the mean over splits, as it is published; c at most, of c classes, and 1 at least.

    Few data a split score lower: hold it against that of as many real data. The raw value is that of all data at once.

    Args:
        splits: parts of the data, in the order given; each has its own score.

    References:
        Salimans et al.: Improved techniques for training GANs. NeurIPS 2016, arXiv:1606.03498;
        Agustsson et al.: Optimal transport maps for distribution preserving operations. ICLR 2019, arXiv:1711.01970
    """

    name: ClassVar[str] = "inception-score"
    title: ClassVar[str] = "Inception score, by the recipe, of whichever classifier"
    formula: ClassVar[str] = "exp(H(y) - H(y | x)), the mean over splits"
    unit: ClassVar[str] = "classes"
    better: ClassVar[str] = "higher"
    citation: ClassVar[str] = f"{SALIMANS}; {AGUSTSSON}"
    takes: ClassVar[str] = PREDICTIONS
    compares: ClassVar[bool] = False

    splits: int = 10

    def __post_init__(self) -> None:
        if self.splits < 1:
            raise InputError(f"inception-score has 1 split or more, got {self.splits}")

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:  # noqa: ARG002
        def judging(data: Floats) -> Judgement:
            if len(data) < self.splits:
                raise InputError(
                    f"inception-score takes {self.splits} data or more, got {len(data)}: or say splits = 1"
                )
            scores = np.array([_score(part) for part in np.array_split(data, self.splits)])
            error = float(scores.std(ddof=1)) / self.splits**0.5 if self.splits > 1 else float("nan")
            return Judgement(float(scores.mean()), _score(data), len(data), error=error)

        return judging


def entropy(p: Floats) -> Floats:
    """-sum_y p_y log p_y over the last axis, in nats, where 0 log 0 = 0.

    >>> entropy(np.array([0.5, 0.5, 0.0])).round(3)
    np.float64(0.693)
    """
    shares = np.maximum(p, 0, dtype=np.float64)
    return -np.sum(shares * np.log(np.where(shares > 0, shares, 1)), axis=-1)


def _score(p: Floats) -> float:
    return float(np.exp(entropy(p.mean(axis=0, dtype=np.float64)) - entropy(p).mean()))
