"""What processes of this machine share: written once, its arrays mapped into the memory of all of them."""

__all__ = ["Mapped"]

import functools
import pickle
import tempfile
from dataclasses import dataclass
from typing import Any

import cloudpickle
import numpy as np

ALIGNMENT = 64


@dataclass(frozen=True)
class Mapped:
    """What a process unpickles as what is shared, read once and kept for the cells that follow.

    Args:
        path: a file that this program has written and deletes.
        spans: where its parts begin and end: arrays, then the rest, pickled.
    """

    path: str
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, shared: Any, folder: str) -> "Mapped":
        """Write something to a file in a folder.

        Raises:
            OSError: there is no room.
        """
        arrays: list[pickle.PickleBuffer] = []
        pickled = cloudpickle.dumps(shared, protocol=5, buffer_callback=arrays.append)
        spans = []
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            for part in [*arrays, pickle.PickleBuffer(pickled)]:
                start = -(-file.tell() // ALIGNMENT) * ALIGNMENT
                file.seek(start)
                spans.append((start, start + file.write(part.raw())))
        return cls(file.name, tuple(spans))

    def __reduce__(self) -> tuple[object, ...]:
        return _read, (self.path, self.spans)


@functools.lru_cache(maxsize=4)
def _read(path: str, spans: tuple[tuple[int, int], ...]) -> Any:
    whole = np.memmap(path, np.uint8, mode="r")
    *arrays, pickled = (whole[start:end].data for start, end in spans)
    return pickle.loads(pickled, buffers=arrays)  # noqa: S301 - the file is this program's own
