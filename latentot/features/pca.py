"""Principal components of training data."""

__all__ = ["Components", "Pca"]

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.features.features import Features, Floats, Learned


@dataclass(frozen=True, repr=False)
class Pca(Features):
    """f(x) = V^T (x - m): m the mean of the training data, V the first k eigenvectors of their covariance.

    Args:
        components: k; as many as there are where there are fewer.
        whiten: divide each by its standard deviation on the training data, so that all weigh the same.

    References:
        Jolliffe: Principal component analysis. Springer 2002

    >>> x = np.random.default_rng(0).standard_normal((100, 1, 4, 4))
    >>> Pca(components=3).fit(x, rng=0)(x).shape
    (100, 3)
    """

    name: ClassVar[str] = "pca"
    title: ClassVar[str] = "principal components of the training data"
    formula: ClassVar[str] = "f(x) = V^T (x - m)"
    citation: ClassVar[str] = "Jolliffe: Principal component analysis. Springer 2002"
    needs: ClassVar[frozenset[str]] = frozenset({"data"})

    components: int = 64
    whiten: bool = False

    def __post_init__(self) -> None:
        if self.components < 1:
            raise InputError(f"pca has 1 component or more, got {self.components}")

    def _fit(self, rows: NDArray[Any], labels: NDArray[Any] | None, rng: np.random.Generator) -> "Components":  # noqa: ARG002
        if len(rows) < 2:
            raise InputError(f"pca is fitted on 2 or more rows, got {len(rows)}")
        return Components.of(rows, self.components, self.whiten)

    def _of(self, rows: NDArray[Any]) -> Floats:  # noqa: ARG002
        raise InputError("pca is fitted before it is called: features.fit(training_data, rng=0)")


@dataclass(frozen=True, eq=False, repr=False)
class Components(Learned):
    """Principal components that were fitted.

    Args:
        mean: m, shape (p,).
        vectors: V, divided by standard deviations where components are whitened, shape (p, k).
        explained: share of the variance of the training data that each component has, shape (k,).
    """

    name: ClassVar[str] = Pca.name
    title: ClassVar[str] = Pca.title
    formula: ClassVar[str] = Pca.formula
    citation: ClassVar[str] = Pca.citation
    needs: ClassVar[frozenset[str]] = Pca.needs

    mean: Floats = field(repr=False)
    vectors: Floats
    explained: Floats = field(repr=False)

    @classmethod
    def of(cls, rows: NDArray[Any], components: int, whiten: bool) -> Self:
        """Components of rows, the sign of each such that its largest entry is positive."""
        x = rows.reshape(len(rows), -1).astype(np.float64)
        mean = x.mean(axis=0)
        _, singular, right = np.linalg.svd(x - mean, full_matrices=False)
        # Directions in which nothing varies are whatever rounding has left.
        real = int((singular > singular[0] * max(x.shape) * np.finfo(np.float64).eps).sum())
        k = max(1, min(components, real))
        vectors = right[:k].T
        vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(k)])
        variance = np.square(singular) / (len(x) - 1)
        explained = variance[:k] / max(variance.sum(), np.finfo(np.float64).tiny)
        if whiten and real:
            vectors = vectors / np.sqrt(variance[:k])
        return cls(rows.shape[1:], float(x.min()), float(x.max()), mean, vectors, explained)

    def _of(self, rows: NDArray[Any]) -> Floats:
        return np.asarray((rows.reshape(len(rows), -1) - self.mean) @ self.vectors)
