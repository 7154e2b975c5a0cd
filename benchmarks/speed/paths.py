"""Our paths beside what users write and install today, in one run: 50,000 x 128 pairs, t = 0.3, best of several runs.

    python benchmarks/speed/paths.py [ROWS]

Ratios are theirs to ours in time: above 1, we are that many times faster. Where a path has a compiled way, its plain
one, of whoever has no numba, stands beside it. Then the memory that each path takes beyond its result, for ROWS pairs
and for four times as many: it does not grow.
"""

import contextlib
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from unittest import mock

import numpy as np
import scipy.special
import scipy.stats

import latentot as lot
from latentot.paths import stable, summation

ROWS, D, T, RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000, 128, 0.3, 7
PATHS = ("linear", "spherical", "normalized", "cauchy", "spherical-cauchy", "cdf-linear", "matched")


def slerp(z0: np.ndarray, z1: np.ndarray) -> np.ndarray:
    """What a gist has, pair by pair."""
    norm0, norm1 = np.linalg.norm(z0, axis=1, keepdims=True), np.linalg.norm(z1, axis=1, keepdims=True)
    angle = np.arccos(np.clip((z0 * z1).sum(axis=1, keepdims=True) / (norm0 * norm1), -1, 1))
    return np.sin((1 - T) * angle) / np.sin(angle) * z0 + np.sin(T * angle) / np.sin(angle) * z1


def cauchy_stats(z0: np.ndarray, z1: np.ndarray) -> np.ndarray:
    """Cauchy-linear as written with scipy.stats."""
    g0, g1 = (scipy.stats.cauchy.ppf(scipy.stats.norm.cdf(z)) for z in (z0, z1))
    return scipy.stats.norm.ppf(scipy.stats.cauchy.cdf((1 - T) * g0 + T * g1))


def cauchy_special(z0: np.ndarray, z1: np.ndarray) -> np.ndarray:
    """Cauchy-linear as written with scipy.special."""
    g0, g1 = (np.tan(np.pi * (scipy.special.ndtr(z) - 0.5)) for z in (z0, z1))
    return scipy.special.ndtri(0.5 + np.arctan((1 - T) * g0 + T * g1) / np.pi)


def nanoseconds(*functions: Callable[[], object]) -> list[float]:
    """Nanoseconds a coordinate of each function, the best of runs taken in turn."""
    best = [float("inf")] * len(functions)
    for _ in range(RUNS):
        for i, function in enumerate(functions):
            start = time.perf_counter()
            function()
            best[i] = min(best[i], time.perf_counter() - start)
    return [seconds / (ROWS * D) * 1e9 for seconds in best]


@contextlib.contextmanager
def without_numba() -> Iterator[None]:
    """The paths as they are where numba is not installed."""
    with (
        mock.patch.object(stable, "_compiled", return_value=None),
        mock.patch.object(summation, "_compiled", return_value=None),
    ):
        yield


def plain(function: Callable[[], object]) -> Callable[[], object]:
    """A function that runs without numba."""

    def run() -> object:
        with without_numba():
            return function()

    return run


def draw(rows: int, dtype: type) -> list[np.ndarray]:
    return [lot.Normal(D).sample(rows, rng=seed).astype(dtype) for seed in (0, 1)]


def compare_speed(dtype: type) -> None:
    z0, z1 = draw(ROWS, dtype)
    out = np.empty_like(z0)

    def ours(name: str) -> Callable[[], object]:
        path = lot.interpolation(name, lot.Normal(D))
        return lambda: path(z0, z1, T)

    rivals: list[tuple[str, str, Callable[[], object]]] = [
        ("linear", "np.add", lambda: np.add(z0, z1, out=out)),
        ("linear", "np.add, new", lambda: np.add(z0, z1)),
        ("spherical", "slerp in NumPy", lambda: slerp(z0, z1)),
        ("cauchy", "scipy.stats", lambda: cauchy_stats(z0, z1)),
        ("cauchy", "scipy.special", lambda: cauchy_special(z0, z1)),
    ]
    for name, rival, theirs in rivals:
        ways = {"": ours(name)}
        if name in {"linear", "cauchy"}:
            ways = {"compiled": ours(name), "plain": plain(ours(name))}
        *times, base = nanoseconds(*ways.values(), theirs)
        for way, taken in zip(ways, times, strict=True):
            ratio = f"{rival:<15} {base:7.2f}   ratio {base / taken:5.2f}"
            print(f"{dtype.__name__}  {name:<10} {way:<9} {taken:7.2f}   {ratio}")


def extra(function: Callable[[], np.ndarray]) -> float:
    """Greatest memory that a function takes beyond its result, in MiB."""
    function()
    tracemalloc.start()
    result = function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (peak - result.nbytes) / 2**20


def compare_memory(dtype: type) -> None:
    found: dict[tuple[str, str], list[float]] = {}
    for rows in (ROWS, 4 * ROWS):
        z0, z1 = draw(rows, dtype)
        for name in PATHS:
            path = lot.interpolation(name, lot.Normal(D))
            found.setdefault((name, ""), []).append(extra(lambda: path(z0, z1, T)))  # noqa: B023
            if name in {"linear", "cauchy"}:
                with without_numba():
                    found.setdefault((name, "plain"), []).append(extra(lambda: path(z0, z1, T)))  # noqa: B023
    for (name, way), (few, many) in found.items():
        print(f"{dtype.__name__}  {name:<16} {way:<9} {few:7.2f} MiB   {many:7.2f} MiB")


def main() -> None:
    print(f"{ROWS} x {D}, ns a coordinate, best of {RUNS}")
    for dtype in (np.float32, np.float64):
        compare_speed(dtype)
    print(f"memory beyond the result, {ROWS} x {D} and {4 * ROWS} x {D}")
    for dtype in (np.float32, np.float64):
        compare_memory(dtype)


if __name__ == "__main__":
    main()
