"""Methods that are given as objects: by name where the catalogue knows how to make them, else beside the study."""

__all__ = ["own_methods"]

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from latentot.errors import InputError
from latentot.paths import METHODS, Interpolation
from latentot.priors import Prior
from latentot.study.spec.identity import identity
from latentot.study.spec.study import Choice

PLAIN = (bool, int, float, str, type(None))


def own_methods(methods: Any, prior: Prior) -> tuple[Any, dict[str, Any]]:
    """Methods as a study has them, and those of them that it has by name only.

    An `Interpolation` of latentot's becomes its name and its options; any other, and any callable (z0, z1, t) -> z,
    stays what it is, by its `__name__`, or by the name in a pair ("name", f).

    Args:
        methods: names, tables, interpolations, callables or pairs; or one of them.
        prior: the law that endpoints are draws of.

    Raises:
        InputError: an interpolation is of another prior, two have one name, or one has the name of latentot's own.
    """
    if isinstance(methods, str | Mapping) or not isinstance(methods, Iterable):
        methods = [methods]
    own: dict[str, Any] = {}
    choices = [_choice(given, prior, own) for given in methods]
    return choices, own


def _choice(given: Any, prior: Prior, own: dict[str, Any]) -> Any:
    named = isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], str) and callable(given[1])
    name, path = given if named else ("", given)
    if not callable(path) or isinstance(path, type):
        return given
    if isinstance(path, Interpolation):
        if path.prior != prior:
            raise InputError(f"{path!r} walks between draws of another prior than {prior!r}: make it for that one")
        if not name and type(path) is METHODS.own.get(path.name) and (options := _plain(path)) is not None:
            return Choice(name=path.name, options=options)
    name = name or str(getattr(path, "name", "") or getattr(path, "__name__", type(path).__name__))
    name = "function" if name == "<lambda>" else name
    if name in own or name in METHODS.own:
        whose = "latentot's own" if name in METHODS.own else "another method's"
        raise InputError(f'the name {name!r} is {whose}: give a pair, ("another name", function)')
    own[name] = path
    return Choice(name=name, own=identity(path))


def _plain(path: Interpolation) -> dict[str, Any] | None:
    """Options that are not as they would be anyway; None where one is no plain data."""
    given = {
        field.name: getattr(path, field.name)
        for field in dataclasses.fields(path)
        if field.init and field.name != "prior" and getattr(path, field.name) != field.default
    }
    return given if all(isinstance(value, PLAIN) for value in given.values()) else None
