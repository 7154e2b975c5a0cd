"""A case: the metric that is checked, and the samples that it is tried on."""

__all__ = ["Case"]

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.metrics import Judge, Metric, OneSample
from latentot.metrics.function import FunctionMetric
from latentot.priors import Prior

Floats = NDArray[np.float64]

POINTS, REFERENCE = 300, 1_000
"""Of a sample and of the reference: enough that half of the size is seen, few enough that all checks take seconds."""
NULL = 20
"""Samples of the law itself that tell what is chance."""


@dataclass(frozen=True, eq=False)
class Case:
    """What checks are run on.

    Args:
        metric: the metric.
        prior: the law that samples are drawn from.
        seed: the same seed gives the same samples.
    """

    metric: Metric
    prior: Prior
    seed: int = 0

    @property
    def name(self) -> str:
        """What reports call it."""
        return self.metric.name

    @property
    def advice(self) -> str:
        """What to change where it ends with an exception."""
        return (
            f"take points of shape (n, {self.prior.dim}) and a reference, and return a finite number, or raise "
            "latentot.InputError with a line that says why not"
        )

    @property
    def says_nothing(self) -> bool:
        """Whether it is a plain function, which has no facts."""
        return isinstance(self.metric, FunctionMetric)

    @property
    def one_sample(self) -> bool:
        """Whether its reference is the prior itself."""
        return isinstance(self.metric, OneSample)

    def drawn(self, n: int, *purpose: int) -> Floats:
        """A sample of the prior, shape (n, d), another for each purpose."""
        return self.prior.sample(n, rng=np.random.default_rng([self.seed, *purpose])).reshape(n, -1)

    @functools.cached_property
    def points(self) -> Floats:
        """A sample that has drifted a little: three quarters of its size and shifted, shape (n, d)."""
        return 0.75 * self.drawn(POINTS, 1) + 0.125

    @functools.cached_property
    def reference(self) -> Any:
        """What samples are held against: points of the law, shape (m, d), or the prior."""
        return self.prior if self.one_sample else self.drawn(REFERENCE, 0)

    def judge(self, reference: Any = None) -> Judge:
        """A judge, prepared with the reference or another one."""
        return self.metric.against(self.reference if reference is None else reference, rng=self.seed)

    @functools.cached_property
    def by_chance(self) -> Floats:
        """Values of samples that have not drifted, shape (NULL,)."""
        judge = self.judge()
        return np.array([judge(self.drawn(POINTS, 2, number)).value for number in range(NULL)])
