"""The last hidden layer of a classifier that was trained on labels, and the classes that it predicts."""

__all__ = ["Classifier", "TrainedClassifier"]

import warnings
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.errors import InputError
from latentot.features.features import Features, Floats, Learned

HELD_OUT = 10
"""One in so many rows is held out, to state how good the classifier is."""
MIN_ROWS = 20
STEPS = 20
"""Least steps an epoch, of 8 rows at least."""


@dataclass(frozen=True, repr=False)
class Classifier(Features):
    """f(x) = max(0, W x + b), the hidden layer of a network that was trained to tell classes apart; p(y | x) beside it.

    Without a hidden layer it is a logistic regression, and features are its logits. A tenth of the rows is held out:
    `accuracy` of the fitted features is the share of them that it classifies rightly.

    Args:
        hidden: units of the hidden layer; 0 for a logistic regression.
        epochs: at most.

    References:
        Salimans et al.: Improved techniques for training GANs. NeurIPS 2016, arXiv:1606.03498

    >>> rng = np.random.default_rng(0)
    >>> labels = np.arange(200) % 2
    >>> x = rng.standard_normal((200, 3)) + 4 * labels[:, None]
    >>> fitted = Classifier(hidden=8).fit(x, labels, rng=0)
    >>> fitted(x).shape, fitted.probabilities(x).shape, fitted.accuracy
    ((200, 8), (200, 2), 1.0)
    """

    name: ClassVar[str] = "classifier"
    title: ClassVar[str] = "hidden layer of a classifier trained on labels"
    formula: ClassVar[str] = "f(x) = max(0, W x + b)"
    citation: ClassVar[str] = (
        "Salimans et al.: Improved techniques for training GANs. NeurIPS 2016, arXiv:1606.03498; "
        "Pedregosa et al.: Scikit-learn. JMLR 2011"
    )
    needs: ClassVar[frozenset[str]] = frozenset({"data", "labels"})

    hidden: int = 64
    epochs: int = 200

    def __post_init__(self) -> None:
        if self.hidden < 0 or self.epochs < 1:
            raise InputError(f"a classifier has 0 hidden units or more and 1 epoch or more, got {self!r}")

    def _fit(self, rows: NDArray[Any], labels: NDArray[Any] | None, rng: np.random.Generator) -> "TrainedClassifier":
        x, y = rows.reshape(len(rows), -1).astype(np.float64), np.asarray(labels)
        classes, counts = np.unique(y, return_counts=True)
        if len(classes) == 1:
            raise InputError(
                f"all {len(x)} labels are of one class, {classes[0]}, where a classifier tells classes apart"
            )
        if len(classes) < 2 or len(x) < MIN_ROWS or counts.min() < 2:
            raise InputError(
                f"a classifier learns from {MIN_ROWS} rows or more of two classes or more, 2 or more of each, got "
                f"{len(x)} rows of {len(classes)} classes, {counts.min()} of the rarest: take 'pca' or 'pixels'"
            )
        order = rng.permutation(len(x))
        tested, trained = np.split(order, [len(x) // HELD_OUT])
        trained = np.concatenate([trained, _first_of_each(y, classes, trained)])
        centre = x[trained].mean(axis=0)
        scale = float(np.sqrt(np.square(x[trained] - centre).mean())) or 1.0
        network = self._trained((x[trained] - centre) / scale, y[trained], int(rng.integers(2**31)))
        layers = _layers(network, bool(self.hidden), len(classes))
        weights = (layers[0][0] / scale, *(weight for weight, _ in layers[1:]))
        biases = (layers[0][1] - centre @ weights[0], *(bias for _, bias in layers[1:]))
        found = TrainedClassifier(rows.shape[1:], float(x.min()), float(x.max()), weights, biases, classes)
        right = found.classes[found.probabilities(rows[tested]).argmax(axis=1)] == y[tested]
        return replace(found, accuracy=float(right.mean()))

    def _trained(self, x: Floats, y: NDArray[Any], seed: int) -> Any:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression
        from sklearn.neural_network import MLPClassifier

        network = (
            MLPClassifier(
                (self.hidden,),
                alpha=1e-3,
                # An epoch of few rows is some steps, too.
                batch_size=int(np.clip(len(x) // STEPS, 8, 200)),
                max_iter=self.epochs,
                random_state=seed,
            )
            if self.hidden
            else LogisticRegression(max_iter=10 * self.epochs)
        )
        with warnings.catch_warnings():
            # How good it is is stated by its accuracy.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return network.fit(x, y)

    def _of(self, rows: NDArray[Any]) -> Floats:  # noqa: ARG002
        raise InputError("a classifier is fitted before it is called: features.fit(training_data, labels, rng=0)")


@dataclass(frozen=True, eq=False, repr=False)
class TrainedClassifier(Learned):
    """A classifier that was fitted.

    Args:
        weights, biases: of its layers, the first of them on data as they come.
        classes: what it tells apart, shape (c,).
        accuracy: share of the rows held out that it classifies rightly.
    """

    name: ClassVar[str] = Classifier.name
    title: ClassVar[str] = Classifier.title
    formula: ClassVar[str] = Classifier.formula
    citation: ClassVar[str] = Classifier.citation
    needs: ClassVar[frozenset[str]] = Classifier.needs

    weights: tuple[Floats, ...] = field(repr=False)
    biases: tuple[Floats, ...] = field(repr=False)
    classes: NDArray[Any]
    accuracy: float = float("nan")

    def probabilities(self, data: ArrayLike) -> Floats:
        return self._softmax(self._alike(data))

    def _of(self, rows: NDArray[Any]) -> Floats:
        first = rows.reshape(len(rows), -1) @ self.weights[0] + self.biases[0]
        return np.asarray(np.maximum(first, 0) if len(self.weights) > 1 else first)

    def _softmax(self, rows: NDArray[Any]) -> Floats:
        logits = self._of(rows)
        if len(self.weights) > 1:
            logits = logits @ self.weights[1] + self.biases[1]
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _first_of_each(y: NDArray[Any], classes: NDArray[Any], trained: NDArray[np.intp]) -> NDArray[np.intp]:
    """One row of each class that the rows to train on lack."""
    lacking = np.setdiff1d(classes, y[trained])
    return np.array([np.flatnonzero(y == one)[0] for one in lacking], dtype=np.intp)


def _layers(network: Any, hidden: bool, classes: int) -> list[tuple[Floats, Floats]]:
    """Weights and biases; of two classes scikit-learn keeps the difference of their logits."""
    layers = (
        list(zip(network.coefs_, network.intercepts_, strict=True))
        if hidden
        else [(network.coef_.T, network.intercept_)]
    )
    weight, bias = (np.asarray(part, dtype=np.float64) for part in layers[-1])
    if classes == 2:
        weight, bias = np.column_stack([0 * weight, weight]), np.concatenate([[0.0], bias])
    return [*((np.asarray(w, np.float64), np.asarray(b, np.float64)) for w, b in layers[:-1]), (weight, bias)]
