"""Drift of 5,000,000 x 64 points in one pass over batches: time, memory, value and stated error as n grows.

    python benchmarks/speed/streaming.py [MILLIONS]

The points are normal draws times 0.9, made in batches; the reference has 100,000. Each metric has a process of its own.
Peak memory is all that the process had resident at most: the interpreter and its libraries, the reference, the state
and a batch. Seconds, of the wall and of the processor, are those of the metric on one core (where other work has the
rest, threads of the matrix library wait for one another); making the points is left out. Beside it: the same metric in
memory at 500,000 points.
"""

import os
import resource
import subprocess
import sys
import time

import numpy as np

import latentot as lot
from latentot.metrics import Measurement, OnePass, OneSample

D, BATCH, REFERENCE, IN_MEMORY, SCALE, SEED = 64, 50_000, 100_000, 500_000, 0.9, 0
MEASURED_AT = (500_000, 1_000_000, 2_000_000, 5_000_000)


def batch(number: int) -> np.ndarray:
    return SCALE * np.random.default_rng([SEED, number]).standard_normal((BATCH, D))


def reference(name: str) -> np.ndarray | lot.Prior:
    if isinstance(lot.drift(name), OneSample):
        return lot.Normal(D)
    return np.random.default_rng([SEED, 2**32]).standard_normal((REFERENCE, D))


class Stopwatch:
    """Seconds within `with`, summed."""

    wall = cpu = 0.0

    def __enter__(self) -> None:
        self.wall -= time.perf_counter()
        self.cpu -= time.process_time()

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter()
        self.cpu += time.process_time()


def show(name: str, how: str, n: int, watch: Stopwatch, found: Measurement, error: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in KiB
    print(
        f"{name:<20} {how:<9} {n:>9,} {watch.wall:7.2f} s wall {watch.cpu:7.2f} s cpu {peak:6.0f} MiB   "
        f"value {found.value:.7f}   stated error {error:.1e}",
        flush=True,
    )


def one_pass(name: str, most: int) -> None:
    watch = Stopwatch()
    with watch:
        state = lot.drift(name).partial(reference(name), rng=SEED)
    for number in range(most // BATCH):
        points = batch(number)
        with watch:
            state.update(points)
        if state.n in MEASURED_AT or state.n == most:
            with watch:
                found = state.measure()
            show(name, "one pass", state.n, watch, found, state.error)


def in_memory(name: str) -> None:
    points, watch = np.concatenate([batch(number) for number in range(IN_MEMORY // BATCH)]), Stopwatch()
    with watch:
        found = lot.drift(name).against(reference(name), rng=SEED)(points)
    show(name, "in memory", len(points), watch, found, 0.0)


def main() -> None:
    if len(sys.argv) == 4:
        how, name, most = sys.argv[1:]
        one_pass(name, int(most)) if how == "one-pass" else in_memory(name)
        return
    most = int(float(sys.argv[1]) * 1_000_000) if len(sys.argv) > 1 else MEASURED_AT[-1]
    one_core = os.environ | {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    for name in lot.drifts():
        if isinstance(lot.drift(name), OnePass):
            for how in ("one-pass", "in-memory"):
                command = [sys.executable, __file__, how, name, str(most)]
                subprocess.run(command, check=True, env=one_core)  # noqa: S603


if __name__ == "__main__":
    main()
