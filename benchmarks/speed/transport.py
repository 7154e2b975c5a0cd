"""Seconds of applying fitted maps to points, beside those of `linear` between as many pairs.

    python benchmarks/speed/transport.py [--points N] [--dim D] [--keep FILE]

Each figure is the least of several runs of one process, of processor time. `times linear` is what was asked to be 5 at
most of affine, marginal and radial maps.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import latentot as lot
from latentot.transport import Gaussian, Marginal, Radial

RUNS = 5
N_FIT = 20_000


def least(work: Callable[[], object]) -> float:
    """Seconds of the processor, the least of several runs."""
    seconds = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds)


def measured(n: int, dim: int) -> list[dict[str, object]]:
    """One row a map, the first of `linear`."""
    prior = lot.Normal(dim)
    z0, z1 = prior.sample(n, rng=0), prior.sample(n, rng=1)
    linear = least(lambda: lot.interpolation("linear", prior)(z0, z1, 0.5))
    points = (z0 + z1) / 2
    maps: dict[str, Callable[[], object]] = {}
    for kind in (Gaussian(), Marginal(), Radial()):
        fitted = kind.fit(points[:N_FIT], prior.sample(N_FIT, rng=2), rng=3)
        maps[f"{kind.name}, of samples"] = lambda fitted=fitted: fitted(points)
    for name, own in (
        ("earth-mover on Laplace", lot.Laplace(dim)),
        ("earth-mover on a t law", lot.MultivariateT(dim, df=3)),
    ):
        path = lot.interpolation("earth-mover", own, rng=4)
        path.map_at(0.5)
        maps[name] = lambda path=path: path.map_at(0.5)(points)
    rows = [{"map": "linear", "points": n, "d": dim, "CPU s": round(linear, 3), "times linear": 1.0}]
    for name, work in maps.items():
        seconds = least(work)
        rows.append(
            {"map": name, "points": n, "d": dim, "CPU s": round(seconds, 3), "times linear": round(seconds / linear, 1)}
        )
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    found = measured(given.points, given.dim)
    for row in found:
        print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    if given.keep:
        given.keep.write_text(json.dumps(found, indent=1) + "\n")
