"""The least miss that a page states: how much it varies from seed to seed, and what more samples of it cost.

    python benchmarks/validity/least_miss.py [--seeds 20] [--samples 1 3]

Of a comparison of N(0, I_16) at 500 pairs. What each metric would have seen is held fixed, so that only the spoiled
samples vary. Printed are the mean of the least miss of each kind, its standard deviation as a share of the mean, and
CPU seconds of the cell.
"""

import argparse
import time
from collections import defaultdict

import numpy as np

import latentot as lot
from latentot.metrics import DEFAULT
from latentot.study import Study
from latentot.study.statistics.sensitivity import _crossing
from latentot.study.work import cells
from latentot.study.work.plan import Plan
from latentot.study.work.spoiled import MISSES
from latentot.study.work.subject import Population

PRIOR, N, T = lot.Normal(16), 500, 0.5


def leasts(sees: dict[str, float], seed: int) -> dict[str, float]:
    """The least size of each miss that some metric sees."""
    study = Study.of(methods=["switch"], metrics=list(DEFAULT), t=[T], pairs=N, seed=seed)
    found = cells.SensitivityCell(Population("prior", N, 1)).compute(Plan("", study, PRIOR))
    value = {key: {metric: one[metric].value for metric in sees} for key, one in found.items()}  # type: ignore[union-attr]
    none, sizes = value["", 0.0], {miss: sorted(size for name, size in found if name == miss) for miss in MISSES}
    return {
        miss: min(
            _crossing(own, [value[miss, size][metric] - none[metric] for size in own], least)
            for metric, least in sees.items()
        )
        for miss, own in sizes.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="How much the least miss varies")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--samples", type=int, nargs="+", default=[1, cells.SPOILED])
    asked = parser.parse_args()
    facts = lot.compare(PRIOR, "switch", n=N, t=T, cache=False).outcome.facts
    sees = {cell["metric"]: cell["least"] for cell in facts["cells"]}
    for cells.SPOILED in asked.samples:
        found, start = defaultdict(list), time.process_time()
        for seed in range(asked.seeds):
            for miss, least in leasts(sees, seed).items():
                found[miss].append(least)
        seconds = (time.process_time() - start) / asked.seeds
        said = ", ".join(
            f"{miss} {np.mean(own):.3f} (sd {np.std(own, ddof=1) / np.mean(own):.0%})" for miss, own in found.items()
        )
        print(f"{cells.SPOILED} samples: {said}; {seconds:.2f} s", flush=True)


if __name__ == "__main__":
    main()
