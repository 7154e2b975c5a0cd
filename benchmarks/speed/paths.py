"""Our paths beside what users write and install today, in one run: 50,000 x 128 pairs, t = 0.3, best of several runs.

    python benchmarks/speed/paths.py [ROWS]

Ratios are ours to theirs in time: above 1, we are that many times faster.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import scipy.special
import scipy.stats

import latentot as lot

ROWS, D, T, RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000, 128, 0.3, 5


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


def main() -> None:
    prior = lot.Normal(D)
    print(f"{ROWS} x {D}, ns a coordinate, best of {RUNS}")
    for dtype in (np.float32, np.float64):
        z0, z1 = (prior.sample(ROWS, rng=seed).astype(dtype) for seed in (0, 1))
        out = np.empty_like(z0)
        path = {name: lot.interpolation(name, prior) for name in ("linear", "spherical", "cauchy", "matched")}
        rivals: dict[str, tuple[str, Callable[[], object]]] = {
            "np.add": ("linear", lambda: np.add(z0, z1, out=out)),  # noqa: B023
            "slerp in NumPy": ("spherical", lambda: slerp(z0, z1)),  # noqa: B023
            "scipy.stats": ("cauchy", lambda: cauchy_stats(z0, z1)),  # noqa: B023
            "scipy.special": ("cauchy", lambda: cauchy_special(z0, z1)),  # noqa: B023
        }
        for rival, (name, function) in rivals.items():
            ours, theirs = nanoseconds(lambda: path[name](z0, z1, T), function)  # noqa: B023
            print(f"{dtype.__name__}  {name:<10} {ours:7.2f}   {rival:<15} {theirs:7.2f}   ratio {theirs / ours:5.2f}")


if __name__ == "__main__":
    main()
