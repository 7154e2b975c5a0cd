"""Measurements by what they are of: a metric, and a position t."""

__all__ = ["Key", "Measured", "averaged", "keys_of", "values_of"]

from collections.abc import Iterable, Mapping, Sequence
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


def averaged(samples: Sequence[Mapping[Name, Measurement | Failure]]) -> dict[Name, Measurement | Failure]:
    """The mean of each measurement over samples of as many points; why there is none, where one of them has none.

    >>> averaged([{"emd": Measurement(0.1, 0.3, 8)}, {"emd": Measurement(0.3, 0.5, 8)}])
    {'emd': Measurement(value=0.2, raw=0.4, n_used=8)}
    """
    return {name: _mean([sample[name] for sample in samples]) for name in samples[0]}


def _mean(found: Sequence[Measurement | Failure]) -> Measurement | Failure:
    failed = (one for one in found if isinstance(one, Failure))
    if failure := next(failed, None):
        return failure
    own = [one for one in found if isinstance(one, Measurement)]
    return Measurement(
        float(np.mean([one.value for one in own])), float(np.mean([one.raw for one in own])), own[0].n_used
    )
