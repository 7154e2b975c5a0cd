"""Drift metrics as judges: how far the features of data are from the law of those of real data."""

__all__ = ["Drift", "as_judge"]

from dataclasses import dataclass
from typing import Any

import numpy as np

from latentot.errors import InputError
from latentot.judges.judgement import Floats, Judge, Judgement, Judging
from latentot.metrics import Metric, TwoSample, as_metric


@dataclass(frozen=True, repr=False)
class Drift(Judge):
    """A drift metric of features; lower is closer.

    Args:
        metric: of two samples.

    >>> import latentot as lot
    >>> Drift(lot.drift("energy"))
    Drift(energy)
    """

    metric: Metric

    def __post_init__(self) -> None:
        if not isinstance(self.metric, TwoSample):
            raise InputError(f"a judge compares two samples; {self.metric.name} compares one with the laws of a prior")
        facts = {
            "name": self.metric.name,
            "title": f"{self.metric.title}, of features",
            "formula": self.metric.formula,
            "unit": self.metric.unit.replace("latent units", "feature units"),
            "better": "lower",
            "citation": self.metric.citation,
            "min_points": self.metric.min_points,
        }
        for fact, value in facts.items():
            object.__setattr__(self, fact, value)

    def __repr__(self) -> str:
        return f"Drift({self.name})"

    def _prepared(self, reference: Floats, rng: np.random.Generator) -> Judging:
        judge = self.metric.against(reference, rng=rng)
        return lambda data: Judgement(*judge(data))


def as_judge(given: Any, name: str = "") -> Judge:
    """A judge from one, from a drift metric, or from any callable (features, reference, *, rng) -> float.

    Args:
        given: a `Judge`, a `latentot.metrics.Metric`, or a callable on features of shapes (n, k) and (m, k); of a
            callable lower is closer.
        name: what a callable is called; its `__name__` if not said.

    Raises:
        InputError: it is none of these.

    >>> as_judge(lambda x, r, *, rng: abs(float(x.mean() - r.mean())), "brightness")
    Drift(brightness)
    """
    if isinstance(given, Judge):
        return given
    if not isinstance(given, Metric) and not callable(given):
        raise InputError(f"a judge is called as judge(features, reference, rng=...), got {type(given).__name__}")
    return Drift(as_metric(given, name))
