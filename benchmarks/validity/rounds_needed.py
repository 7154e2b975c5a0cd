"""Power of the default comparison: how often is a method that drifts by theorem said to, and with how many pairs?

    python benchmarks/validity/rounds_needed.py [--comparisons 100] [--jobs 2] [--store FILE]

On N(0, I_64) `lot.compare(prior, methods)` judges, with `matched`, which keeps it, three methods that drift little:
spherical, whose norms have too small a spread; an exact path with every tenth row on a straight line instead, which has
a tenth of linear's drift; and nao, whose norms are all near the likeliest. The bound that is printed is Clopper and
Pearson's, 95 %.
"""

import argparse
import sys
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import scipy.stats
from measured import Lines
from numpy.typing import NDArray

import latentot as lot
from latentot.comparison import ControlWarning

PRIOR, PROMISED = lot.Normal(64), 0.99
TENTH = "one row in ten linear"
METHODS = {"matched": "keeps", "spherical": "drifts", TENTH: "drifts", "nao": "drifts"}
"""What each does by theorem."""
Floats = NDArray[np.float64]


def tenth_linear(z0: Floats, z1: Floats, t: float) -> Floats:
    """An exact path, with every tenth row on a straight line instead."""
    z = np.array(lot.interpolation("matched", PRIOR)(z0, z1, t))
    z[::10] = (1 - t) * z0[::10] + t * z1[::10]
    return z


def compared(number: int) -> dict[str, tuple[str, int]]:
    """One default comparison: the verdicts, and the pairs of each, by method."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ControlWarning)
        methods = [(TENTH, tenth_linear) if name == TENTH else name for name in METHODS]
        verdicts = lot.compare(PRIOR, methods, seed=31_000_000 + number, cache=False).verdict()
    return {row.method: (row.verdict, int(row.n)) for row in verdicts.itertuples()}


def main() -> int:
    """Prints the table; 1 if fewer drifts are found than promised, beyond chance."""
    parser = argparse.ArgumentParser(description="Power of the default comparison")
    parser.add_argument("--comparisons", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--store", type=Path, default=Path("checkpoints/validity/rounds_needed.jsonl"))
    asked = parser.parse_args()
    pieces = {str(number): (number,) for number in range(asked.comparisons)}
    found = [one for _, one in Lines(asked.store).complete(compared, pieces, asked.jobs)]
    print(f"{PRIOR!r}, {len(found)} default comparisons; promised: drifts are found in {PROMISED:.0%}")
    print(f"{'method':<24}{'as theory says':>15}{'otherwise':>11}{'open':>6}{'at least':>10}   pairs")
    broken = False
    for method, wanted in METHODS.items():
        verdicts = Counter(one[method][0] for one in found)
        right, left = verdicts[wanted], verdicts["inconclusive"]
        test = scipy.stats.binomtest(right, len(found), PROMISED, alternative="less")
        broken |= test.pvalue < 0.01
        least = scipy.stats.binomtest(right, len(found)).proportion_ci(0.9).low
        spread = ", ".join(f"{n:,}: {times}" for n, times in sorted(Counter(one[method][1] for one in found).items()))
        print(f"{method:<24}{right:>15}{len(found) - right - left:>11}{left:>6}{least:>10.1%}   {spread}")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
