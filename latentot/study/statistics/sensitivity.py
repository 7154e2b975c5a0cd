"""What a comparison would have seen: the least miss of each kind that some metric tells from none."""

__all__ = ["miss_rows"]

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from latentot.metrics import Measurement
from latentot.study.statistics.table import Table
from latentot.study.statistics.verdict import Finding
from latentot.study.work.failure import Failure
from latentot.study.work.spoiled import MISSES, SHIFT

Measured = Mapping[tuple[str, float], Mapping[str, Measurement | Failure]]
"""Each metric, by a miss and its size; with size 0 nothing is missed."""


def miss_rows(
    table: Table, verdicts: Sequence[Mapping[str, Any]], measured: Measured | Failure
) -> list[dict[str, Any]]:
    """For each method that keeps the prior, and each kind of miss, the least size that is seen at every t; plain data.

    Args:
        table: of the population.
        verdicts: its verdicts, as plain data.
        measured: what metrics give of spoiled draws.
    """
    if isinstance(measured, Failure):
        return []
    rows = []
    for verdict in verdicts:
        if verdict["verdict"] != "keeps":
            continue
        own = {name: verdict[name] for name in ("model", "prior", "dim", "endpoints", "reference", "space", "method")}
        for miss in MISSES:
            if sizes := sorted(size for name, size in measured if name == miss):
                least, metric = _least(table.findings[verdict["method"]], measured, miss, sizes)
                finite = math.isfinite(least)
                rows.append(
                    own
                    | {
                        "miss": miss,
                        "least": least if finite else None,
                        "tried": sizes[-1],
                        "unit": _unit(miss, table.plan.subject().prior.moments),
                        "metric": metric if finite else None,
                    }
                )
    return rows


def _unit(miss: str, moments: float) -> str:
    if miss != SHIFT:
        return ""
    return "standard deviations" if moments > 2 else "half interquartile ranges"


def _least(findings: Sequence[Finding], measured: Measured, miss: str, sizes: Sequence[float]) -> tuple[float, str]:
    """The size from which on some metric sees it, at the t where it takes the most, and that metric."""
    excesses = {
        metric: [_excess(measured[miss, size][metric], none) for size in sizes]
        for metric, none in measured["", 0.0].items()
    }
    at_t = {
        t: min((_crossing(sizes, excesses[own.metric], own.least), own.metric) for own in findings if own.t == t)
        for t in {own.t for own in findings}
    }
    return max(at_t.values())


def _excess(spoiled: Measurement | Failure, none: Measurement | Failure) -> float:
    if isinstance(spoiled, Failure) or isinstance(none, Failure):
        return math.nan
    return spoiled.value - none.value


def _crossing(sizes: Sequence[float], excesses: Sequence[float], least: float) -> float:
    """The size with an excess that is seen; infinite where none that was tried is.

    Between two sizes the excess is taken for a power of the size, at most its square: that is how distances grow.

    >>> round(_crossing([0.1, 0.3, 0.9], [0.01, 0.09, 0.81], 0.25), 6)
    0.5
    >>> _crossing([0.1, 0.3], [0.0, 0.2], 0.25), _crossing([0.1, 0.3], [0.3, 0.9], 0.25)
    (inf, 0.1)
    """
    below = [place for place, excess in enumerate(excesses) if not excess >= least]
    if not below:
        return sizes[0]
    last = below[-1]
    if last == len(sizes) - 1:
        return math.inf
    (a, b), after = sizes[last : last + 2], excesses[last + 1]
    # fmax: what could not be measured is not seen, and says nothing of the exponent.
    before = float(np.fmax(excesses[last], after * (a / b) ** 2))
    return b if before >= least else a * (b / a) ** (math.log(least / before) / math.log(after / before))
