"""Options of metrics: numbers that are held to their range when a metric is made."""

__all__ = ["at_least", "positive"]

import math
import operator
from typing import Any

from latentot.errors import InputError


def at_least(metric: Any, **smallest: int) -> None:
    """Refuse options that are not whole numbers, or too small.

    Args:
        metric: what has the options, and a name.
        **smallest: the smallest number that each option takes.

    Raises:
        InputError: one of them is none.

    >>> import latentot as lot
    >>> lot.drift("knn-kl", neighbours=0)
    Traceback (most recent call last):
    ...
    latentot.errors.InputError: neighbours of knn-kl is a whole number of at least 1, got 0
    """
    for option, least in smallest.items():
        given = getattr(metric, option)
        try:
            number = None if isinstance(given, bool) else operator.index(given)
        except TypeError:
            number = None
        if number is None or number < least:
            raise InputError(f"{option} of {metric.name} is a whole number of at least {least}, got {given!r:.60}")


def positive(metric: Any, *options: str) -> None:
    """Refuse options that are not positive, finite numbers.

    Args:
        metric: what has the options, and a name.
        *options: their names.

    Raises:
        InputError: one of them is none.
    """
    for option in options:
        given = getattr(metric, option)
        try:
            number = math.nan if isinstance(given, bool | str) else float(given)
        except (TypeError, ValueError):
            number = math.nan
        if not 0 < number < math.inf:
            raise InputError(f"{option} of {metric.name} is a positive number, got {given!r:.60}")
