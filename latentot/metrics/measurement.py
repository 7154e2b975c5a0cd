"""What a metric gives: a measurement of points, and what measures."""

__all__ = ["Judge", "Measurement", "Search", "nearby", "through"]

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from latentot.numerics.points import Points


class Measurement(NamedTuple):
    """What a metric found: the value, the value before it was debiased, and how many points it used."""

    value: float
    raw: float
    n_used: int


Judge = Callable[[Points], Measurement]
"""Measures a sample against what the judge was prepared with."""


@dataclass(frozen=True)
class Search:
    """A judge that holds a search on each sample, and can leave it out for samples that are nearly the same.

    Args:
        judge: searches, and measures what it has found.
        nearby: of a sample, a judge that measures what is found on that one, whatever it is given.
    """

    judge: Judge
    nearby: Callable[[Points], Judge]

    def __call__(self, z: Points) -> Measurement:
        return self.judge(z)


def nearby(judge: Judge, z: Points) -> Judge:
    """A judge of samples with most of the points of z; where a search is held, what it finds on z stands for them.

    What changes the value least at an optimum is where the optimum lies, so that the values differ in second order.
    """
    return judge.nearby(z) if isinstance(judge, Search) else judge


def through(judge: Judge, outer: Callable[[Judge], Judge], put: Callable[[Points], Points]) -> Judge:
    """A judge around another, that searches where the other does.

    Args:
        judge: the inner one.
        outer: makes the outer judge of an inner one.
        put: what the inner judge is given of a sample.
    """
    if isinstance(judge, Search):
        return Search(outer(judge), lambda z: outer(judge.nearby(put(z))))
    return outer(judge)
