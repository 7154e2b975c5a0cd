"""What features are: numbers that stand for data, the same for a row whatever rows are beside it."""

__all__ = ["Features", "Floats", "Learned"]

import warnings
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.arrays import on_host
from latentot.brief import brief
from latentot.errors import InputError, InputWarning

Floats = NDArray[np.float64]

OUTSIDE = 0.5
"""Data beyond the range that was learned from by this share of it are probably of another scale."""


@dataclass(frozen=True, repr=False)
class Features(ABC):
    """A map from data, shape (n, ...), to features, shape (n, k), in float64.

    A row's features do not depend on the rows beside it, to 1e-10 relative.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    citation: ClassVar[str]
    needs: ClassVar[frozenset[str]] = frozenset()
    """What `fit` learns from: nothing, or "data", or "data" and "labels"."""

    def __repr__(self) -> str:
        told = ", ".join(f"{field.name}={brief(getattr(self, field.name))}" for field in fields(self) if field.repr)
        return f"{self.name}({told})"

    def fit(self, data: ArrayLike, labels: ArrayLike | None = None, *, rng: int | np.random.Generator) -> "Features":
        """Learn what there is to learn from training data; features that learn nothing give themselves.

        Args:
            data: training data, shape (n, ...), floating point.
            labels: a class for each, shape (n,); for features that need them.
            rng: a seed or a Generator.

        Returns:
            Features to be called.

        Raises:
            InputError: data or labels are missing, not finite, or too few.
        """
        rows = checked(data, "training data")
        classes = None if labels is None else on_host("labels", labels)
        if "labels" in self.needs and classes is None:
            raise InputError(f"the features {self.name!r} learn from labels, and none are given: take 'pca'")
        if classes is not None and classes.shape != (len(rows),):
            raise InputError(f"labels are one for each of {len(rows)} rows, got shape {classes.shape}")
        return self._fit(rows, classes, np.random.default_rng(rng))

    def __call__(self, data: ArrayLike) -> Floats:
        """Features of data.

        Args:
            data: shape (n, ...), floating point.

        Returns:
            Shape (n, k).

        Raises:
            InputError: data are not finite floating-point numbers, or not of the shape that was learned from.

        Warns:
            InputWarning: values lie far outside of the range that was learned from.
        """
        return self._of(checked(data, "data"))

    def probabilities(self, data: ArrayLike) -> Floats:  # noqa: ARG002
        """Predicted probabilities of classes, shape (n, c), where features are those of a classifier.

        Raises:
            InputError: they are not.
        """
        raise InputError(f"the features {self.name!r} predict no classes: fit 'classifier' on data with labels")

    def _fit(self, rows: NDArray[Any], labels: NDArray[Any] | None, rng: np.random.Generator) -> "Features":  # noqa: ARG002
        return self

    @abstractmethod
    def _of(self, rows: NDArray[Any]) -> Floats:
        """Features of rows that have been checked."""


@dataclass(frozen=True, eq=False, repr=False)
class Learned(Features):
    """Features that have been fitted.

    Args:
        shape: of one row of the training data.
        low, high: range of the training data.
    """

    shape: tuple[int, ...]
    low: float
    high: float

    def __call__(self, data: ArrayLike) -> Floats:
        return self._of(self._alike(data))

    def _alike(self, data: ArrayLike) -> NDArray[Any]:
        """Data that are of the shape, and probably of the scale, of the training data."""
        rows = checked(data, "data")
        if rows.shape[1:] != self.shape:
            wanted = ", ".join(map(str, self.shape))
            raise InputError(f"the features {self.name!r} were fitted on shape (n, {wanted}), got {rows.shape}")
        room = OUTSIDE * (self.high - self.low)
        if rows.size and room > 0 and (rows.min() < self.low - room or rows.max() > self.high + room):
            warnings.warn(
                f"the features {self.name!r} were fitted on values from {self.low:.3g} to {self.high:.3g}, and these "
                f"go from {rows.min():.3g} to {rows.max():.3g}: is that another scale?",
                InputWarning,
                stacklevel=3,
            )
        return rows


def checked(data: ArrayLike, what: str) -> NDArray[Any]:
    """Data as an array of finite floating-point numbers, shape (n, ...).

    Raises:
        InputError: they are none.
    """
    rows = on_host(what, data)
    if rows.ndim < 2 or not np.issubdtype(rows.dtype, np.floating):
        hint = ": divide pixels by 255" if rows.dtype == np.uint8 else ""
        raise InputError(f"{what} are floating-point numbers of shape (n, ...), got {rows.dtype} {rows.shape}{hint}")
    if not np.isfinite(rows).all():
        bad = int((~np.isfinite(rows.reshape(len(rows), -1))).any(axis=1).sum())
        raise InputError(f"{what} must be finite: {bad} of {len(rows)} rows have values that are NaN or infinite")
    return rows
