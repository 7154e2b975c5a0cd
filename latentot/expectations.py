"""Verdicts as they are expected to be: what may be expected, and what came out otherwise."""

__all__ = ["VERDICTS", "expected_verdicts", "surprises"]

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from latentot.errors import InputError, unknown_name

VERDICTS = ("keeps", "drifts", "inconclusive")


def expected_verdicts(given: Mapping[str, str], methods: Iterable[str], where: str) -> dict[str, str]:
    """Expected verdicts by the names that methods have in a comparison.

    Args:
        given: verdicts by methods, under any name that the catalogue knows them by.
        methods: those that are compared.
        where: what was given, as a message says it.

    Raises:
        InputError: a verdict is none, or a method is not compared.

    >>> expected_verdicts({"lerp": "drifts"}, ["linear", "cauchy"], "expect")
    {'linear': 'drifts'}
    """
    from latentot.paths import METHODS

    known, found = set(methods), {}
    for name, verdict in given.items():
        if verdict not in VERDICTS:
            raise InputError(f"{where} takes a verdict out of {', '.join(VERDICTS)}, got {verdict!r} for {name!r}")
        method = name
        if method not in known:
            # By another word for it, maybe: studies have the catalogue's names.
            with suppress(InputError):
                method = METHODS.resolve(method)
        if method not in known:
            raise unknown_name(f"method in {where}", method, known)
        found[method] = verdict
    return found


def surprises(verdicts: Iterable[Mapping[Any, Any]], expected: Mapping[str, str]) -> list[str]:
    """What came out other than expected, a line a method, with the verdict's reason.

    >>> surprises([{"method": "linear", "verdict": "drifts", "reason": "norms shrink"}], {"linear": "keeps"})
    ['linear drifts, expected keeps (norms shrink)']
    """
    return [
        f"{row['method']} {row['verdict']}, expected {expected[row['method']]} ({row['reason']})"
        for row in verdicts
        if expected.get(row["method"], row["verdict"]) != row["verdict"]
    ]
