"""A batch of pairs: endpoints, what judges are given of points between them, and what they say of these."""

__all__ = ["PairBatch"]

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, one_line
from latentot.metrics import Judge, Measurement
from latentot.study.work.failure import Failure
from latentot.study.work.measured import Key

Latents = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PairBatch:
    """Pairs of endpoints, and the judges of what is walked between them.

    Args:
        z0, z1: endpoints, shape (n, *shape).
        judges: each metric, by its label.
        view: what they are given of points: these themselves, or features of what they decode to.
    """

    z0: Latents
    z1: Latents
    judges: dict[str, Judge]
    view: Callable[[Latents], Latents]

    def seen(self, points: Mapping[float, Latents | Failure]) -> dict[float, Latents | Failure]:
        """What judges are given at each t, or why there is nothing.

        Args:
            points: at each t, shape (n, *shape), or why there are none.
        """
        return {t: z if isinstance(z, Failure) else _seen(self.view, z) for t, z in points.items()}

    def measured(self, seen: Mapping[float, Latents | Failure]) -> dict[Key, Measurement | Failure]:
        """Each metric at each t, t varying fastest, or why there is none."""
        return {
            (metric, t): z if isinstance(z, Failure) else _measurement(judge, z)
            for metric, judge in self.judges.items()
            for t, z in seen.items()
        }

    def judged(self, seen: Latents) -> dict[str, Measurement | Failure]:
        """Each metric of one sample, as it is seen, or why there is none."""
        return {metric: _measurement(judge, seen) for metric, judge in self.judges.items()}


def _seen(view: Callable[[Latents], Latents], z: Latents) -> Latents | Failure:
    try:
        return view(z)
    except InputError as error:
        return Failure(str(error))
    except Exception as error:  # costs what is decoded here, and nothing else
        return Failure(one_line(error))


def _measurement(judge: Judge, z: Latents) -> Measurement | Failure:
    try:
        found = judge(z)
    except InputError as error:
        return Failure(str(error))
    except Exception as error:  # costs what this metric measures, and nothing else
        return Failure(one_line(error))
    return found if np.isfinite(found.value) else Failure(f"the metric gives {found.value}")
