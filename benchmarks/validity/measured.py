"""What has been measured, kept so that a run that was cut off goes on, and a metric can be added to it."""

__all__ = ["Arrays", "Lines", "Store", "compute"]

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.study.execution.software import digest

Arrays = dict[str, NDArray[np.float64]]

ANCHOR = "norm-wasserstein"
"""A cheap metric that is measured again with every one that is added: where it differs, the points are not the same."""


@dataclass(frozen=True)
class Store:
    """A folder of arrays, a file for each piece of work.

    Args:
        folder: where; made when something is first kept.
    """

    folder: Path

    def complete(
        self, name: str, number: int, metrics: Sequence[str], measure: Callable[[list[str]], Arrays]
    ) -> Arrays:
        """What is known of a piece of work, with all these metrics; only those that are missing are measured.

        Args:
            name, number: the piece of work.
            metrics: names of metrics; arrays are called "kind/metric".
            measure: measures some metrics, on the same points whenever it is called.

        Raises:
            InputError: what is kept was measured on other points.
        """
        known = self._load(name, number)
        missing = [metric for metric in metrics if not any(key.endswith(f"/{metric}") for key in known)]
        if missing:
            anchor = [ANCHOR] if any(key.endswith(f"/{ANCHOR}") for key in known) else []
            found = measure([*anchor, *missing])
            if not all(_same(values, known[key]) for key, values in found.items() if key in known):
                raise InputError(f"{self._path(name, number)} holds what other code or another design measured")
            known |= found
            self._keep(name, number, known)
        return known

    def _load(self, name: str, number: int) -> Arrays:
        path = self._path(name, number)
        if not path.exists():
            return {}
        with np.load(path, allow_pickle=False) as stored:
            return dict(stored)

    def _keep(self, name: str, number: int, found: Arrays) -> None:
        """The file is whole or not there."""
        path = self._path(name, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.with_suffix(".tmp")
        with whole.open("wb") as file:
            np.savez(file, allow_pickle=False, **found)
        whole.replace(path)

    def _path(self, name: str, number: int) -> Path:
        return self.folder / name.lower().replace(" ", "-") / f"{number:05}.npz"


@dataclass(frozen=True)
class Lines:
    """A file of JSON lines, one for each piece of work that is done; those of other code do not count.

    Args:
        path: where; made when something is first kept.
    """

    path: Path

    def known(self) -> dict[str, Any]:
        """What has been found, by the name of its piece of work; a line that was cut off is as good as none."""
        if not self.path.exists():
            return {}
        found = {}
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue
            if row["code"] == digest():
                found[row["name"]] = row["found"]
        return found

    def complete(
        self, work: Callable[..., Any], pieces: Mapping[str, tuple[Any, ...]], jobs: int
    ) -> Iterator[tuple[str, Any]]:
        """The name and work(*piece) of each piece, what is known first; the rest is kept as soon as it is done."""
        known = self.known()
        yield from ((name, known[name]) for name in pieces if name in known)
        missing = ((work, name, piece) for name, piece in pieces.items() if name not in known)
        for name, found in compute(_named, missing, jobs):
            self._keep(name, found)
            yield name, found

    def _keep(self, name: str, found: Any) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        whole = not self.path.exists() or self.path.read_bytes().endswith(b"\n")
        with self.path.open("a", encoding="utf-8") as file:
            line = json.dumps({"code": digest(), "name": name, "found": found})
            file.write(line + "\n" if whole else f"\n{line}\n")


def _named(work: Callable[..., Any], name: str, piece: tuple[Any, ...]) -> tuple[str, Any]:
    return name, work(*piece)


def _same(values: NDArray[np.float64], known: NDArray[np.float64]) -> bool:
    return values.shape == known.shape and np.allclose(values, known, rtol=1e-5, atol=0)


def compute(work: Callable[..., Any], pieces: Iterable[tuple[Any, ...]], jobs: int) -> Iterator[Any]:
    """work(*piece) of each piece, as they are done; each process on one thread, so that `jobs` is what is used."""
    if jobs == 1:
        yield from (work(*piece) for piece in pieces)
        return
    from loky import ProcessPoolExecutor, as_completed

    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    with ProcessPoolExecutor(jobs, env=one_thread) as executor:
        for future in as_completed([executor.submit(work, *piece) for piece in pieces]):
            yield future.result()
