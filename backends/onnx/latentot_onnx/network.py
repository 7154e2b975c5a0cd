"""A network in an ONNX file, on NumPy arrays."""

__all__ = ["Network", "Wanted"]

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError, unknown_name
from latentot_onnx.fixed import Fixed

BATCH = 1024
KINDS = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16}


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a network that may have more inputs and outputs.

    Args:
        n: how many outputs.
        outputs: their names, in the order wanted; None where it has no others.
        inputs: a fixed value for each input but one, by name.
        option: how outputs are chosen, for messages.
    """

    n: int
    outputs: tuple[str, ...] | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    option: str = "outputs"


class Network:
    """Rows in, one or more arrays of as many rows out, in batches of bounded size.

    It pickles as its path and what it is called, so the file must be there where it is unpickled.

    Args:
        option: the option that names it, for messages.
        path: the file, which has been looked at.
        wanted: its outputs, and what its other inputs are given.
        device: "cpu" or "cuda".

    Raises:
        InputError: ONNX Runtime refuses the file, or inputs and outputs are not as expected.
    """

    def __init__(self, option: str, path: Path, wanted: Wanted, device: str) -> None:
        import onnxruntime

        self._made_of = (option, path, wanted, device)
        self.title = f"the {option} {path}"
        settings = onnxruntime.SessionOptions()
        settings.log_severity_level = 4  # what it would write is in the exception
        providers = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
        here = [name for name, provider in providers.items() if provider in onnxruntime.get_available_providers()]
        if device not in here:
            raise InputError(f"the device {device!r} is not available: choose one of {', '.join(here)}")
        try:
            self._session = onnxruntime.InferenceSession(str(path), settings, providers=[providers[device]])
        except Exception as error:
            raise InputError(f"ONNX Runtime cannot run {self.title}: {_short(error)}") from error
        self._input = self._rows_of(wanted)
        chosen = self._chosen(wanted)
        self._names = [output.name for output in chosen]
        self.outputs = [tuple(output.shape) for output in chosen]
        for found in (self._input, *chosen):
            if found.type not in KINDS:
                raise InputError(f"{self.title} has numbers that are not floating-point: {found.name} {found.type}")
        if len(self._input.shape) < 2:
            raise InputError(f"{self.title} takes shape {self._input.shape}: (n, ...) is expected, a row for each")
        self._batch = self._input.shape[0] if isinstance(self._input.shape[0], int) else None
        self._fixed = [
            Fixed.of(one, wanted.inputs[one.name], self._input.shape[0], self.title)
            for one in self._session.get_inputs()
            if one.name in wanted.inputs
        ]

    def _rows_of(self, wanted: Wanted) -> Any:
        """The input that no value was fixed for."""
        inputs = {one.name: one for one in self._session.get_inputs()}
        for name in wanted.inputs:
            if name not in inputs:
                raise unknown_name(f"input of {self.title}", name, inputs)
        left = [one for name, one in inputs.items() if name not in wanted.inputs]
        if len(left) == 1:
            return left[0]
        listed = ", ".join(f"{one.name} {_said(one)}" for one in inputs.values())
        raise InputError(
            f"{self.title} has the inputs {listed}: fix the value of all but one, such as {{{list(inputs)[-1]} = 0}}, "
            f"with the option {'inputs' if wanted.option == 'output' else 'encoder_inputs'}"
        )

    def _chosen(self, wanted: Wanted) -> list[Any]:
        found = {one.name: one for one in self._session.get_outputs()}
        for name in wanted.outputs or ():
            if name not in found:
                raise unknown_name(f"output of {self.title}", name, found)
        chosen = tuple(found) if wanted.outputs is None else wanted.outputs
        if len(chosen) != wanted.n:
            listed = ", ".join(f"{one.name} {_said(one)}" for one in found.values())
            expected = f"{wanted.n} {'is' if wanted.n == 1 else 'are'} expected"
            raise InputError(
                f"{self.title} has {len(found)} outputs, {listed}; {expected}: say which, as {wanted.option}"
            )
        return [found[name] for name in chosen]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one row of its input.

        Raises:
            InputError: the file leaves it open.
        """
        shape = tuple(self._input.shape[1:])
        if not all(isinstance(size, int) and size > 0 for size in shape):
            raise InputError(f"{self.title} leaves the shape of its input open, {shape}: fix all but the first in it")
        return shape

    def __call__(self, rows: NDArray[Any]) -> list[NDArray[Any]]:
        """Its outputs for rows of shape (n, *shape), each of shape (n, ...).

        Raises:
            InputError: rows have another shape, or the network fails on them.
        """
        given = np.asarray(rows, dtype=KINDS[self._input.type])
        if given.ndim == 0 or given.shape[1:] != self.shape:
            raise InputError(f"{self.title} takes shape (n, {', '.join(map(str, self.shape))}), got {given.shape}")
        size = self._batch or BATCH
        starts = range(0, max(len(given), 1), size)
        pieces = [self._run(given[start : start + size]) for start in starts]
        return [np.concatenate(parts) for parts in zip(*pieces, strict=True)]

    def _run(self, batch: NDArray[Any]) -> list[NDArray[Any]]:
        # Where the export fixed n, a shorter batch is filled up, and what is made of the filling is dropped.
        missing = (self._batch or len(batch)) - len(batch)
        filled = np.concatenate([batch, np.zeros((missing, *batch.shape[1:]), batch.dtype)]) if missing else batch
        try:
            given = {one.name: one.rows(len(filled)) for one in self._fixed}
            found = self._session.run(self._names, {self._input.name: filled, **given})
        except Exception as error:
            raise InputError(f"{self.title} fails on shape {filled.shape}: {_short(error)}") from error
        for output in found:
            if output.shape[:1] != filled.shape[:1]:
                raise InputError(
                    f"{self.title} gives shape {output.shape} for {len(filled)} rows: export it with n open"
                )
        return [output[: len(batch)] for output in found]

    def __reduce__(self) -> tuple[Any, ...]:
        return Network, self._made_of


def _said(value: Any) -> str:
    return f"({', '.join(map(str, value.shape))})"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
