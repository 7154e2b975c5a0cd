"""A metric that is a function of somebody's own."""

__all__ = ["FunctionMetric", "as_metric"]

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from latentot.errors import InputError
from latentot.metrics.measurement import Judge, Measurement
from latentot.metrics.metric import Metric
from latentot.metrics.two_sample import TwoSample
from latentot.numerics.points import Points


@dataclass(frozen=True, repr=False)
class FunctionMetric(TwoSample):
    """f(z, reference, rng=seed), for any callable f: lower is closer.

    Args:
        function: takes points of shape (n, d) and (m, d), which it can read only, and a seed if it has an argument rng,
            and gives a number.
        label: its name; the function's own if not said.

    Raises:
        InputError: in a call, if f gives no number, or changes its points.

    >>> FunctionMetric(lambda z, reference, *, rng: 0.0, "blind")(np.zeros((4, 1)), np.ones((4, 1)), rng=0)
    0.0
    """

    title = "a function of the user's own"
    formula = ""
    unit = "its own"
    citation = ""
    cost = "not stated"
    error = "not stated"
    min_points = 2

    function: Callable[..., Any] = field(repr=False)
    label: str = field(default="", repr=False)

    @property
    def name(self) -> str:  # type: ignore[override]
        """The label, or what the function is called."""
        return self.label or str(getattr(self.function, "__name__", type(self.function).__name__))

    def _prepare(self, reference: Points, rng: np.random.Generator, sizes: Sequence[int]) -> Judge:  # noqa: ARG002
        seed = int(rng.integers(2**63))

        def judge(z: Points) -> Measurement:
            number = self._number(z, reference, seed)
            return Measurement(number, number, len(z))

        return judge

    def _number(self, z: Points, reference: Points, seed: int) -> float:
        try:
            value = self.function(z, reference, **({"rng": seed} if _draws(self.function) else {}))
        except ValueError as error:
            if "read-only" not in str(error):
                raise
            raise InputError(f"{self.name} changes its points: work on copies, without +=, *= or out=") from error
        try:
            number = float(value)
        except (TypeError, ValueError) as error:
            raise InputError(f"{self.name} gives {type(value).__name__}: return one number") from error
        if not math.isfinite(number):
            raise InputError(f"{self.name} gives {number}: return a finite number, or raise an error that says why not")
        return number


def _draws(function: Callable[..., Any]) -> bool:
    """Whether a function takes rng; one that does not say what it takes is given it."""
    try:
        arguments = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return True
    return "rng" in arguments or any(one.kind is one.VAR_KEYWORD for one in arguments.values())


def as_metric(given: Any, name: str = "") -> Metric:
    """A metric from one, or from any callable (z, reference, *, rng) -> float, lower is closer; rng may be left out.

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
    if not callable(given) or isinstance(given, type):
        what = given.__name__ if isinstance(given, type) else type(given).__name__
        raise InputError(f"a metric is called as metric(z, reference, rng=...), got {what}")
    return FunctionMetric(given, name)
