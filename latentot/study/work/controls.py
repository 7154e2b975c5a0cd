"""Controls as they are measured: endpoints, which follow the law, and what is known not to."""

__all__ = ["CONSTANT", "CROSS_FADE", "POWER", "SHRUNK", "Controls"]

from collections.abc import Mapping
from dataclasses import dataclass, field

from latentot.metrics import Measurement
from latentot.study.work.failure import Failure

SHRUNK, CROSS_FADE, CONSTANT = POWER = ("shrunk", "cross-fade", "constant")
"""What must be seen to drift: half of a sample of latents; of data the mean of two, and one for all."""


@dataclass(frozen=True)
class Controls:
    """The controls of one repeat, by their names.

    Args:
        measured: each metric on each control, or why there is none.
        laws: p-values of endpoints against the prior's own laws, by the name of the law.
    """

    measured: Mapping[str, Mapping[str, Measurement | Failure]] = field(default_factory=dict)
    laws: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
