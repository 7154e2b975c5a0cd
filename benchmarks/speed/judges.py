"""Our judges of data beside what users install for them today, in one run, on one core.

    python benchmarks/speed/judges.py [--n N] [--features K] [--theirs N]

Precision, recall, density and coverage of n against n features: processor seconds and the peak of memory, each in a
process of its own; beside prdc where it is installed (pip install prdc), of `--theirs` data, for it keeps whole
matrices of distances: three of 4 n^2 bytes, 30 GB at n = 50,000. Fréchet beside np.cov and the root of a product by
`scipy.linalg.sqrtm`, as FID programs have it, from features to the number, and from those of generated data where the
reference is known; "at most" is the ratio of a program that takes one symmetric product of either sample
and does nothing else; how far both are off is told by singular values of the product of Cholesky factors. Ratios are
theirs to ours: above 1, we are that many times faster. The whole size, 50,000 x 50,000 of 512 features, takes some
minutes; the default a tenth of that.
"""

import argparse
import functools
import importlib.util
import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import scipy.linalg
from threadpoolctl import threadpool_limits

import latentot as lot
from latentot.judges import prdc

NAMES = ("precision", "recall", "density", "coverage")
MIB = 1024
HEADINGS = ("data", "sqrtm", "at most", "ours", "reference known", "debiased", "debiased, known", "off: theirs, ours")
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
    return np.mean(z, axis=0), np.cov(z, rowvar=False)


def published(m: np.ndarray, c: np.ndarray, other_m: np.ndarray, other_c: np.ndarray) -> float:
    """As pytorch-fid, torch-fidelity and clean-fid have it, from moments to the number."""
    root = scipy.linalg.sqrtm(c.dot(other_c))
    return float((m - other_m).dot(m - other_m) + np.trace(c) + np.trace(other_c) - 2 * np.trace(root.real))


def by_singular_values(m: np.ndarray, c: np.ndarray, other_m: np.ndarray, other_c: np.ndarray) -> float:
    half = np.linalg.cholesky(c).T @ np.linalg.cholesky(other_c)
    return float(np.square(m - other_m).sum() + np.trace(c + other_c) - 2 * np.linalg.norm(half, "nuc"))


def products(*samples: np.ndarray) -> float:
    """One symmetric product of each sample, whose features are centred already."""
    return float(sum((z.T @ z)[0, 0] for z in samples))


def clocked(function: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    value = function()
    return value, time.process_time() - start


def frechet(n: int, k: int) -> str:
    """A row of the table; ratios are of like with like: from features, or with the moments of real ones kept."""
    real, generated = features(n, k)
    raw, debiased = lot.judge("frechet", parts=1), lot.judge("frechet")
    with threadpool_limits(1):
        known, half = clocked(lambda: moments(real))
        own, other_half = clocked(lambda: moments(generated))
        distance, root = clocked(lambda: published(*own, *known))
        theirs = {"both": half + other_half + root, "kept": other_half + root}
        centred = [(z - z.mean(axis=0, dtype=np.float64)) for z in (generated, real)]
        _, floor = clocked(lambda: products(*centred))
        cells = [f"{theirs['both']:.2f} s, of which the root {root:.2f}", f"{theirs['both'] / floor:.1f}"]
        exact = by_singular_values(*own, *known)
        for which, judge in (("both", raw), ("kept", raw), ("both", debiased), ("kept", debiased)):
            judging = functools.partial(judge, reference=real, rng=0)
            if which == "kept":
                judging = judge.against(real, rng=0)
                judging(generated[: 2 * k])
            found, ours = clocked(functools.partial(judging, generated))
            cells.append(f"{ours:.2f} s, {theirs[which] / ours:.1f}")
    cells.append(f"{abs(distance / exact - 1):.0e}, {abs(found.raw / exact - 1):.0e}")
    return f"| {n:,} x {k:,} | " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=15_000)
    parser.add_argument("--theirs", type=int, default=8_000)
    parser.add_argument("--features", type=int, default=512)
    given = parser.parse_args()
    neighbours(given.n, given.theirs, given.features)
    print(f"| {' | '.join(HEADINGS)} |\n" + "|---" * len(HEADINGS) + "|")
    for n, k in ((given.n, given.features), (10_000, given.features), (10_000, 4 * given.features)):
        print(frechet(min(given.n, n), k), flush=True)


if __name__ == "__main__":
    main()
