"""A network in an ONNX file, on NumPy arrays."""

__all__ = ["Network"]

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError

BATCH = 1024
KINDS = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16}


class Network:
    """One input, one or more outputs, in batches of bounded size.

    It pickles as its path and what it is called, so the file must be there where it is unpickled.

    Args:
        option: the option that names it, for messages.
        path: the file, which has been looked at.
        outputs: how many outputs are expected.
        device: "cpu" or "cuda".

    Raises:
        InputError: ONNX Runtime refuses the file, or inputs and outputs are not as expected.
    """

    def __init__(self, option: str, path: Path, outputs: int, device: str) -> None:
        import onnxruntime

        self._made_of = (option, path, outputs, device)
        self.title = f"the {option} {path}"
        settings = onnxruntime.SessionOptions()
        settings.log_severity_level = 4  # what it would write is in the exception
        providers = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
        here = [name for name, provider in providers.items() if provider in onnxruntime.get_available_providers()]
        if device not in here:
            raise InputError(f"the device {device!r} is not there: accepted here are {', '.join(here)}")
        try:
            self._session = onnxruntime.InferenceSession(str(path), settings, providers=[providers[device]])
        except Exception as error:
            raise InputError(f"ONNX Runtime cannot run {self.title}: {_short(error)}") from error
        inputs, found = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or len(found) != outputs:
            raise InputError(
                f"{self.title} has {len(inputs)} inputs and {len(found)} outputs: 1 and {outputs} are expected"
            )
        (self._input,), self.outputs = inputs, [tuple(output.shape) for output in found]
        if self._input.type not in KINDS or not all(output.type in KINDS for output in found):
            raise InputError(f"{self.title} takes or gives numbers that are not floating-point: {self._input.type}")
        if len(self._input.shape) < 2:
            raise InputError(f"{self.title} takes shape {self._input.shape}: (n, ...) is expected, a row for each")
        self._batch = self._input.shape[0] if isinstance(self._input.shape[0], int) else None

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
            found = self._session.run(None, {self._input.name: filled})
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


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
