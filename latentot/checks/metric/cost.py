"""A check of cost: time grows with the points no faster than the metric says."""

__all__ = ["COST", "stated_power"]

import re
import time

from latentot.checks.check import Check, Finding, failed, skipped
from latentot.checks.metric.case import Case

SIZES = tuple(64 * 2**k for k in range(9))
ENOUGH = 0.1
"""Seconds of one judgement after which no more points are tried."""
ALLOWED, PER_POINT = 6, 0.4
"""r times the points may take 6 r^0.4 times as long as the stated power of r says, 55 times where r = 256: memory out
of the caches was seen to cost up to 13 times as much per point, and one power more costs 256 times as much. Times are
the least of several of this thread's own, in which other programs do not count."""
REPEATS = 5


def stated_power(cost: str) -> int | None:
    """The power of n in a stated cost, its logarithms left out, k points for n; None where none can be read.

    >>> [stated_power(cost) for cost in ("O(n (d + log n))", "O(k^2 d), k = min(n, 2000)", "not stated")]
    [1, 2, None]
    """
    match = re.match(r"O\((.*)", cost)
    if not match:
        return None
    said = match[1].partition("),")[0]
    if re.search(r"\b[nmk] [nmk]\b", said):
        return 2
    powers = [int(power or 1) for power in re.findall(r"\b[nmk](?:\^(\d+))?(?!\w)", said)]
    return max(powers, default=None)


def _cost(case: Case) -> Finding | None:
    power = stated_power(case.metric.cost)
    if power is None:
        return skipped(f"its cost, {case.metric.cost!r}, has no power of n, such as O(n d)")
    seconds: dict[int, float] = {}
    for n in (size for size in SIZES if size >= 2 * case.metric.min_points):
        seconds[n] = _seconds(case, n)
        if seconds[n] > ENOUGH:
            break
    if not seconds:
        return skipped(f"it needs {case.metric.min_points} points")
    (few, least), (many, most) = next(iter(seconds.items())), list(seconds.items())[-1]
    ratio = many / few
    if most <= least * ratio**power * ALLOWED * ratio**PER_POINT:
        return None
    return failed(
        f"{many:,} points take {most / least:.0f} times as long as {few:,}, and {many // few} times the points should "
        f"take {(many // few) ** power} times as long: state what it costs, now {case.metric.cost}"
    )


def _seconds(case: Case, n: int) -> float:
    """The least time of one judgement of n points against as many."""
    reference = case.prior if case.one_sample else case.drawn(n, 7, n)
    judge, z, found = case.judge(reference), case.drawn(n, 8, n), []
    for _ in range(REPEATS):
        start = time.thread_time()
        judge(z)
        found.append(time.thread_time() - start)
        if found[-1] > ENOUGH:
            break
    return max(min(found), 1e-6)


COST = Check("cost", "time grows with points no faster than its cost says", _cost)
