"""The level that verdicts are reached at, and the settings that can reach it."""

__all__ = ["LEVEL", "check_reach", "min_p_value"]

import itertools
import math

from latentot.errors import InputError

LEVEL = 0.05


def min_p_value(repeats: int, null_draws: int) -> float:
    """The least p-value of the mean of R repeats among B null draws, 1 / C(R + B, R): of one repeat 1 / (B + 1).

    Where nothing drifts all R + B are exchangeable, and any R of them may be the greatest.

    >>> min_p_value(1, 19), min_p_value(2, 19) == 1 / 210
    (0.05, True)
    """
    return 1 / math.comb(repeats + null_draws, repeats)


def check_reach(repeats: int, null_draws: int, why: str = "") -> None:
    """Refuse settings with which no drift, however great, is beyond chance.

    Args:
        repeats: of each method.
        null_draws: that they are held against.
        why: there are not more repeats; empty where more can be asked for.

    Raises:
        InputError: the least p-value is not below the level; the message has the least that can reach it.
    """
    if (least := min_p_value(repeats, null_draws)) < LEVEL:
        return
    draws = next(draws for draws in itertools.count(null_draws) if min_p_value(repeats, draws) < LEVEL)
    enough = next(number for number in itertools.count(repeats) if min_p_value(number, null_draws) < LEVEL)
    given = f"{repeats} repeat{'s' * (repeats != 1)}" + (f" ({why})" if why else "")
    other = "fewer pairs" if why else f"repeats of at least {enough}"
    raise InputError(
        f"{given} and {null_draws} null draws can decide nothing: the least p-value that they can give is "
        f"{least:.3g}, and drift is found below {LEVEL:g}: take null_draws of at least {draws}, or {other}"
    )
