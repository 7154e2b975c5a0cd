"""Which ridge fits n? How far five drifts at the limit of detection move c2st, by ridge and by n.

    python benchmarks/validity/c2st_ridge.py [--draws 120] [N ...]

A drift is as large as n lets one see, about 1 / sqrt(n). Numbers are shifts of the mean, in standard deviations where
nothing drifts. Beside fixed ridges stands the choice that folds make among 5, 25 and 150: each takes the ridge that
ranked best in the other folds. `worst` is the greatest loss over the five drifts against the best ridge for each.
"""

import argparse

import numpy as np
from numpy.typing import NDArray

import latentot as lot
from latentot.metrics.c2st import _auc, _held_out, _kernel, _normal_scores
from latentot.numerics.lengths import lengths
from latentot.numerics.points import location

Floats = NDArray[np.float64]

D, FOLDS, RIDGES, CHOSEN = 10, 5, (2, 5, 12, 25, 60, 150, 400, 2_000), (1, 3, 5)
PRIOR = lot.Normal(D)


def drifts(size: float) -> dict[str, object]:
    """Drifts of draws z of N(0, I_10), `size` times as large as at n = 500."""
    root = np.linalg.cholesky((1 - 0.1 * size) * np.eye(D) + 0.1 * size).T
    return {
        "nothing": lambda z, _: z,
        "mean": lambda z, _: z + 0.3 * size / D**0.5,
        "scale": lambda z, _: z * (1 - 0.06 * size),
        "correlation": lambda z, _: z @ root,
        "one mean": lambda z, _: z + np.eye(1, D) * 0.25 * size,
        "spread of scales": lambda z, rng: np.where(
            rng.random((len(z), 1)) < 0.5 * min(size, 1.9), z * rng.choice([0.75, 1.2], (len(z), 1)), z
        ),
    }


def values(z: Floats, reference: Floats) -> Floats:
    """AUC - 1/2 of each ridge, and of the choice by folds, shape (ridges + 1,)."""
    n, both = len(z), np.concatenate([z, reference]).astype(np.float32)
    kernel = _kernel(_normal_scores(both), _normal_scores(lengths(both - location(both))[:, None]))
    labels, folds, areas = np.repeat(np.array([1, -1], np.float32), n), np.arange(2 * n) % n % FOLDS, []
    for ridge in RIDGES:
        drifted, known = np.split(_held_out(kernel, labels, folds, ridge), 2)
        areas.append([_auc(drifted[i::FOLDS], known[i::FOLDS]) - 0.5 for i in range(FOLDS)])
    some = np.array(areas)[list(CHOSEN)]
    others = some.sum(axis=1, keepdims=True) - some
    chosen = some[others.argmax(axis=0), np.arange(FOLDS)].mean()
    return np.append(np.mean(areas, axis=1), chosen)


def main() -> None:
    parser = argparse.ArgumentParser(description="Shift of c2st by ridge and n")
    parser.add_argument("sizes", nargs="*", type=int, default=[100, 500, 1_500], metavar="N")
    parser.add_argument("--draws", type=int, default=120)
    given = parser.parse_args()
    for n in given.sizes:
        print(f"n = {n}\n  {'':<18}" + "".join(f"{name:>8}" for name in (*RIDGES, "chosen")))
        found = {}
        for number, (name, drift) in enumerate(drifts((500 / n) ** 0.5).items()):
            rngs = [np.random.default_rng([i, number, n]) for i in range(given.draws)]
            found[name] = np.array([values(drift(PRIOR.sample(n, rng=r), r), PRIOR.sample(n, rng=r)) for r in rngs])
        null = found.pop("nothing")
        gaps = {name: (own.mean(axis=0) - null.mean(axis=0)) / null.std(axis=0, ddof=1) for name, own in found.items()}
        losses = np.max([gap.max() - gap for gap in gaps.values()], axis=0)
        for name, row in {**gaps, "worst": losses}.items():
            print(f"  {name:<18}" + "".join(f"{number:8.2f}" for number in row), flush=True)


if __name__ == "__main__":
    main()
