"""An input of a network that is given one value: a label, a temperature, a truncation."""

__all__ = ["Fixed"]

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError

KINDS: dict[str, np.dtype[Any]] = {
    "tensor(float)": np.dtype(np.float32),
    "tensor(double)": np.dtype(np.float64),
    "tensor(float16)": np.dtype(np.float16),
    "tensor(bool)": np.dtype(np.bool_),
    **{f"tensor({sign}int{bits})": np.dtype(f"{sign}int{bits}") for sign in ("", "u") for bits in (8, 16, 32, 64)},
}


@dataclass(frozen=True, eq=False)
class Fixed:
    """A value, for every row the same, or one for all rows where the input has no axis of rows.

    Args:
        name: of the input.
        value: in its type; of one row, or all that is given.
        repeated: whether it is of one row.
    """

    name: str
    value: NDArray[Any]
    repeated: bool

    @classmethod
    def of(cls, found: Any, value: object, first: object, title: str) -> "Fixed":
        """The value, in the type and shape that an input has.

        An input has rows if its first axis is left open, or fixed to as many as that of the latents; its value is then
        that of one row. Otherwise it is the whole, and a single number may stand for an array of it.

        Args:
            found: the input, as ONNX Runtime describes it: name, shape, type.
            value: a number, or lists of them.
            first: the size of the first axis of latents, or its name.
            title: what the network is called in messages.

        Raises:
            InputError: the value has another shape, or is none of the type.
        """
        if found.type not in KINDS:
            raise InputError(f"{title}: the input {found.name} is of {found.type}, which cannot be given a value")
        shape = list(found.shape)
        repeated = bool(shape) and (shape[0] == first or not isinstance(shape[0], int))
        own = shape[1:] if repeated else shape
        try:
            given = np.asarray(value)
            with np.errstate(all="ignore"):
                array = given.astype(KINDS[found.type])
            kept = np.isfinite(array) if array.dtype.kind == "f" else array == given
            exact = given.dtype.kind in "biuf" and bool(kept.all())
        except (TypeError, ValueError, OverflowError):
            exact = False
        if not exact:
            raise InputError(f"{title}: the input {found.name} is of {found.type}, got {value!r}")
        if array.ndim == 0 and not repeated and all(isinstance(size, int) for size in own):
            array = np.broadcast_to(array, own)
        if array.ndim != len(own) or any(isinstance(n, int) and n != m for n, m in zip(own, array.shape, strict=True)):
            wanted = f"({', '.join(map(str, own))})" if own else "a number"
            each = ", for every row the same" if repeated else ""
            raise InputError(f"{title}: the input {found.name} takes {wanted}{each}, got shape {array.shape}")
        return cls(found.name, array, repeated)

    def rows(self, n: int) -> NDArray[Any]:
        """What the network is given for n rows."""
        return np.repeat(self.value[None], n, axis=0) if self.repeated else self.value
