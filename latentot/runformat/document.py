"""JSON documents: written as strict JSON, read as their declaration says, refused in one line where they are not so."""

__all__ = ["as_json", "read_document"]

import json
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from latentot.errors import InputError
from latentot.reading import printable, refuse_pointer

Document = TypeVar("Document")

_NAMED = "a set of named values"
_WANTED = {
    "string_type": "text",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "dict_type": _NAMED,
    "dataclass_type": _NAMED,
}


def as_json(facts: Any) -> bytes:
    """Facts as a file of strict JSON: a number that is not finite is null, what is no plain data is its text.

    >>> as_json({"t": (np.float64(0.5), float("nan")), "path": Path("a")})
    b'{\\n "t": [\\n  0.5,\\n  null\\n ],\\n "path": "a"\\n}\\n'
    """
    return (json.dumps(_for_json(facts), indent=1, ensure_ascii=False) + "\n").encode()


def _for_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {printable(str(key)): _for_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_for_json(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if isinstance(value, int | float | bool | None) else printable(str(value))


def read_document(path: Path, kind: type[Document], schema: int, again: str) -> Document:
    """Read a JSON document.

    Args:
        path: the file.
        kind: the dataclass that declares it; names that it does not have are passed over.
        schema: the version that is read.
        again: what to do where the file cannot be read.

    Raises:
        InputError: the file is missing, damaged, of another version, or not as declared.
    """
    refuse_pointer(path)
    try:
        stored = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): {again}") from error
    except (ValueError, RecursionError) as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{path} is damaged ({why}): {again}") from error
    if not isinstance(stored, dict):
        raise InputError(f"{path} is damaged (it holds no named sections): {again}")
    found = stored.get("schema")
    if type(found) is not int or found != schema:
        advice = "upgrade latentot to read it" if isinstance(found, int) and found > schema else again
        raise InputError(f"{path} has schema {found!r}, this latentot reads schema {schema}: {advice}")
    try:
        return TypeAdapter(kind).validate_python(stored)
    except ValidationError as error:
        raise InputError(f"{path} is damaged ({_problem(error.errors()[0])}): {again}") from error


def _problem(error: ErrorDetails) -> str:
    """The first thing that is not as declared, in words."""
    *parents, last = error["loc"]
    if error["type"] == "missing" or (error["input"] is None and isinstance(last, str)):
        return f"{_place(parents) or 'it'} has no {last}"
    place = _place([*parents, last])
    if error["type"] in ("list_type", "tuple_type"):
        return f"{place} is not a list"
    wanted = _WANTED.get(error["type"])
    return f"{place} is {error['input']!r:.60}, not {wanted}" if wanted else error["msg"]


def _place(names: list[int | str]) -> str:
    return "".join(f"[{name}]" if isinstance(name, int) else f".{name}" for name in names).removeprefix(".")
