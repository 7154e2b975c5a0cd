"""What stands in the place of whatever could not be computed: a cell's outcome, a walk, a measurement."""

__all__ = ["Failure"]

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """Why there is nothing."""

    reason: str
