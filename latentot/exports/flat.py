"""Verdicts as single values under names that trackers accept."""

__all__ = ["known", "measured", "said"]

import math
import re
from collections.abc import Mapping
from typing import Any

from latentot.comparison import Comparison
from latentot.runformat import population_label

_NUMBERS = ("share", "share_low", "share_high", "excess", "p_value", "seconds")


def measured(result: Comparison) -> dict[str, float]:
    """Numbers of all verdicts: what the columns of `Comparison.verdict` say, and `keeps`, 1 or 0.

    Args:
        result: what was found.

    Returns:
        By `latentot/POPULATION/METHOD/NAME`; what is not known is left out.

    >>> import latentot as lot
    >>> result = lot.compare(lot.Normal(8), "linear", "norm-ks", n=60, repeats=2, null_draws=19, seed=0)
    >>> measured(result)["latentot/prior/linear/keeps"]
    0.0
    """
    found = {}
    for row in result.outcome.facts["verdicts"]:
        if row["status"] == "ok":
            found[f"{_place(row)}/keeps"] = float(row["verdict"] == "keeps")
        found |= {f"{_place(row)}/{name}": float(row[name]) for name in _NUMBERS if known(row[name])}
    return found


def said(result: Comparison) -> dict[str, str]:
    """Verdicts and their reasons, by `latentot/POPULATION/METHOD/verdict` and `.../reason`.

    Args:
        result: what was found.
    """
    rows = result.outcome.facts["verdicts"]
    return {f"{_place(row)}/{name}": str(row[name]) for row in rows for name in ("verdict", "reason")}


def known(value: Any) -> bool:
    """Whether it is a finite number.

    >>> known(0.5), known(None), known(float("nan"))
    (True, False, False)
    """
    return value is not None and math.isfinite(value)


def _place(row: Mapping[str, Any]) -> str:
    population = population_label(row["endpoints"], row["reference"], row["space"])
    parts = (row["subject"], population, row["method"])
    return "/".join(["latentot", *(re.sub(r"[^\w.:-]+", "-", part).strip("-") or "-" for part in parts if part)])
