"""Features of an ONNX file: whatever a network makes of images, one at a time, so that no row sees another."""

__all__ = ["OnnxFeatures", "load_features"]

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.errors import InputError
from latentot.features import Features, resized
from latentot_onnx.network import Network, Wanted
from latentot_onnx.reading import read


@dataclass(frozen=True, eq=False, repr=False)
class OnnxFeatures(Features):
    """f(x), f a network in an ONNX file.

    Args:
        file: its path, as it was given.
        sha256: of the file.
        network: runs it; its second output, where it has one, are logits of classes.
        low, high: what the network takes for black and white, 0 and 1 in the data.
        resize: whether images are resized to what it takes.
    """

    name: ClassVar[str] = "onnx"
    title: ClassVar[str] = "a network in an ONNX file"
    formula: ClassVar[str] = "f(x)"
    citation: ClassVar[str] = ""

    file: str
    sha256: str = field(repr=False)
    network: Network = field(repr=False)
    low: float = 0.0
    high: float = 1.0
    resize: bool = True

    def probabilities(self, data: ArrayLike) -> NDArray[np.float64]:
        if len(self.network.outputs) < 2:
            raise InputError(f"{self.network.title} has no logits: say which output they are, logits=NAME")
        logits = self._outputs(np.asarray(data))[1]
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    def _of(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        return self._outputs(rows)[0]

    def _outputs(self, rows: NDArray[Any]) -> list[NDArray[np.float64]]:
        given = self.low + (self.high - self.low) * self._fitting(rows)
        # Products in single precision change in their last digits with the number of rows.
        each = [self.network(given[i : i + 1]) for i in range(len(given))]
        return [
            np.concatenate([np.asarray(outputs[part], np.float64).reshape(1, -1) for outputs in each])
            for part in range(len(self.network.outputs))
        ]

    def _fitting(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Rows as the network takes them: images resized, and grey ones in as many channels."""
        shape = self.network.shape
        if self.resize and len(shape) == rows.ndim - 1 == 3 and rows.shape[2:] != shape[1:]:
            rows = resized(rows, (shape[1], shape[2]))
        if len(shape) == rows.ndim - 1 == 3 and rows.shape[1] == 1 != shape[0]:
            rows = np.repeat(rows, shape[0], axis=1)
        return rows


def load_features(
    file: str,
    output: str | None = None,
    logits: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    low: float = 0.0,
    high: float = 1.0,
    resize: bool = True,
    device: str = "cpu",
) -> OnnxFeatures:
    """Features of an ONNX file, of shape (n, ...) to (n, k); more axes become one.

    Args:
        file: path of the network.
        output: which of its outputs are features, by name, where it has others.
        logits: which of its outputs are logits of classes, by name, for `probabilities`; then `output` is needed too.
        inputs: values of its other inputs, by name.
        low, high: what it takes for black and white, 0 and 1 in the data: -1 and 1 for many.
        resize: whether images are resized, with antialiasing, to what it takes; grey ones fill all its channels.
        device: "cpu", or "cuda" where ONNX Runtime has it.

    Raises:
        InputError: the file is missing or damaged, or its inputs and outputs do not fit.
    """
    if logits is not None and output is None:
        raise InputError("logits are the second of two outputs: say which are features, output=NAME")
    names = None if output is None else (output,) if logits is None else (output, logits)
    path, digest = read("file", file)
    network = Network("file", path, Wanted(1 if logits is None else 2, names, dict(inputs or {}), "output"), device)
    return OnnxFeatures(str(file), digest, network, low, high, resize)
