"""Measurements by what they are of: a metric, and a position t."""

__all__ = ["Key", "Measured", "keys_of", "values_of"]

from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from latentot.metrics import Measurement
from latentot.study.spec.study import Study
from latentot.study.work.failure import Failure

Key = tuple[str, float]
"""Metric and t of a measurement."""
Measured = Mapping[Key, Measurement | Failure]
"""Each metric at each t, or why there is none."""

Name = TypeVar("Name")


def keys_of(study: Study) -> list[Key]:
    """Metric and t of each measurement of a study, in the order of all tables, t varying fastest."""
    return [(metric, t) for metric in study.metric_labels for t in study.t]


def values_of(measured: Mapping[Name, Measurement | Failure], names: Iterable[Name]) -> NDArray[np.float64]:
    """Values of measurements in the order of their names, shape (k,), NaN where there is none.

    >>> values_of({("emd", 0.5): Measurement(0.1, 0.1, 8), ("mmd", 0.5): Failure("")}, [("mmd", 0.5), ("emd", 0.5)])
    array([nan, 0.1])
    """
    found = (measured[name] for name in names)
    return np.array([np.nan if isinstance(one, Failure) else one.value for one in found])
