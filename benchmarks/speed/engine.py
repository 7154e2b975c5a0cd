"""What the engine costs: milliseconds a cell, seconds and peak memory of 20,000 cells that have nothing to compute.

    python benchmarks/speed/engine.py [CELLS]

Each way of computing has a process of its own, with a store on disk: keys, dispatch, one transaction a cell. Peak
memory is that of the process that was started, and of the largest of those that it started.
"""

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from latentot.metrics import Measurement
from latentot.study import Engine, Study
from latentot.study.prepared import Prepared
from latentot.study.run import _outcomes
from latentot.study.storage.keys import SETTINGS
from latentot.study.storage.store import Store
from latentot.study.work.subject import Population

WAYS = {"one process": Engine(), "two processes": Engine(2), "two Dask workers": Engine(2, cluster="local")}
POPULATION = Population("prior", 50, 1)


@dataclass(frozen=True)
class Trivial:
    """A cell whose outcome, a measurement at two positions, is known."""

    number: int
    population: Population = POPULATION

    @property
    def title(self) -> str:
        return f"trivial {self.number}"

    def compute(self, _plan: Any) -> list[Measurement]:
        return [Measurement(self.number / 3, self.number / 7, 50)] * 2


def measure(way: str, cells: int) -> None:
    SETTINGS[Trivial] = ("t", "metrics")
    study = Study.of(prior="normal", dim=3, methods=["linear"], metrics=["norm-wasserstein"], pairs=50, repeats=1)
    prepared = replace(Prepared.of(study), known={}, cells=tuple(Trivial(number) for number in range(cells)))
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        start = time.perf_counter()
        outcomes, _ = _outcomes([prepared], WAYS[way], store, False, None, 0)
        seconds = time.perf_counter() - start
    assert len(outcomes) == cells  # noqa: S101
    own, theirs = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        f"{way:<18} {cells:>7,} cells {1000 * seconds / cells:6.2f} ms each {seconds:7.1f} s   "
        f"{own:5.0f} MiB, largest of its processes {theirs:5.0f} MiB",
        flush=True,
    )


def main() -> None:
    if len(sys.argv) == 3:
        measure(sys.argv[1], int(sys.argv[2]))
        return
    for way in WAYS:
        subprocess.run([sys.executable, __file__, way, sys.argv[1] if sys.argv[1:] else "20000"], check=True)  # noqa: S603


if __name__ == "__main__":
    import engine  # by its name, so that processes find the class of its cells

    engine.main()
