"""Controls as they are measured: endpoints, which follow the law, and half of them, which do not."""

__all__ = ["SHRUNK", "Controls"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from latentot.metrics import Measurement

SHRUNK = "shrunk"


@dataclass(frozen=True)
class Controls:
    """The controls of one repeat, by their names.

    Args:
        measured: each metric on each control; a string is the reason why there is none.
        laws: p-values of endpoints against the prior's own laws, by the name of the law.
    """

    measured: Mapping[str, Sequence[Measurement | str]] = field(default_factory=dict)
    laws: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
