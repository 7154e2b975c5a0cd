"""How an inspection sees data: features, a classifier where there are labels, and membership."""

__all__ = ["Seen"]

import functools
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from latentot.data import Data
from latentot.errors import InputError
from latentot.features import Features, as_features, feature_extractor
from latentot.features.pca import Components, Pca
from latentot.judges import judge

Floats = NDArray[np.float64]

FITTED_ON = 10_000
"""Training data that features are fitted on."""
EPOCHS = 30
"""Of the classifier: it need not be the best."""
EXPLAINED = 0.85
"""Share of the variance that whitened components have: those of the rest are noise, which would count as much."""
REFERENCE = 2_000
"""Training data that what is decoded is held against."""


@dataclass(frozen=True, eq=False)
class Seen:
    """Features that were fitted on training data, and what these look like in them.

    Args:
        features: data -> (n, k).
        real: features of training data, shape (m, k).
        classifier: fitted on labels; None where there are none, and `why` says so.
        why: there is no classifier.
    """

    features: Features
    real: Floats
    classifier: Features | None = None
    why: str = ""

    @classmethod
    def of(cls, data: Data, features: Any, *, rng: np.random.Generator) -> Self:
        """Fit features, and a classifier where there are labels of two classes or more.

        Args:
            data: in two parts; the one to train on is used.
            features: a name, `Features`, any callable, or None for principal components, which also stand for features
                that need labels where there are none.
            rng: what is drawn from.

        Raises:
            InputError: the features cannot be fitted.
        """
        rows = np.sort(rng.permutation(len(data.train))[:FITTED_ON])
        train = data.train[rows]
        labels = None if data.train_labels is None else data.train_labels[rows]
        given = features if features is not None else "pca"
        made = feature_extractor(given) if isinstance(given, str) else as_features(given)
        unlearned = labels is None and "labels" in made.needs
        fitted = _components(train, rng) if given == "pca" or unlearned else made.fit(train, labels, rng=rng)
        classifier, why = None, ""
        if labels is None:
            why = "the data have no labels of two classes or more, so no classes are told apart"
            if unlearned:
                why += f", and principal components stand for the features of {made.name}"
        elif fitted.name == "classifier":
            classifier = fitted
        else:
            try:
                classifier = feature_extractor("classifier", epochs=EPOCHS).fit(train, labels, rng=rng)
            except InputError as error:
                why = f"classes are not told apart: {error}"
        return cls(fitted, fitted(train[:REFERENCE]), classifier, why)

    @property
    def called(self) -> str:
        """What the features are, in a sentence."""
        called = getattr(self.features, "called", "") or self.features.title
        return f"{self.real.shape[1]} features ({called})"

    @property
    def accuracy(self) -> float:
        """Share of the training data held out that the classifier is right about; NaN where there is none."""
        return float(getattr(self.classifier, "accuracy", np.nan))

    def classes(self, x: NDArray[Any]) -> NDArray[np.intp]:
        """The most probable class of each datum, counted from 0, shape (n,)."""
        if self.classifier is None:
            raise InputError(self.why)
        return self.classifier.probabilities(x).argmax(axis=1)

    @functools.cached_property
    def member(self) -> Any:
        """The judge of the share in low density: frames -> `Judgement`."""
        return judge("low-density").against(self.real, rng=0)

    def membership(self, features: Floats) -> float:
        """Share of data that are no rarer than 95 % of real ones, by their features, shape (n, k): they could be real.

        Distances alone would not do: averages of two data are near to many real ones, while real ones are far from each
        other.
        """
        # The judge looks at what is between the first and the last frame.
        return 1 - float(self.member(np.broadcast_to(features, (3, *features.shape))).value)


def _components(train: NDArray[Any], rng: np.random.Generator) -> Components:
    """Whitened: else the few components that all images share decide what is near, and cross-fading looks real."""
    found = Pca(whiten=True).fit(train, rng=rng)
    assert isinstance(found, Components)  # noqa: S101 - for the type checker
    k = int((np.cumsum(found.explained) < EXPLAINED).sum()) + 1
    return replace(found, vectors=found.vectors[:, :k], explained=found.explained[:k])
