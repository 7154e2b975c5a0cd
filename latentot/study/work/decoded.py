"""Data space: what judges see of latents, which is features of what they decode to, and judges as metrics of that."""

__all__ = ["DATA", "LATENT", "PREDICTED", "Judged", "Sight", "View", "judges_points"]

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.data import Data
from latentot.errors import InputError, InputWarning
from latentot.features import Features, Learned, feature_extractor
from latentot.judges import Judge
from latentot.judges.judgement import FEATURES, PREDICTED_FRAMES, PREDICTIONS
from latentot.metrics import Judge as MetricJudge
from latentot.metrics import Measurement, TwoSample
from latentot.models import Model, decoded
from latentot.numerics.points import Points
from latentot.priors import Prior

LATENT, DATA = "latent", "data"
"""Spaces that points are measured in."""
PREDICTED = PREDICTIONS, PREDICTED_FRAMES
"""What judges of classes take."""
AT_ONCE = 1_000
"""Latents that are decoded together: as many as a batch of images in memory may be."""
TRIED = 50
"""Draws that are decoded to see whether features know data like them."""
FITTED = 5_000
"""Data that features are fitted to, at most."""
DRAWN = 1_000
"""Draws that are decoded for that where there are no data."""

Floats = NDArray[np.float64]


def judges_points(judge: Judge) -> bool:
    """Whether a judge takes points one by one, not whole walks: there is a null for it, and a verdict."""
    return judge.takes in (FEATURES, PREDICTIONS)


@dataclass(frozen=True, eq=False)
class Sight:
    """What is seen of data: k features and, beside them, c probabilities of classes; it travels without the model.

    Args:
        features: fitted.
        classifier: gives probabilities; None where nobody asks for them, or no labels are known.
        seconds: that one latent takes to be decoded and seen, about.
    """

    features: Features
    classifier: Features | None = None
    seconds: float = 0.0

    def __call__(self, x: NDArray[Any]) -> Floats:
        """What is seen of data, shape (n, ...) to (n, k + c)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InputWarning)  # said once, of the draws that are tried
            seen = self.features(x)
            return seen if self.classifier is None else np.column_stack([seen, self.classifier.probabilities(x)])


@dataclass(frozen=True, eq=False)
class View:
    """What judges see of latents, f(g(z)).

    Args:
        model: decodes.
        of_data: what is seen of data.
    """

    model: Model
    of_data: Sight

    @classmethod
    def of(
        cls, model: Model, prior: Prior, data: Data | None, features: Features, rng: np.random.Generator, predicts: bool
    ) -> "View":
        """The view of a model, features fitted to training data, or to decoded draws where there are none.

        Args:
            model: decodes.
            prior: is drawn from where there are no data.
            data: to fit features to.
            features: fitted or not.
            rng: for rows, draws, and what fitting draws.
            predicts: whether probabilities of classes are asked for.

        Raises:
            InputError: the model cannot decode, or features cannot be fitted.
        """
        if data is None:
            rows, labels = decoded(model, prior.sample(DRAWN, rng=rng)), None
        else:
            chosen = np.sort(rng.permutation(len(data.train))[:FITTED])
            rows, labels = data.train[chosen], None if data.train_labels is None else data.train_labels[chosen]
        seed = int(rng.integers(2**63))
        fitted = features if isinstance(features, Learned) else features.fit(rows, labels, rng=seed)
        few = prior.sample(TRIED, rng=rng)
        fitted(decoded(model, few))  # warns if models and data are of different scales
        start = time.perf_counter()
        cls(model, Sight(fitted))(few)
        seconds = (time.perf_counter() - start) / TRIED
        classifier = fitted if predicts and fitted.name == "classifier" else None
        if predicts and classifier is None and labels is not None:
            classifier = feature_extractor("classifier").fit(rows, labels, rng=seed)
        return cls(model, Sight(fitted, classifier, seconds))

    def __call__(self, z: Floats) -> Floats:
        """What is seen of latents, shape (n, *shape) to (n, k + c)."""
        parts = [self.of_data(decoded(self.model, z[at : at + AT_ONCE])) for at in range(0, len(z), AT_ONCE)]
        return np.concatenate(parts)

    def decoded(self, z: Floats) -> NDArray[Any]:
        """Data that latents decode to."""
        return np.concatenate([decoded(self.model, z[at : at + AT_ONCE]) for at in range(0, len(z), AT_ONCE)])


@dataclass(frozen=True, repr=False)
class Judged(TwoSample):
    """A judge as a metric of what is seen of points: lower is closer, so that what is better higher has its sign
    turned; the raw value is the judge's own.

    Args:
        judge: of features or of predictions.
        classes: how many probabilities stand beside the features.
    """

    judge: Judge
    classes: int

    def __post_init__(self) -> None:
        sign = "- " if self.judge.better == "higher" else ""
        facts = ("name", "title", "formula", "unit", "citation")
        for fact in facts:
            object.__setattr__(self, fact, getattr(self.judge, fact))
        object.__setattr__(self, "formula", sign + self.formula)

    @property
    def cost(self) -> str:
        return "one decoding of each point"

    @property
    def error(self) -> str:
        return "of the sample only"

    @property
    def min_points(self) -> int:
        return self.judge.min_points

    def check(self, prior: Prior) -> None:
        """Whatever the law of latents is, what they decode to is judged."""

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> MetricJudge:  # noqa: ARG002
        part = self._part()
        judging = self.judge.against(reference[:, part] if self.judge.compares else None, rng=rng)
        sign = -1 if self.judge.better == "higher" else 1

        def judge(z: Points) -> Measurement:
            found = judging(z[:, part])
            return Measurement(sign * found.value, found.value, found.n_used)

        return judge

    def _part(self) -> slice:
        """The columns that the judge takes."""
        if self.judge.takes == PREDICTIONS:
            if not self.classes:
                raise InputError(f"{self.name} takes predictions of classes: give data with labels")
            return slice(-self.classes, None)
        return slice(None, -self.classes or None)
