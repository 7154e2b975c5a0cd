"""Metrics that compare two samples: the reference is points of the law wanted."""

__all__ = ["TwoSample", "subset"]

import copy
import functools
import math
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.errors import InputError
from latentot.metrics.frame import framed
from latentot.metrics.measurement import Judge
from latentot.metrics.metric import Metric, stream
from latentot.numerics.points import Points
from latentot.priors import Prior


@dataclass(frozen=True, repr=False)
class TwoSample(Metric):
    """How far a sample is from a reference sample.

    A subclass says what it is and does all work that needs the reference alone in `_prepare`. Of both samples it is
    given at most `max_points` points, chosen at random, in random order, as `precision` says.

    >>> from latentot.metrics import Measurement
    >>> class MeanShift(TwoSample):
    ...     name, title, formula, unit, citation = "mean-shift", "shift of the mean", "|m_z - m_r|", "latent units", ""
    ...     cost, error, min_points, moments, degree = "O(n d)", "exact", 1, 1, 1
    ...     def _prepare(self, reference, rng, sizes):
    ...         middle = reference.mean(axis=0)
    ...         def judge(z):
    ...             value = float(np.linalg.norm(z.mean(axis=0) - middle))
    ...             return Measurement(value, value, len(z))
    ...         return judge
    >>> MeanShift()(np.ones((10, 4)), np.zeros((20, 4)), rng=0)
    2.0
    """

    @abstractmethod
    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:
        """A judge of samples.

        Args:
            reference: shape (m, d).
            rng: for directions and the like, the same each time.
            sizes: how many points samples will have; empty where that is not known.
        """

    def against(self, reference: ArrayLike, *, rng: int | np.random.Generator, sizes: Sequence[int] = ()) -> Judge:
        known, d = self._accepted(reference)
        generator = stream(rng)
        chosen = _chosen(self.max_points, generator)

        def prepared(reference: Points) -> Judge:
            return self._prepare(reference, copy.deepcopy(generator), sizes)

        known = chosen(known)
        if self.precision is None:
            judge = prepared(known)
        else:
            judge = framed(self.name, prepared, known, self.precision, self.degree)
        return self._judging(judge if self.max_points == math.inf else lambda z: judge(chosen(z)), d)

    def check(self, prior: Prior) -> None:
        self._check_moments(prior)

    def _accepted(self, reference: ArrayLike) -> tuple[Points, int]:
        if isinstance(reference, Prior):
            raise InputError(f"{self.name} compares two samples: give draws of the prior, such as prior.sample(10_000)")
        known = self._checked(reference, "reference points")
        return known, known.shape[1]


def _chosen(most: float, rng: np.random.Generator) -> Callable[[Points], Points]:
    """All points, or so many at most, chosen at random."""
    if most == math.inf:
        return lambda z: z
    return functools.partial(subset, size=int(most), seed=int(rng.integers(2**63)))


def subset(z: Points, size: int, seed: int) -> Points:
    """A random subset of the rows, the same for every sample of as many rows.

    >>> subset(np.arange(6.0)[:, None], 2, seed=0).shape
    (2, 1)
    """
    return z[_rows(len(z), size, seed)]


@functools.lru_cache(maxsize=64)
def _rows(n: int, size: int, seed: int) -> NDArray[np.intp]:
    """Rows that are drawn for every sample of n alike, kept for the next one."""
    return np.random.default_rng(seed).permutation(n)[:size].copy()
