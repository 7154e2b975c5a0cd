"""False keeps: how often is a method that misses by exactly the margin said to keep its prior?

    python benchmarks/validity/false_keeps.py [--runs 200] [--pairs 500 2000] [--jobs 2] [--store FILE]

An exact path is spoiled: its points are shrunk, shifted in one coordinate, or have two coordinates correlated. For each
number of pairs the size of the fault is found at which one default metric that resolves its margin is expected to
exceed the null by exactly the margin, 5 % of what linear exceeds it by, and no other metric that resolves does by more;
a fault of which none does, whatever its size, is a line without counts.
A method that misses by the margin in a measurement that has a say is promised to be said to keep in at most 5 % of all
comparisons of one round: comparisons in which it has none, by chance, are counted apart. The bound that is printed is
Clopper and Pearson's, 95 %.
"""

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import scipy.optimize
import scipy.stats
from measured import Lines
from numpy.typing import NDArray

import latentot as lot
from latentot.metrics import DEFAULT

PRIOR = lot.Normal(16)
T, MARGIN, PROMISED = 0.5, 0.05, 0.05
SIMULATED = 150
"""Samples by which an expected excess is found; the same ones at every size of the fault."""
Points = NDArray[np.float64]


def shrunk(z: Points, size: float) -> Points:
    """All points nearer to the origin."""
    return z * (1 - size)


def shifted(z: Points, size: float) -> Points:
    """The first coordinate moved."""
    return z + size * np.eye(z.shape[-1])[0]


def correlated(z: Points, size: float) -> Points:
    """The second coordinate correlated with the first; each alone is as it was."""
    other = size * z[..., :1] + np.sqrt(1 - size**2) * z[..., 1:2]
    return np.concatenate([z[..., :1], other, z[..., 2:]], axis=-1)


FAULTS: dict[str, Callable[[Points, float], Points]] = {
    "shrunk": shrunk,
    "shifted": shifted,
    "correlated": correlated,
}


@dataclass(frozen=True)
class Spoiled:
    """The exact path, then a fault.

    Args:
        fault: its name.
        size: of the fault.
        by: the metric in which it misses by the margin.
    """

    fault: str
    size: float
    by: str

    def __call__(self, z0: Points, z1: Points, t: float) -> Points:
        """Points between endpoints."""
        if t in (0, 1):
            return z1 if t else z0
        return FAULTS[self.fault](lot.interpolation("matched", PRIOR)(z0, z1, t), self.size)


@cache
def judges(n: int) -> list[tuple[dict[str, Callable[[Points], float]], Points]]:
    """Judges by every metric against references of their own, and a sample for each."""
    found = []
    for number in range(SIMULATED):
        rng = np.random.default_rng([n, number])
        reference, z = PRIOR.sample(10 * n, rng=rng), PRIOR.sample(n, rng=rng)
        own = {name: lot.drift(name).against(reference, rng=rng, sizes=[n]) for name in DEFAULT}
        found.append(({name: partial(_value, judge) for name, judge in own.items()}, z))
    return found


def _value(judge: Callable[[Points], lot.metrics.Measurement], z: Points) -> float:
    return judge(z).value


def excesses(n: int, metric: str, change: Callable[[Points], Points]) -> Points:
    """How much a change of the sample adds to a metric, of each simulated sample."""
    return np.array([own[metric](change(z)) - own[metric](z) for own, z in judges(n)])


def size_of(fault: str, metric: str, n: int) -> float:
    """The size at which a fault is expected to exceed the null by the margin; 1 where none does."""
    margin = MARGIN * excesses(n, metric, lambda z: z * np.sqrt(T**2 + (1 - T) ** 2)).mean()

    def beyond(size: float) -> float:
        return float(excesses(n, metric, lambda z: FAULTS[fault](z, size)).mean() - margin)

    return float(scipy.optimize.brentq(beyond, 0, 0.9, xtol=1e-3)) if beyond(0.9) > 0 else 1.0


def compared(n: int, spoiled: Sequence[Spoiled], seed: int) -> list[tuple[str, str]]:
    """Each fault with its verdict, in one comparison; "no say" where its metric does not resolve its margin there."""
    methods = [(one.fault, one) for one in spoiled]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = lot.compare(PRIOR, methods, t=T, n=n, seed=seed, cache=False)
    say = {(cell["method"], cell["metric"]): cell["noise"] < cell["margin"] for cell in result.outcome.facts["cells"]}
    verdicts = dict(result.verdict()[["method", "verdict"]].itertuples(index=False, name=None))
    return [(one.fault, verdicts[one.fault] if say[one.fault, one.by] else "no say") for one in spoiled]


def resolving(n: int) -> list[str]:
    """Default metrics that resolve their margin at n pairs."""
    facts = lot.compare(PRIOR, "matched", t=T, n=n, seed=1, cache=False).outcome.facts
    return [cell["metric"] for cell in facts["cells"] if cell["noise"] < cell["margin"]]


def main() -> int:
    """Prints the table; 1 if a promise is broken beyond chance."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--pairs", type=int, nargs="+", default=[500, 1_000, 2_000, 4_000, 8_000])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--store", type=Path, default=Path("checkpoints/validity/false_keeps.jsonl"))
    asked = parser.parse_args()
    print(f"{PRIOR!r}, t = {T}, {asked.runs} comparisons of each size; promised: kept in at most {PROMISED:.0%}")
    counted = f"{'kept':>6}{'drifts':>8}{'open':>6}{'no say':>8}"
    print(f"{'pairs':>7}  {'fault':<11}{'size':>8}  {'seen by':<20}{counted}   at most")
    broken = False
    for n in asked.pairs:
        sees = resolving(n)
        spoiled, by = [], {}
        for fault in FAULTS:
            sizes = {metric: size_of(fault, metric, n) for metric in sees}
            by[fault] = min(sizes, key=lambda metric: sizes[metric])
            if sizes[by[fault]] < 1:
                spoiled.append(Spoiled(fault, sizes[by[fault]], by[fault]))
            else:
                print(f"{n:>7,}  {fault:<11}{'any':>8}  none of {', '.join(sees)}", flush=True)
        pieces = {f"{n} {number}": (n, spoiled, 21_000_000 + number) for number in range(asked.runs)}
        found = Lines(asked.store).complete(compared, pieces, asked.jobs)
        verdicts = Counter((fault, verdict) for _, pairs in found for fault, verdict in pairs)
        for one in spoiled:
            kept, drifts, left, without = (
                verdicts[one.fault, name] for name in ("keeps", "drifts", "inconclusive", "no say")
            )
            judged = asked.runs - without
            if not judged:
                continue
            broken |= scipy.stats.binomtest(kept, judged, PROMISED, alternative="greater").pvalue < 0.01
            bound = scipy.stats.binomtest(kept, judged).proportion_ci(0.9).high
            print(
                f"{n:>7,}  {one.fault:<11}{one.size:>8.4f}  {by[one.fault]:<20}",
                f"{kept:>6}{drifts:>8}{left:>6}{without:>8}   {bound:.1%}",
                sep="",
                flush=True,
            )
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
