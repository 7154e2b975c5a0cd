"""Features that are a function of the user's own."""

__all__ = ["Function", "as_features"]

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from latentot.arrays import on_host, released
from latentot.errors import InputError
from latentot.features.features import Features, Floats

ALIKE = 1e-3
"""A row alone and the row among others may differ by this share of how much rows differ: single precision does not."""


@dataclass(frozen=True, eq=False, repr=False)
class Function(Features):
    """Any callable from data, shape (n, ...), to features, shape (n, k) or (n,).

    Args:
        function: takes arrays in the precision that data have; gives numbers of any kind that NumPy reads.
        called: its name in tables.

    >>> Function(lambda x: x.mean(axis=(1, 2)), "brightness")(np.ones((3, 8, 8)))
    array([[1.],
           [1.],
           [1.]])
    """

    name: ClassVar[str] = "function"
    title: ClassVar[str] = "a function of the user's own"
    formula: ClassVar[str] = ""
    citation: ClassVar[str] = ""

    function: Callable[[Any], Any] = field(repr=False)
    called: str = ""

    def __repr__(self) -> str:
        return f"features({self.called})"

    def _of(self, rows: NDArray[Any]) -> Floats:
        found = self._numbers(rows)
        if len(rows) < 2:
            return found
        alone, spread = self._numbers(rows[:1])[0], float(np.abs(found - found[0]).max())
        if np.abs(alone - found[0]).max(initial=0) > ALIKE * max(spread, np.abs(found).max(initial=0) * ALIKE):
            raise InputError(
                f"the features {self.called!r} of a row change with the rows beside it: put a network into evaluation "
                "mode, and scale by numbers of the training data"
            )
        return found

    def _numbers(self, rows: NDArray[Any]) -> Floats:
        found = on_host(f"the features {self.called!r}", released(self.function(rows)))
        if found.shape[:1] != rows.shape[:1] or found.ndim not in (1, 2) or found.dtype.kind not in "fiub":
            raise InputError(
                f"the features {self.called!r} give numbers of shape (n, k), here n = {len(rows)}, got {found.dtype} "
                f"{found.shape}"
            )
        if not np.isfinite(found).all():
            raise InputError(f"the features {self.called!r} must be finite: some are NaN or infinite")
        return found.reshape(len(rows), -1).astype(np.float64)


def as_features(given: Any, name: str = "") -> Features:
    """Features from features, or from any callable on data.

    Args:
        given: a `Features`, or a callable from data, shape (n, ...), to numbers, shape (n, k).
        name: what a callable is called; its `__name__` if not said.

    Raises:
        InputError: it is neither.

    >>> as_features(np.linalg.det)
    features(det)
    """
    if isinstance(given, Features):
        return given
    if not callable(given):
        raise InputError(f"features are called as features(data), got {type(given).__name__}")
    return Function(given, name or str(getattr(given, "__name__", type(given).__name__)))
