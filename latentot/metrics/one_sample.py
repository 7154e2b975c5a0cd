"""Metrics that compare a sample with a prior whose laws are known."""

__all__ = ["OneSample", "marginal_of", "radius_of"]

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from latentot.errors import InputError
from latentot.metrics.measurement import Judge
from latentot.metrics.metric import Metric, stream
from latentot.metrics.score import score_of
from latentot.priors import Law, Prior


@dataclass(frozen=True, repr=False)
class OneSample(Metric):
    """How far a sample is from a prior whose laws are known: no reference sample adds its noise.

    Attributes:
        needs: what it needs of the prior: "marginal" or "radius", a law of that name, "density", a `log_prob`, or
            "score", what `score_of` finds.
    """

    needs: ClassVar[str]

    @abstractmethod
    def _prepare(self, prior: Prior, rng: np.random.Generator) -> Judge:
        """A judge of samples: all work that needs the prior alone is done here."""

    def against(
        self,
        reference: Prior,
        *,
        rng: int | np.random.Generator,
        sizes: Sequence[int] = (),  # noqa: ARG002
    ) -> Judge:
        known, d = self._accepted(reference)
        return self._judging(self._prepare(known, stream(rng)), d)

    def check(self, prior: Prior) -> None:
        self._check_moments(prior)
        if self.needs == "score":
            _check_score(self.name, prior)
            return
        if not _has(prior, self.needs):
            raise InputError(f"{self.name} needs a prior with a {self.needs} in closed form, {prior!r} has none")
        law = None if self.needs == "density" else getattr(prior, self.needs)
        if law is not None and np.all(law.support[0] == law.support[1]):
            raise InputError(
                f"{self.name} needs a {self.needs} that varies: that of {prior!r} is always {law.support[0]:g}"
            )

    def _accepted(self, reference: Prior) -> tuple[Prior, int]:
        if not isinstance(reference, Prior):
            raise InputError(
                f"{self.name} compares a sample with the laws of a prior: give the prior, "
                f"got {type(reference).__name__}"
            )
        self.check(reference)
        return reference, reference.dim


def marginal_of(prior: Prior) -> Law:
    """The marginal law of a prior that has one."""
    if prior.marginal is None:
        raise InputError(f"{prior!r} has no marginal law")
    return prior.marginal


def radius_of(prior: Prior) -> Law:
    """The law of the norm, of a prior that has one."""
    if prior.radius is None:
        raise InputError(f"{prior!r} has no law of the norm")
    return prior.radius


def _check_score(name: str, prior: Prior) -> None:
    try:
        score_of(prior)
    except InputError as reason:
        raise InputError(f"{name} needs a prior with a score on all of space: {reason}") from None


def _has(prior: Prior, what: str) -> bool:
    if what != "density":
        return getattr(prior, what) is not None
    try:
        prior.log_prob(prior.sample(1, rng=0))
    except InputError:
        return False
    return True
