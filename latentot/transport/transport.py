"""What a transport is: fitted on samples of two laws, it gives a map that serves points it has not seen."""

__all__ = ["Transport"]

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from latentot.arrays import on_host
from latentot.errors import InputError
from latentot.transport.fitted import Fitted, Floats
from latentot.transport.judging import Split

FIT_STREAM = 0x7472616E


class Transport(ABC):
    """A way of fitting a transport map."""

    name: ClassVar[str]
    citation: ClassVar[str]

    @abstractmethod
    def _fit(self, split: Split, rng: np.random.Generator) -> Fitted:
        """The map fitted on `split.fitting(max_points)`, as `split.judged` returns it."""

    def fit(
        self, source: Floats, target: Floats, *, rng: int | np.random.Generator, held_out: int | None = None
    ) -> Fitted:
        """Fit the map from the law of one sample to that of another on most of their points; judge it on the rest.

        Args:
            source: points of the law to carry, shape (n, d).
            target: points of the law wanted, shape (m, d), independent of the source.
            rng: a seed or a Generator.
            held_out: points of each sample to judge by, at most 10,000 and half of them; by default a tenth (`Split`).

        Returns:
            The map; its `report` has drift and displacement, in sample and on points held out.

        Raises:
            InputError: shapes disagree, there are too few points, or values are not finite floating-point numbers.

        >>> import latentot as lot, latentot.transport as lt
        >>> prior = lot.Normal(2)
        >>> midpoints = (prior.sample(5000, rng=0) + prior.sample(5000, rng=1)) / 2
        >>> fitted = lt.Gaussian().fit(midpoints, prior.sample(5000, rng=2), rng=3)
        >>> fitted(midpoints).std(axis=0).round(1), fitted.report.n_fitted, fitted.report.held_out.n
        (array([1., 1.]), 4000, 1000)
        """
        source, target = on_host("the source of a transport", source), on_host("the target of a transport", target)
        for what, points in (("source", source), ("target", target)):
            if not np.issubdtype(points.dtype, np.floating):
                raise InputError(f"the {what} of a transport is floating-point numbers, got {points.dtype}")
            if points.ndim != 2 or min(points.shape) < 1 or len(points) < 2 or not np.isfinite(points).all():
                raise InputError(f"the {what} of a transport is finite points of shape (n >= 2, d), got {points.shape}")
        if source.shape[1] != target.shape[1]:
            raise InputError(
                f"source and target have {source.shape[1]} and {target.shape[1]} coordinates: they must agree"
            )
        # The seed that drew the samples would draw their rows again as directions: derive another.
        generator = np.random.default_rng([FIT_STREAM, int(np.random.default_rng(rng).integers(2**63))])
        return self._fit(Split.of(source, target, generator, held_out), generator)
