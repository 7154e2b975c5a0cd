"""Equality and hash by value for dataclasses whose fields may be arrays."""

__all__ = ["ByValue", "shown"]

import dataclasses
from typing import Any

import numpy as np

SHOWN = 8
"""Longer arrays are shown by their size, their least and their greatest number."""


class ByValue:
    """A frozen dataclass, declared with eq=False and repr=False, that compares its fields by value, arrays included.

    So laws and priors with one number per coordinate can be keys of caches, as those with one number for all can.
    """

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _fields_of(self) == _fields_of(other)

    def __hash__(self) -> int:
        return hash((type(self), *_fields_of(self)))


def _fields_of(value: Any) -> tuple[Any, ...]:
    return tuple(_hashable(getattr(value, field.name)) for field in dataclasses.fields(value))


def _hashable(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        # Zero has two signs, and -0.0 == 0.0.
        return value.shape, (value + 0.0).tobytes()
    return tuple(map(_hashable, value)) if isinstance(value, tuple) else value


def shown(value: Any) -> str:
    """A parameter as text of one line.

    >>> shown(np.array([1.0, 2.0])), shown(np.arange(99.0))
    ('[1.0, 2.0]', '<99 numbers from 0 to 98>')
    """
    if not isinstance(value, np.ndarray):
        return repr(value)
    if value.size <= SHOWN:
        return repr(value.tolist())
    return f"<{value.size} numbers from {value.min():g} to {value.max():g}>"
