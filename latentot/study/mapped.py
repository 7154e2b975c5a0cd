"""A plan for the processes of this machine: written once, its arrays mapped into the memory of all of them."""

__all__ = ["Mapped"]

import functools
import pickle
import tempfile
from dataclasses import dataclass

import cloudpickle
import numpy as np

from latentot.study.plan import Plan

ALIGNMENT = 64


@dataclass(frozen=True)
class Mapped:
    """What a process unpickles as the plan itself, read once and kept for the cells that follow.

    Args:
        path: a file that this program has written and deletes.
        spans: where its parts begin and end: arrays, then the pickled plan.
    """

    path: str
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, plan: Plan, folder: str) -> "Mapped":
        """Write a plan to a file in a folder.

        Raises:
            OSError: there is no room.
        """
        arrays: list[pickle.PickleBuffer] = []
        pickled = cloudpickle.dumps(plan, protocol=5, buffer_callback=arrays.append)
        spans = []
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            for part in [*arrays, pickle.PickleBuffer(pickled)]:
                start = -(-file.tell() // ALIGNMENT) * ALIGNMENT
                file.seek(start)
                spans.append((start, start + file.write(part.raw())))
        return cls(file.name, tuple(spans))

    def __reduce__(self) -> tuple[object, ...]:
        return _read, (self.path, self.spans)


@functools.lru_cache(maxsize=1)
def _read(path: str, spans: tuple[tuple[int, int], ...]) -> Plan:
    whole = np.memmap(path, np.uint8, mode="r")
    *arrays, pickled = (whole[start:end].data for start, end in spans)
    plan: Plan = pickle.loads(pickled, buffers=arrays)  # noqa: S301 - the file is this program's own
    return plan
