"""A metric that is a function of somebody's own."""

__all__ = ["Ready", "as_metric"]

from dataclasses import dataclass
from typing import Any

from latentot.errors import InputError
from latentot.metrics.metric import Judge, Measurement, Metric, Points, TwoSample


@dataclass(frozen=True)
class Ready:
    """A factory of a metric that has no options.

    Args:
        metric: what it gives.
    """

    metric: Metric

    @property
    def title(self) -> str:
        """The metric's."""
        return self.metric.title

    def __call__(self) -> Metric:
        return self.metric


def as_metric(given: Any, name: str = "") -> Metric:
    """A metric from one, or from any callable (z, reference, *, rng) -> float, lower is closer.

    Args:
        given: a `Metric`, or a callable on points of shape (n, d) and (m, d).
        name: what a callable is called; its `__name__` if not said.

    Raises:
        InputError: it is neither.

    >>> import numpy as np
    >>> spread = as_metric(lambda z, reference, *, rng: abs(float(z.std() / reference.std() - 1)), "spread")
    >>> spread(np.eye(4), np.eye(4) / 2, rng=0)
    1.0
    """
    if isinstance(given, Metric):
        return given
    if not callable(given):
        raise InputError(f"a metric is called as metric(z, reference, rng=...), got {type(given).__name__}")
    called = name or str(getattr(given, "__name__", type(given).__name__))

    def prepare(reference: Points, rng: Any) -> Judge:
        seed = int(rng.integers(2**63))

        def judge(z: Points) -> Measurement:
            value = given(z, reference, rng=seed)
            try:
                number = float(value)
            except (TypeError, ValueError) as error:
                raise InputError(f"{called} gives {type(value).__name__}: return one number") from error
            return Measurement(number, number, len(z))

        return judge

    return TwoSample(
        name=called,
        title="a function of the user's own",
        formula="",
        unit="its own",
        cost="not stated",
        error="not stated",
        citation="",
        min_points=2,
        prepare=prepare,
    )
