"""Power of our classifier two-sample test beside sbibm's, on four kinds of drift from N(0, I_10), n = 500.

    python benchmarks/validity/c2st_power.py [DRAWS]

Power is the share of drifted samples whose value is above the 95 % quantile of samples that have not drifted; `gap` is
how far the mean has moved, in standard deviations where nothing drifts. One value of sbibm's takes seconds: 20 draws
take half an hour.
"""

import sys
import time

import numpy as np
from sklearn.model_selection import KFold, cross_val_score
from sklearn.neural_network import MLPClassifier

import latentot as lot

DRAWS, N, D = int(sys.argv[1]) if len(sys.argv) > 1 else 20, 500, 10

PRIOR = lot.Normal(D)
CORRELATED = np.linalg.cholesky(0.9 * np.eye(D) + 0.1).T


def draw(rng: np.random.Generator) -> np.ndarray:
    return PRIOR.sample(N, rng=rng)


def walk(name: str, t: float, rng: np.random.Generator) -> np.ndarray:
    return lot.interpolation(name, PRIOR)(draw(rng), draw(rng), t)


DRIFTS = {
    "nothing": draw,
    "mean, by 0.3": lambda rng: draw(rng) + 0.3 / D**0.5,
    "scale, linear at t = 0.06": lambda rng: walk("linear", 0.06, rng),
    "correlation 0.1": lambda rng: draw(rng) @ CORRELATED,
    "spread of the norm, spherical": lambda rng: walk("spherical", 0.5, rng),
}


def ours(z: np.ndarray, reference: np.ndarray, seed: int) -> float:
    return lot.drift("c2st")(z, reference, rng=seed)


def sbibm(z: np.ndarray, reference: np.ndarray, seed: int) -> float:  # noqa: ARG001
    """Its recipe: two hidden layers of 10 d units, five folds, inputs standardised by one of the samples."""
    mean, sd = reference.mean(axis=0), reference.std(axis=0)
    points = (np.concatenate([reference, z]) - mean) / sd
    labels = np.repeat([0, 1], [len(reference), len(z)])
    classifier = MLPClassifier((10 * D, 10 * D), activation="relu", solver="adam", max_iter=10_000, random_state=1)
    folds = KFold(5, shuffle=True, random_state=1)
    return float(cross_val_score(classifier, points, labels, cv=folds, scoring="accuracy").mean()) - 0.5


def main() -> None:
    print(f"{N} points of each sample in {D} dimensions, {DRAWS} draws")
    for name, metric in (("latentot", ours), ("sbibm", sbibm)):
        seconds, limit, mean, sd = [], 0.0, 0.0, 1.0
        for number, (drift, sample) in enumerate(DRIFTS.items(), start=1):
            values = []
            for i in range(DRAWS):
                rng = np.random.default_rng([i, number])
                z, reference = sample(rng), draw(rng)
                start = time.perf_counter()
                values.append(metric(z, reference, i))
                seconds.append(time.perf_counter() - start)
            if drift == "nothing":
                limit, mean, sd = np.quantile(values, 0.95), np.mean(values), np.std(values, ddof=1)
            power, gap = np.mean(np.array(values) > limit), (np.mean(values) - mean) / sd
            print(f"{name:<9} {drift:<30} mean {np.mean(values):+.4f}   gap {gap:5.2f}   power {power:.2f}", flush=True)
        print(f"{name:<9} {np.median(seconds):.3f} s each")


if __name__ == "__main__":
    main()
