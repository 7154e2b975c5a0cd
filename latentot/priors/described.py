"""Priors and laws as plain data, the same in every process: for records and for keys."""

__all__ = ["Described", "UnknownError", "known_facts", "plain_facts"]

import contextlib
import dataclasses
import functools
import hashlib
import re
import reprlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.brief import brief

LISTED = 16
"""Arrays of up to so many numbers are listed; for larger ones there is a digest."""
DEEPEST = 8
"""Greatest depth of nested objects, so that one that contains itself comes to an end."""
OWN = ("latentot", "numpy", "scipy")
"""Packages whose code is identified by their version."""
IDLE = ("seed", "longname")
"""Arguments of a distribution of scipy.stats that do not affect its law."""

Foreign = Callable[[object], Any]


class UnknownError(TypeError):
    """An object that plain data cannot describe completely."""


class Described:
    """Something that is determined by its class and its parameters: has `facts`, and a representation of one line."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # Found in the class itself, it is not replaced by the one that `dataclass` writes, which lists whole arrays.
        cls.__repr__ = cls.__repr__  # type: ignore[method-assign]

    @property
    def facts(self) -> dict[str, Any]:
        """Its class and every parameter, as data that JSON can hold; a subclass may add to them.

        An array of more than 16 numbers is given by shape, dtype and SHA-256, an object that is not data by its class
        and representation.
        """
        return _made_of(self, _said, 0)

    @reprlib.recursive_repr()
    def __repr__(self) -> str:
        defaults = _defaults(self)
        given = {name: value for name, value in _parameters(self).items() if not _same(value, defaults.get(name))}
        shape = given.pop("shape", None)
        leading = [] if shape is None else [brief(shape[0] if len(shape) == 1 else shape)]
        return f"{type(self).__name__}({', '.join([*leading, *(f'{k}={brief(v)}' for k, v in given.items())])})"


def plain_facts(value: object) -> Any:
    """Any value as data that JSON can hold; an object that is not data is given by its class and its representation.

    >>> plain_facts({"t": (0.5, float("inf")), "mean": np.zeros(2, np.float32)})
    {'t': [0.5, 'inf'], 'mean': [0.0, 0.0]}
    """
    return _plain(value, _said, 0)


def known_facts(value: object) -> Any:
    """Any value as data that JSON can hold; two such data are equal only where the values are.

    Raises:
        UnknownError: a part is not data, or of code that is not latentot's, NumPy's or SciPy's.

    >>> known_facts(lambda x: x)
    Traceback (most recent call last):
    latentot.priors.described.UnknownError: function
    """
    return _plain(value, _refused, 0)


def _plain(value: Any, foreign: Foreign, depth: int) -> Any:  # noqa: PLR0911 - a kind a line
    if isinstance(value, np.generic) and not isinstance(value, np.longdouble | np.clongdouble):
        value = value.item()
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return value if np.isfinite(value) else str(value)
    if depth > DEEPEST:
        return foreign(value)
    if isinstance(value, Mapping):
        return {
            key if isinstance(key, str) else repr(key): _plain(part, foreign, depth + 1) for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        numbers = len(value) > LISTED and all(type(part) in (int, float) for part in value)
        return _array(np.asarray(value)) if numbers else [_plain(part, foreign, depth + 1) for part in value]
    if isinstance(value, np.ndarray):
        return foreign(value) if value.dtype.hasobject or type(value) is not np.ndarray else _array(value)
    if isinstance(value, Described) or _is_record(value) or _is_distribution(value):
        return _made_of(value, foreign, depth + 1)
    return foreign(value)


def _made_of(value: Any, foreign: Foreign, depth: int) -> dict[str, Any]:
    kind = _kind(value.dist if hasattr(value, "dist") else value)
    if foreign is _refused and kind.split(".")[0] not in OWN:
        raise UnknownError(kind)
    parts = _of_distribution(value) if _is_distribution(value) else _parameters(value)
    return {"class": kind} | {name: _plain(part, foreign, depth) for name, part in parts.items()}


def _parameters(value: Any) -> dict[str, Any]:
    """Fields of a dataclass, then an object's other attributes, but for cached ones."""
    names = [field.name for field in dataclasses.fields(value)] if _is_record(value) else []
    names += [
        name
        for name in getattr(value, "__dict__", {})
        if name not in names and not isinstance(getattr(type(value), name, None), functools.cached_property)
    ]
    return {name: getattr(value, name) for name in names}


def _defaults(value: Any) -> dict[str, Any]:
    return {field.name: field.default for field in dataclasses.fields(value)} if _is_record(value) else {}


def _of_distribution(value: Any) -> dict[str, Any]:
    """Shapes, location and scale of a distribution of scipy.stats, in whichever way they were given."""
    distribution = getattr(value, "dist", value)
    shapes, loc, scale = distribution._parse_args(*getattr(value, "args", ()), **getattr(value, "kwds", {}))
    made_with = {k: v for k, v in distribution._updated_ctor_param().items() if k not in IDLE and v is not None}
    numbers = (np.asarray(number, dtype=np.float64) for number in (*shapes, loc, scale))
    return made_with | {"parameters": [number.item() if number.ndim == 0 else number for number in numbers]}


def _array(numbers: NDArray[Any]) -> Any:
    if numbers.dtype.kind in "biuf" and numbers.size <= LISTED and numbers.dtype.itemsize <= 8:
        return _plain(numbers.tolist(), _said, 0)
    ordered = np.ascontiguousarray(numbers, dtype=numbers.dtype.newbyteorder("<"))
    digest = hashlib.sha256(ordered.tobytes()).hexdigest()
    return {"shape": list(numbers.shape), "dtype": numbers.dtype.name, "sha256": digest}


def _said(value: object) -> Any:
    if hasattr(value, "__array__") and not isinstance(value, np.ndarray):
        with contextlib.suppress(TypeError, ValueError, RuntimeError):  # such as a tensor on a device
            return _plain(np.asarray(value), _said, DEEPEST)
    said = {"class": _kind(value) if not hasattr(value, "__qualname__") else value.__qualname__}
    if type(value).__repr__ is not object.__repr__ and not callable(value):
        said["repr"] = re.sub(r" at 0x[0-9a-f]+", "", brief(value))
    return said


def _refused(value: object) -> Any:
    raise UnknownError(_kind(value))


def _kind(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")


def _is_record(value: object) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _is_distribution(value: object) -> bool:
    return hasattr(getattr(value, "dist", value), "_updated_ctor_param")


def _same(value: object, default: object) -> bool:
    return type(value) is type(default) and not isinstance(value, np.ndarray) and bool(value == default)
