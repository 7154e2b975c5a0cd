"""Our drift metrics beside what users install for them today, in one run, on one core.

    python benchmarks/speed/drift.py

Ratios are theirs to ours in time: above 1, we are that many times faster; values are in brackets. Each pair works on
the same samples: as many points, coordinates and projections. `prepared` is the time of a judge whose reference was
prepared once, as in a study.
geomloss is no dependency of ours: its row appears where it can be imported (pip install geomloss torch).
"""

import importlib.util
import time
from collections.abc import Callable, Sequence

import numpy as np
import ot
import scipy.stats
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import KFold, cross_val_score
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import latentot as lot
from latentot.metrics import DEFAULT
from latentot.metrics.emd import squared_emd
from latentot.metrics.sinkhorn import sinkhorn_divergence

Array = np.ndarray


def seconds(function: Callable[[], object], runs: int) -> tuple[float, float]:
    """The least time of some runs, and what the function gives."""
    best, found = float("inf"), None
    for _ in range(runs):
        start = time.perf_counter()
        found = function()
        best = min(best, time.perf_counter() - start)
    return best, float(found)


def pair(what: str, ours: Callable[[], object], rival: str, theirs: Callable[[], object], runs: Sequence[int]) -> None:
    """One line: our time and value, theirs, and the ratio."""
    (our_time, our_value), (their_time, their_value) = seconds(ours, runs[0]), seconds(theirs, runs[1])
    print(
        f"{what:<30} {our_time:8.4f} s ({our_value:9.5f})   {rival:<38} {their_time:8.4f} s ({their_value:9.5f})"
        f"   ratio {their_time / our_time:7.1f}",
        flush=True,
    )


def normal(n: int, d: int) -> tuple[Array, Array]:
    """Midpoints of linear at t = 0.25, and draws of N(0, I)."""
    prior = lot.Normal(d)
    return lot.interpolation("linear", prior)(*(prior.sample(n, rng=i) for i in (0, 1)), 0.25), prior.sample(n, rng=2)


def sliced_rows() -> None:
    z, reference = normal(50_000, 128)
    ours = lot.drift("sliced-wasserstein")
    judge = ours.against(reference, rng=0)
    z32, reference32 = z.astype(np.float32), reference.astype(np.float32)

    def pot(x: Array, y: Array) -> Callable[[], object]:
        return lambda: ot.sliced_wasserstein_distance(x, y, n_projections=256, seed=0)

    print("sliced: 50,000 x 128, 256 projections")
    pair("  float64", lambda: ours(z, reference, rng=0), "POT", pot(z, reference), (3, 1))
    pair("  float32", lambda: ours(z32, reference32, rng=0), "POT", pot(z32, reference32), (3, 1))
    print(f"  prepared {seconds(lambda: judge(z).value, 3)[0]:.4f} s")


def sbibm(x: Array, y: Array) -> float:
    """sbibm's classifier two-sample test, as its recipe says."""
    d = x.shape[1]
    points = (np.concatenate([x, y]) - x.mean(axis=0)) / x.std(axis=0)
    classifier = MLPClassifier((10 * d, 10 * d), activation="relu", solver="adam", max_iter=10_000, random_state=1)
    folds = KFold(5, shuffle=True, random_state=1)
    return cross_val_score(classifier, points, np.repeat([0, 1], len(x)), cv=folds, scoring="accuracy").mean() - 0.5


def classifier_row() -> None:
    z, reference = normal(1_000, 10)
    pair(
        "c2st: 1,000 x 10", lambda: lot.drift("c2st")(z, reference, rng=0), "sbibm", lambda: sbibm(z, reference), (3, 1)
    )


def sinkhorn_row() -> None:
    if importlib.util.find_spec("geomloss") is None:
        print("sinkhorn: left out, geomloss is not installed (pip install geomloss torch)")
        return
    import torch
    from geomloss import SamplesLoss

    torch.set_num_threads(1)
    z, reference = normal(5_000, 64)
    blur = (2 * 64) ** 0.5 / 3
    tensors = torch.from_numpy(z.astype(np.float32)), torch.from_numpy(reference.astype(np.float32))
    pair(
        "sinkhorn: 5,000 x 64",
        lambda: sinkhorn_divergence(z, reference, blur),
        "geomloss, default scaling",
        lambda: SamplesLoss("sinkhorn", p=2, blur=blur)(*tensors),
        (3, 1),
    )


def transport_row() -> None:
    z, reference = normal(4_000, 64)
    pair(
        "emd: 4,000 x 64",
        lambda: squared_emd(z, reference),
        "POT, emd2 of dist",
        lambda: ot.emd2([], [], ot.dist(z, reference), numItermax=10_000_000),
        (2, 1),
    )


def kernel_rows() -> None:
    z, reference = normal(5_000, 64)
    judge = lot.drift("mmd", max_points=5_000).against(reference, rng=0)
    gamma = 1 / (2 * np.median(cdist(reference[:2_000], reference[:2_000], "sqeuclidean")))
    own = rbf_kernel(reference, reference, gamma).mean()

    def scikit_learn() -> float:
        return rbf_kernel(z, z, gamma).mean() - 2 * rbf_kernel(z, reference, gamma).mean() + own

    pair("mmd: 5,000 x 64, prepared", lambda: judge(z).raw, "scikit-learn, rbf_kernel", scikit_learn, (3, 2))
    few, known = z[:2_000], reference[:2_000]
    judge = lot.drift("energy").against(known, rng=0)
    inner = cdist(known, known).mean()

    def scipy_energy() -> float:
        return 2 * cdist(few, known).mean() - cdist(few, few).mean() - inner

    pair("energy: 2,000 x 64, prepared", lambda: judge(few).raw, "scipy, cdist", scipy_energy, (3, 2))


def list_judges() -> None:
    z, reference = normal(10_000, 64)[0], lot.Normal(64).sample(100_000, rng=3)
    norms = np.linalg.norm(reference, axis=1)
    judge = {name: lot.drift(name).against(reference, rng=0) for name in lot.drifts() if two_sample(name)}

    def ks() -> float:
        return max(
            scipy.stats.ks_2samp(*columns, method="asymp").statistic for columns in zip(z.T, reference.T, strict=True)
        )

    def w1() -> float:
        return scipy.stats.wasserstein_distance(np.linalg.norm(z, axis=1), norms)

    print("10,000 x 64 against 100,000")
    pair("  marginal-ks, prepared", lambda: judge["marginal-ks"](z).value, "scipy, ks_2samp of each", ks, (5, 1))
    pair(
        "  norm-wasserstein, prepared",
        lambda: judge["norm-wasserstein"](z).value,
        "scipy, wasserstein_distance",
        w1,
        (5, 3),
    )
    taken = {name: seconds(lambda: judge[name](z).value, 3)[0] for name in judge}  # noqa: B023
    print("  a judgement, ms: " + ", ".join(f"{name} {1_000 * taken[name]:.1f}" for name in taken))
    print(f"  the five of a comparison: {sum(taken[name] for name in DEFAULT):.3f} s")


def two_sample(name: str) -> bool:
    return isinstance(lot.drift(name), type(lot.drift("emd")))


def main() -> None:
    with threadpool_limits(1):
        sliced_rows()
        classifier_row()
        sinkhorn_row()
        transport_row()
        kernel_rows()
        list_judges()


if __name__ == "__main__":
    main()
