"""Outcomes of cells as text and back, every bit of them: plain data, which executes nothing when it is read."""

__all__ = ["decode", "encode"]

import base64
import dataclasses
import json
from typing import Any

import numpy as np

from latentot.errors import InputError
from latentot.judges import Judgement
from latentot.metrics import Measurement
from latentot.study.work.cells import MethodOutcome
from latentot.study.work.controls import Controls
from latentot.study.work.decoder import DecoderOutcome
from latentot.study.work.failure import Failure

RECORDS: dict[str, Any] = {
    record.__name__: record for record in (Measurement, Judgement, MethodOutcome, DecoderOutcome, Controls, Failure)
}
KIND = "kind"


def encode(outcome: Any) -> str:
    """Measurements, records, arrays, and lists and dicts of them as JSON; keys are plain, or tuples of what is.

    Floats are written with as many digits as tell them apart, so that they come back bit for bit.

    >>> decode(encode([{("emd", 0.5): Measurement(0.1, float("inf"), 3)}, np.arange(2)]))
    [{('emd', 0.5): Measurement(value=0.1, raw=inf, n_used=3)}, array([0, 1])]
    """
    return json.dumps(_tagged(outcome), separators=(",", ":"))


def decode(text: str) -> Any:
    """The outcome that a text stands for.

    Raises:
        InputError: the text is none of `encode`.
    """
    try:
        return json.loads(text, object_hook=_record)
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"an outcome cannot be read: {error}") from error


def _tagged(value: Any) -> Any:
    if isinstance(value, Measurement):
        return {KIND: "Measurement"} | value._asdict()
    if dataclasses.is_dataclass(value) and type(value).__name__ in RECORDS:
        fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {KIND: type(value).__name__} | {name: _tagged(part) for name, part in fields}
    if isinstance(value, np.ndarray):
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {KIND: "array", "dtype": value.dtype.str, "shape": value.shape, "data": data}
    if isinstance(value, dict):
        return {KIND: "dict", "items": [[name, _tagged(part)] for name, part in value.items()]}
    if isinstance(value, list | tuple):
        return [_tagged(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _record(stored: dict[str, Any]) -> Any:
    kind = stored.pop(KIND)
    if kind == "dict":
        return {tuple(key) if isinstance(key, list) else key: value for key, value in stored["items"]}
    if kind == "array":
        flat = np.frombuffer(base64.b64decode(stored["data"]), dtype=np.dtype(stored["dtype"]))
        return flat.reshape(stored["shape"]).copy()
    return RECORDS[kind](**stored)
