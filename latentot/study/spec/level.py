"""Levels: how often a comparison may err, split over all that it tests, and the settings that can reach them."""

__all__ = ["LEVEL", "Levels", "check_reach", "draws_that_reach", "min_p_value"]

import itertools
import math
from typing import NamedTuple

from latentot.errors import InputError

LEVEL = 0.05
"""Of one test by itself: settings whose least p-value is not below it can find nothing."""


class Levels(NamedTuple):
    """How often a comparison errs.

    Both are split by Bonferroni's inequality, which holds for tests that share pairs, and for rounds of which a later
    one is computed only where an earlier one has not decided:

        drift = false_drift / (subjects x spaces x populations x methods x rounds),    keep = false_keep / rounds,

    with as many populations, methods and rounds as the space has that points are measured in: each of S spaces has
    false_drift / S.

    Args:
        drift: the level of the test of one method in one round.
        keep: the chance that one upper bound lies below the excess that it bounds.
        tests: subjects x spaces x populations x methods x rounds.
        rounds: how many there are at most.

    References:
        Dunn: Multiple comparisons among means. J. Am. Stat. Assoc. 56 (1961).
    """

    drift: float
    keep: float
    tests: int = 1
    rounds: int = 1

    @classmethod
    def split(cls, false_drift: float, false_keep: float, *, tests: int, rounds: int, min_p: float) -> "Levels":
        """Levels of each test; where ranks cannot reach them, 0.05, which says what the whole comparison has then.

        Args:
            false_drift: the chance that any method that keeps the prior is said to drift.
            false_keep: the chance that a method that misses by the margin is said to keep.
            tests: subjects x spaces x populations x methods x rounds.
            rounds: of one method.
            min_p: the least p-value of one test.

        >>> Levels.split(0.01, 0.05, tests=20, rounds=5, min_p=1e-4)
        Levels(drift=0.0005, keep=0.01, tests=20, rounds=5)
        >>> Levels.split(0.01, 0.05, tests=4, rounds=1, min_p=0.025).false_drift
        0.2
        """
        drift = false_drift / tests
        return cls(drift if min_p < drift else LEVEL, false_keep / rounds, tests, rounds)

    @property
    def false_drift(self) -> float:
        """The chance, at most, that any method that keeps the prior is said to drift."""
        return min(1.0, self.tests * self.drift)

    @property
    def false_keep(self) -> float:
        """The chance, at most, that a method that misses by the margin is said to keep."""
        return min(1.0, self.rounds * self.keep)


def min_p_value(repeats: int, null_draws: int) -> float:
    """The least p-value of the mean of R repeats among B null draws, 1 / C(R + B, R): of one repeat 1 / (B + 1).

    Where nothing drifts all R + B are exchangeable, and any R of them may be the greatest.

    >>> min_p_value(1, 19), min_p_value(2, 19) == 1 / 210
    (0.05, True)
    """
    return 1 / math.comb(repeats + null_draws, repeats)


def draws_that_reach(level: float, repeats: int, null_draws: int) -> int:
    """Null draws with which p-values can fall below a level: as many as are given, or more.

    >>> draws_that_reach(0.0005, 3, 39), draws_that_reach(0.0005, 1, 39)
    (39, 2000)
    """
    return next(draws for draws in itertools.count(null_draws) if min_p_value(repeats, draws) < level)


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
    draws = draws_that_reach(LEVEL, repeats, null_draws)
    enough = next(number for number in itertools.count(repeats) if min_p_value(number, null_draws) < LEVEL)
    given = f"{repeats} repeat{'s' * (repeats != 1)}" + (f" ({why})" if why else "")
    other = "fewer pairs" if why else f"repeats of at least {enough}"
    raise InputError(
        f"{given} and {null_draws} null draws can decide nothing: the least p-value that they can give is "
        f"{least:.3g}, and drift is found below {LEVEL:g}: take null_draws of at least {draws}, or {other}"
    )
