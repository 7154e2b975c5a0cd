"""What a cell has instead of an outcome when it fails."""

__all__ = ["Failure"]

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """Why a cell has no outcome."""

    reason: str
