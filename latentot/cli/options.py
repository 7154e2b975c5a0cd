"""Flags of the form key=value, and names with such options."""

__all__ = ["chosen", "expectations", "key_values"]

import tomllib
from typing import Any

from latentot.cli.app import USAGE, fail
from latentot.errors import InputError


def key_values(options: list[str]) -> dict[str, Any]:
    """key=value flags; a value is read as TOML where it is TOML (8, 0.5, true), else it is text."""
    found: dict[str, Any] = {}
    for option in options:
        key, equals, text = option.partition("=")
        if not equals or not key:
            fail(f"an option is given as key=value, got {option!r}", USAGE)
        try:
            found[key] = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            found[key] = text
    return found


def chosen(name: str) -> str | dict[str, Any]:
    """A name as it is, or NAME:key=value,key=value as a name with options, which are read as those of `key_values`.

    >>> chosen("mmd"), chosen("mmd:width=2.0,max_points=500")
    ('mmd', {'name': 'mmd', 'options': {'width': 2.0, 'max_points': 500}})
    """
    name, colon, options = name.partition(":")
    return {"name": name, "options": key_values(options.split(","))} if colon else name


def expectations(given: list[str], methods: set[str]) -> dict[str, str]:
    """method=verdict flags."""
    from latentot.expectations import VERDICTS, expected_verdicts

    found = {}
    for one in given:
        method, _, verdict = one.rpartition("=")
        if verdict not in VERDICTS:
            raise InputError(f"--expect takes method=verdict, a verdict out of {', '.join(VERDICTS)}, got {one!r}")
        found[method] = verdict
    return expected_verdicts(found, methods, "--expect")
