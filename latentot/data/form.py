"""The form in which a data source is asked for, NAME:ARGUMENT[,ARGUMENT], read off what makes its data."""

__all__ = ["arguments_of", "form_of", "is_there"]

import inspect
import os
from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin

from latentot.errors import InputError
from latentot.reading import path_of, printable


def form_of(name: str, factory: Callable[..., Any]) -> str:
    """How a source is asked for.

    Args:
        name: of the source.
        factory: what makes its data of the name as the user wrote it, and of texts.

    >>> form_of("idx", lambda name, images, labels=None: None)
    'idx:IMAGES[,LABELS]'
    """
    form, optional = name, 0
    for place, parameter in enumerate(_parameters(factory)):
        choices = get_args(parameter.annotation) if get_origin(parameter.annotation) is Literal else ()
        shown = "|".join(map(str, choices)) or parameter.name.replace("_", "-").upper()
        may_be_left_out = parameter.default is not parameter.empty
        optional += may_be_left_out
        form += f"{'[' * may_be_left_out}{',' if place else ':'}{shown}"
    return form + "]" * optional


def arguments_of(given: str, name: str, factory: Callable[..., Any], paths: int = 0) -> list[str]:
    """The arguments in a source that somebody asked for.

    Args:
        given: the source as the user wrote it.
        name: of the source.
        factory: what takes the arguments.
        paths: how many of the first arguments are paths: a comma belongs to one where there is such a file.

    Raises:
        InputError: there are too few, too many, or an empty one.
    """
    _, colon, text = given.partition(":")
    arguments = _split(text, paths) if colon else []
    parameters = _parameters(factory)
    needed = sum(parameter.default is parameter.empty for parameter in parameters)
    if not needed <= len(arguments) <= len(parameters) or not all(arguments):
        raise InputError(f"data source {printable(given)!r}: it is asked for as {form_of(name, factory)}")
    return arguments


def is_there(text: str) -> bool:
    """Whether there is a file or a folder of this name."""
    # Path.exists raises where a name is too long for the disk.
    return bool(text) and os.path.exists(path_of(text, "a file of a data source"))  # noqa: PTH110


def _parameters(factory: Callable[..., Any]) -> list[inspect.Parameter]:
    """What a factory takes after the name."""
    _, *others = inspect.signature(factory).parameters.values()
    return [one for one in others if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]


def _split(text: str, paths: int) -> list[str]:
    """What stands between commas; of a path, as much as there is a file or a folder of."""
    pieces = text.split(",")
    found: list[str] = []
    while pieces and len(found) < paths:
        starts = [",".join(pieces[:n]) for n in range(len(pieces), 0, -1)]
        own = next((start for start in starts if is_there(start)), pieces[0])
        found.append(own)
        pieces = pieces[own.count(",") + 1 :]
    return found + pieces
