"""Our judges of data beside what users install for them today, in one run, on one core.

    python benchmarks/speed/judges.py [--n N] [--features K] [--theirs N]

Precision, recall, density and coverage of n against n features: processor seconds and the peak of memory, each in a
process of its own; beside prdc where it is installed (pip install prdc), of `--theirs` data, for it keeps whole
matrices of distances: three of 4 n^2 bytes, 30 GB at n = 50,000. Fréchet beside the root of a product by
`scipy.linalg.sqrtm`, as FID programs have it, moments of both included; the floor is one symmetric product of either
sample and nothing else, which no distance of all points is quicker than. Ratios are theirs to ours: above 1, we are
that many times faster. The whole size, 50,000 x 50,000 of 512 features, takes some minutes; the default a tenth of
that.
"""

import argparse
import importlib.util
import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import scipy.linalg
from threadpoolctl import threadpool_limits

import latentot as lot
from latentot.judges import prdc
from latentot.judges.frechet import _root, _trace

NAMES = ("precision", "recall", "density", "coverage")
MIB = 1024
Work = Callable[[int, int], dict[str, float]]
"""Of n and k."""


def features(n: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Real and generated ones, in single precision as networks give them; correlated, so that neighbours are near."""
    rng = np.random.default_rng(0)
    mixing = (rng.standard_normal((k, k)) * 0.9 ** np.arange(k)[:, None]).astype(np.float32)
    real, generated = (rng.standard_normal((n, k), dtype=np.float32) @ mixing for _ in range(2))
    return real, np.float32(1.05) * generated


def ours(n: int, k: int) -> dict[str, float]:
    real, generated = features(n, k)
    return {name: found.value for name, found in prdc(generated, real).items()}


def theirs(n: int, k: int) -> dict[str, float]:
    from prdc import compute_prdc

    return compute_prdc(*features(n, k), nearest_k=5)


def alone(work: Work, n: int, k: int) -> tuple[dict[str, float], float, float]:
    """What some work gives, its seconds, and the most memory that its process had, features included."""
    with threadpool_limits(1):
        start = time.process_time()
        found = work(n, k)
        return found, time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB


def in_a_process(work: Work, n: int, k: int) -> tuple[dict[str, float], float, float]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(alone, work, n, k).result()


def neighbours(n: int, theirs_n: int, k: int) -> None:
    found, taken, most = in_a_process(ours, n, k)
    values = ", ".join(f"{name} {found[name]:.4f}" for name in NAMES)
    print(f"{n:,} x {n:,}, {k} features: {taken:.1f} s for all four, {most:.0f} MiB at most ({values})", flush=True)
    if importlib.util.find_spec("prdc") is None:
        print("prdc: left out, it is not installed (pip install prdc)")
        return
    found, taken, _ = in_a_process(ours, theirs_n, k)
    other, longer, more = in_a_process(theirs, theirs_n, k)
    off = max(abs(found[name] - other[name]) for name in NAMES)
    print(f"{theirs_n:,}: ours {taken:.1f} s, prdc {longer:.1f} s and {more:.0f} MiB, ratio {longer / taken:.1f}")
    print(f"  values are {off:.1g} off")


def moments(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    z = z.astype(np.float64)
    return z.mean(axis=0), np.cov(z, rowvar=False)


def by_sqrtm(c: np.ndarray, other: np.ndarray) -> float:
    return float(np.trace(scipy.linalg.sqrtm(c @ other)).real)


def by_eigenvalues(c: np.ndarray, other: np.ndarray) -> float:
    return _trace(c, _root(other))


def clocked(function: Callable[[], float]) -> tuple[float, float]:
    start = time.process_time()
    value = function()
    return value, time.process_time() - start


def frechet(n: int, k: int) -> None:
    real, generated = features(n, k)
    raw, debiased = lot.judge("frechet", parts=1), lot.judge("frechet")
    with threadpool_limits(1):
        (both, taken) = clocked(lambda: [moments(generated), moments(real)])
        (m, c), (other_m, other_c) = both
        root, longer = clocked(lambda: by_sqrtm(c, other_c))
        distance = np.square(m - other_m).sum() + np.trace(c + other_c) - 2 * root
        print(f"frechet, {n:,} x {k}: moments {taken:.2f} s, sqrtm {longer:.2f} s ({distance:.6g})")
        centred = [(z - z.mean(axis=0, dtype=np.float64)) for z in (generated, real)]
        _, floor = clocked(lambda: float(sum((z.T @ z)[0, 0] for z in centred)))
        print(f"  {'the floor, both products':<30} {floor:8.2f} s   ratio {(longer + taken) / floor:.1f}")
        trace, ours = clocked(lambda: by_eigenvalues(c, other_c))
        off = abs(trace / root - 1)
        print(f"  {'the trace of the root alone':<30} {ours:8.2f} s   ratio {longer / ours:.1f}, {off:.0e} off")
        judging = debiased.against(real, rng=0)
        judging(generated[: 2 * k])
        for name, row in {
            "raw": lambda: raw(generated, real, rng=0).raw,
            "debiased": lambda: debiased(generated, real, rng=0).raw,
            "debiased, reference prepared": lambda: judging(generated).raw,
        }.items():
            value, ours = clocked(row)
            print(f"  {name:<30} {ours:8.2f} s ({value:.6g})   ratio {(longer + taken) / ours:.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=15_000)
    parser.add_argument("--theirs", type=int, default=8_000)
    parser.add_argument("--features", type=int, default=512)
    given = parser.parse_args()
    neighbours(given.n, given.theirs, given.features)
    for n, k in ((10_000, given.features), (given.n, given.features), (10_000, 4 * given.features)):
        frechet(min(given.n, n), k)


if __name__ == "__main__":
    main()
