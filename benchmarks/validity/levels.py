"""Type-I error of each metric alone: how often is a path that keeps its prior among the greatest 5 % of the null?

    python benchmarks/validity/levels.py [--studies 625] [--jobs 2] [--first-seed 0] [--store FILE] [METRIC ...]

A study has a reference, 19 null draws of whole exact paths and 8 paths that keep N(0, I_4) by theorem, all on fresh
pairs; said to drift is what lies above all 19, so the level is 5 % exactly. 625 studies are 5,000 tests of each metric.
The 8 of one study share reference and null, so that the standard error of a rate of 5 % is 0.36 %, for a binomial one
of 0.31 %; it is printed as it was found. All metrics see the same points: 50, against 211 where a sample is the
reference, a number without a common factor, so that distances of ranks hardly ever tie.
"""

import argparse
import functools
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from measured import Lines
from numpy.typing import NDArray

import latentot as lot
from latentot.metrics import NullBand, OneSample
from latentot.study.spec.seeds import stream

PRIOR, T, N, M = lot.Normal(4), 0.5, 50, 211
NULL, DRAWS = "matched", 19
EXACT = ("cauchy", "spherical-cauchy", "matched", "switch") * 2
LEVEL, HELD = 0.05, (0.04, 0.06)
BATCH = 25
"""Studies that are one piece of work."""


Floats = NDArray[np.float64]


@functools.lru_cache(maxsize=BATCH)
def points(study: int) -> tuple[Floats, list[Floats], list[Floats]]:
    """The reference, the points of each null draw and those of each exact path of a study, for every metric."""
    rng = stream(study, "levels")

    def on(method: str) -> Floats:
        z0, z1 = PRIOR.sample(N, rng=rng), PRIOR.sample(N, rng=rng)
        return np.asarray(lot.interpolation(method, PRIOR)(z0, z1, T))

    return PRIOR.sample(M, rng=rng), [on(NULL) for _ in range(DRAWS)], [on(method) for method in EXACT]


def alarms(name: str, studies: Sequence[int]) -> list[int]:
    """How many of the exact paths of each study lie among the greatest 5 % of the null draws and themselves."""
    metric, found = lot.drift(name), []
    known = metric.against(PRIOR, rng=0, sizes=[N]) if isinstance(metric, OneSample) else None
    for study in studies:
        reference, null, exact = points(study)
        judge = known or metric.against(reference, rng=study, sizes=[N])
        band = NullBand(np.array([[judge(z).value] for z in null]))
        found.append(sum(int(band.p_values(np.array([judge(z).value]))[0] <= LEVEL) for z in exact))
    return found


def main() -> int:
    """Prints the table; 1 if a rate is outside of what it may be."""
    parser = argparse.ArgumentParser(description="Type-I error of each metric alone")
    parser.add_argument("metrics", nargs="*", metavar="METRIC", help="all if not said")
    parser.add_argument("--studies", type=int, default=625, help=f"of {len(EXACT)} tests each")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--store", type=Path, default=Path("checkpoints/validity/levels.jsonl"))
    asked = parser.parse_args()
    ends = range(asked.first_seed, asked.first_seed + asked.studies)
    print(f"{PRIOR!r}, {asked.studies * len(EXACT):,} tests of each metric; held: {HELD[0]:.1%} to {HELD[1]:.1%}")
    names, held = asked.metrics or lot.drifts(), True
    pieces = {
        f"{name} {studies[0]}-{studies[-1]}": (name, studies)
        for studies in (ends[first : first + BATCH] for first in range(0, len(ends), BATCH))
        for name in names
    }
    counts: dict[str, list[int]] = {name: [] for name in names}
    for piece, found in Lines(asked.store).complete(alarms, pieces, asked.jobs):
        counts[pieces[piece][0]] += found
    for name in names:
        shares = np.array(counts[name]) / len(EXACT)
        error = shares.std(ddof=1) / np.sqrt(len(shares))
        outside = not HELD[0] <= shares.mean() <= HELD[1]
        held &= not outside
        print(f"{name:<38}{shares.mean():7.2%} +- {error:.2%}{'  outside' if outside else ''}", flush=True)
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
