"""Checks of options: each returns the value as plain data, or says what is accepted."""

__all__ = ["positive_number", "whole_number", "whole_numbers"]

import math
import operator
from collections.abc import Iterable

from latentot.errors import InputError


def whole_number(option: str, given: object, *, least: int = 1) -> int:
    """The option as an int of at least `least`; numpy's integers are accepted, bool is not.

    Raises:
        InputError: it is no whole number, or too small.

    >>> whole_number("latent", 8)
    8
    """
    try:
        number = operator.index(given)  # type: ignore[arg-type]
    except TypeError:
        number = least - 1
    if isinstance(given, bool) or number < least:
        raise InputError(f"{option} is a whole number of at least {least}, got {given!r}")
    return number


def whole_numbers(option: str, given: object) -> tuple[int, ...]:
    """The option as a tuple of one or more positive ints; a single one stands for a tuple of one.

    Raises:
        InputError: it is empty, or one of them is no positive whole number.

    >>> whole_numbers("hidden", [256, 256])
    (256, 256)
    """
    many = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    try:
        numbers = tuple(whole_number(option, number) for number in many)
    except InputError:
        numbers = ()
    if not numbers:
        raise InputError(f"{option} is one or more positive whole numbers, got {given!r}")
    return numbers


def positive_number(option: str, given: object) -> float:
    """The option as a finite float above zero.

    Raises:
        InputError: it is no number, or not finite, or not above zero.

    >>> positive_number("learning_rate", 1e-3)
    0.001
    """
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < math.inf:
        raise InputError(f"{option} is a finite number above 0, got {given!r}")
    return float(given)
