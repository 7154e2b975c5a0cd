"""Objects in a few words, for representations of one line."""

__all__ = ["brief"]

from collections.abc import Mapping
from typing import Any

import numpy as np

MOST = 6
"""Numbers or entries that are written out."""
LETTERS = 80


def brief(value: Any) -> str:
    """A value in a few words: what is long is described, and nothing breaks the line.

    >>> brief(3.0), brief((1, 8, 8)), brief(np.zeros((500, 3)))
    ('3', '(1, 8, 8)', 'float64 array of shape (500, 3)')
    >>> brief({"alpha": [0.5] * 9})
    '{alpha: list of 9}'
    """
    if isinstance(value, np.ndarray | np.generic) and value.size <= MOST:
        value = value.tolist()
    if isinstance(value, np.ndarray):
        text = f"{value.dtype} array of shape {value.shape}"
    elif isinstance(value, float):
        text = repr(value).removesuffix(".0")
    elif isinstance(value, list | tuple) and len(value) > MOST:
        text = f"{type(value).__name__} of {len(value)}"
    elif type(value) in (list, tuple):
        inside = ", ".join(map(brief, value))
        text = f"[{inside}]" if isinstance(value, list) else f"({inside}{',' * (len(value) == 1)})"
    elif isinstance(value, Mapping):
        inside = ", ".join(f"{key}: {brief(part)}" for key, part in list(value.items())[:MOST])
        text = f"{{{inside}{', ...' * (len(value) > MOST)}}}"
    elif callable(value) and hasattr(value, "__qualname__"):
        text = str(value.__qualname__).rpartition(".<locals>.")[2]
    else:
        text = repr(value)
    text = " ".join(text.split())
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 3]}..."
