"""What the rounds of a study say together: every method by the round that gave its verdict."""

__all__ = ["joined"]

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from latentot.study.statistics.assemble import Part

Row = dict[str, Any]


def joined(rounds: Sequence[Part]) -> Part:
    """One part of the parts of all rounds.

    Rows and controls are those of every round; of a method's verdicts, and of what was found of its metrics, the last
    round that it took part in counts.

    Args:
        rounds: what each round found, in their order.
    """
    import pandas as pd

    if len(rounds) == 1:
        return rounds[0]
    first = rounds[0]
    facts = {
        "controls": [row for part in rounds for row in part.facts["controls"]],
        "populations": _latest(rounds, "populations", _population),
        "rounds": [row for part in rounds for row in part.facts["rounds"]],
        "verdicts": _latest(rounds, "verdicts", _method),
        "cells": _latest(rounds, "cells", lambda row: (*_method(row), row["metric"])),
        **{name: [row for part in rounds for row in part.facts[name]] for name in ("misses", "walks", "decoder")},
        "failures": [failure for part in rounds for failure in part.facts["failures"]],
        "reasons": _together([why for part in rounds for why in part.facts["reasons"]]),
    }
    artefacts = {name: array for part in rounds for name, array in part.artefacts.items()}
    results = pd.concat([part.results for part in rounds], ignore_index=True)
    return Part(results, facts, artefacts, first.bands, rounds[-1].unsettled)


def _latest(rounds: Iterable[Part], what: str, key: Callable[[Row], tuple[Any, ...]]) -> list[Row]:
    """The row of each key that the last round has, in the order of the first one."""
    return list({key(row): row for part in rounds for row in part.facts[what]}.values())


def _together(reasons: Sequence[Row]) -> list[Row]:
    """Each reason once, with all that it cost in any round."""
    found: dict[str, Row] = {}
    for why in reasons:
        known = found.setdefault(why["reason"], why | {"measurements": 0, "pieces": [], "of": {}})
        known["measurements"] += why["measurements"]
        known["pieces"] += why["pieces"]
        known["of"] = {
            name: list(dict.fromkeys([*known["of"].get(name, []), *values])) for name, values in why["of"].items()
        }
    return list(found.values())


def _population(row: Row) -> tuple[Any, ...]:
    return row["endpoints"], row["reference"], row["space"]


def _method(row: Row) -> tuple[Any, ...]:
    return (*_population(row), row["method"])
