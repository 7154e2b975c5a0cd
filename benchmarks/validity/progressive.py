"""Progressive entropic maps beside means of entropic maps less a share of their blur, at equal time.

    python benchmarks/validity/progressive.py [--points N] [--keep FILE]

A progressive map goes to the target in K steps, each 1 / (K - k) of the way of an entropic map from where points are
(Kassraie, Pooladian, Klein, Thornton, Niles-Weed, Cuturi: Progressive entropic optimal transport solvers. NeurIPS 2024,
arXiv:2406.05061); epsilon falls to a quarter on the way. Both are averaged over maps of fresh draws, as many as take
about as long, and get the same last affine map. L2-UVP on Mix3toMix10, %, over points that no map has seen.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from w2_pairs import Pair

from latentot.transport.calibration import calibrated
from latentot.transport.entropic import EntropicMap, fitted_entropic_map, mean_cost

Points = np.ndarray
STEPS, SHARE, EPSILONS = 3, 0.5, (0.01, 0.005)
MAPS = {"mean of debiased maps": 6, "progressive": 4}
"""Of one subset each: the first takes two fits, the second three that are a little shorter."""
JUDGED, APART = 1_500, 1_500


def between(x: Points, y: Points, share: float) -> EntropicMap:
    return fitted_entropic_map(x, y, share * mean_cost(x, y), tolerance=0.05, rounds=2_000)


def debiased(x: Points, others: Points, y: Points, z: Points, epsilon: float) -> Points:
    onto, itself = between(x, y, epsilon), between(x, others, epsilon)
    return onto(z) - SHARE * (itself(z) - z)


def progressive(x: Points, others: Points, y: Points, z: Points, epsilon: float) -> Points:  # noqa: ARG001
    for k in range(STEPS):
        carry, step = between(x, y, epsilon * 4 ** (1 - (k + 1) / STEPS)), 1 / (STEPS - k)
        x, z = x + step * (carry(x) - x), z + step * (carry(z) - z)
    return z


KINDS: dict[str, Callable[..., Points]] = {"mean of debiased maps": debiased, "progressive": progressive}


def measured(dim: int, n: int) -> list[dict[str, object]]:
    """One row a kind and epsilon."""
    pair, rng, rows = Pair.load(dim), np.random.default_rng(3), []
    z, source, target = pair.source(JUDGED + APART, rng), pair.source(6_000, rng), pair.target(6_000, rng)
    known, unit = pair(z[:JUDGED]), target.var(axis=0).sum() / 100
    for kind, carry in KINDS.items():
        for epsilon in EPSILONS:
            began = time.process_time()
            draws = [(pair.source(n, rng), pair.source(n, rng), pair.target(n, rng)) for _ in range(MAPS[kind])]
            mean = np.mean([carry(*draw, z, epsilon) for draw in draws], axis=0)
            last = calibrated(z[JUDGED:], mean[JUDGED:], source, target)
            error = np.square(last(mean[:JUDGED]) - known).sum(axis=1).mean() / unit
            rows.append(
                {"d": dim, "kind": kind, "epsilon": epsilon, "maps": MAPS[kind], "points": n}
                | {"L2-UVP": round(float(error), 2), "CPU s": round(time.process_time() - began, 1)}
            )
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--points", type=int, default=1_000)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    found = []
    for d in (16, 64):
        for row in measured(d, given.points):
            print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
            found.append(row)
    if given.keep:
        given.keep.write_text(json.dumps(found, indent=1) + "\n")
