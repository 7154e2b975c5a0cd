"""Verdicts of default comparisons: how often is a method that keeps its prior by theorem said to drift, or left open?

    python benchmarks/validity/verdicts.py [--comparisons 60] [--jobs 2] [--store FILE]

A comparison is `lot.compare(prior, methods)` as users run it. False drifts are promised in at most 1 % of comparisons;
the bound that is printed is Clopper and Pearson's, 95 %. Methods that drift by theorem are in the same comparisons: how
many are found, and with how many pairs: the figure, docs/figures/rounds-needed.svg, has the share of verdicts that are
settled with so many pairs or fewer. What was found is kept, a line a comparison, so that a
run that was cut off goes on.
"""

import argparse
import math
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import scipy.stats
from measured import Lines
from rounds_figure import draw

import latentot as lot
from latentot.comparison import ControlWarning


@dataclass(frozen=True)
class Setting:
    """A prior with methods of which theory says what they do.

    Args:
        exact: methods that keep the prior.
        drifting: methods that do not.
        first_seed: seeds are first_seed, first_seed + 1, ...
    """

    name: str
    prior: lot.Prior
    exact: tuple[str, ...]
    drifting: tuple[str, ...]
    first_seed: int


FIGURE = Path(__file__).parents[2] / "docs" / "figures" / "rounds-needed.svg"
HEAVY = "stable (alpha=0.5)"
OPTIONS = {HEAVY: {"name": "stable", "options": {"alpha": 0.5}}}
NORMAL: tuple[str, ...] = ("matched", "cauchy", "stable", "spherical-cauchy", "switch")
OTHERS: tuple[str, ...] = ("matched", "cauchy", "stable", HEAVY, "switch")
SETTINGS = (
    Setting("Normal 2", lot.Normal(2), NORMAL, ("linear",), 11_000_000),
    Setting("Normal 16", lot.Normal(16), NORMAL, ("linear", "spherical"), 12_000_000),
    Setting("Normal 64", lot.Normal(64), NORMAL, ("linear", "spherical"), 13_000_000),
    Setting("Uniform 16", lot.Uniform(16), OTHERS, ("linear", "spherical"), 14_000_000),
    Setting("Laplace 16", lot.Laplace(16), OTHERS, ("linear", "spherical"), 15_000_000),
)


@dataclass(frozen=True)
class Found:
    """The verdicts of one comparison, and the round of each, by method."""

    setting: str
    verdicts: dict[str, tuple[str, int]]


def compared(setting: Setting, number: int) -> dict[str, tuple[str, int]]:
    """One default comparison: the verdicts, and the pairs of each, by method."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ControlWarning)
        seed = setting.first_seed + number
        methods = [OPTIONS.get(name, name) for name in (*setting.exact, *setting.drifting)]
        result = lot.compare(setting.prior, methods, seed=seed, cache=False)
    rows = result.verdict()
    return {row.method: (row.verdict, int(row.n)) for row in rows.itertuples()}


def all_found(settings: Sequence[Setting], count: int, jobs: int, store: Lines) -> Iterator[Found]:
    """Every comparison, settings in turn, so that a table half done is about all of them."""
    pieces = {f"{setting.name} {number}": (setting, number) for number in range(count) for setting in settings}
    for name, verdicts in store.complete(compared, pieces, jobs):
        yield Found(pieces[name][0].name, {method: (verdict, n) for method, (verdict, n) in verdicts.items()})


def settled(settings: Sequence[Setting], found: Sequence[Found]) -> dict[str, list[float]]:
    """Pairs that settled each verdict: on methods that keep each prior, and on those that drift on any."""
    pairs: dict[str, list[float]] = {f"keeps {setting.name}": [] for setting in settings} | {"drifts, on any": []}
    for one in found:
        (setting,) = (setting for setting in settings if setting.name == one.setting)
        for method, (verdict, n) in one.verdicts.items():
            name = f"keeps {setting.name}" if method in setting.exact else "drifts, on any"
            pairs[name].append(math.inf if verdict == "inconclusive" else n)
    return pairs


def lines(settings: Sequence[Setting], found: Sequence[Found]) -> Iterator[str]:
    """The table, and what is promised."""
    yield f"{'prior':<12}{'comparisons':>12}{'false drifts':>14}{'open':>8}{'drifts found':>14}   pairs of verdicts"
    false, comparisons, open_ones, verdicts = 0, 0, 0, 0
    for setting in settings:
        own = [one.verdicts for one in found if one.setting == setting.name]
        exact = [one[method] for one in own for method in setting.exact if method in one]
        drifting = [one[method][0] == "drifts" for one in own for method in setting.drifting]
        wrong = sum(any(one[method][0] == "drifts" for method in setting.exact) for one in own)
        unsettled = sum(verdict == "inconclusive" for one in own for verdict, _ in one.values())
        pairs = Counter(n for one in own for _, n in one.values())
        share = f"{sum(drifting)} of {len(drifting)}"
        spread = ", ".join(f"{n:,}: {times}" for n, times in sorted(pairs.items()))
        yield f"{setting.name:<12}{len(own):>12}{wrong:>14}{unsettled:>8}{share:>14}   {spread}"
        false, comparisons, open_ones = false + wrong, comparisons + len(own), open_ones + unsettled
        verdicts += len(exact) + len(drifting)
    bound = scipy.stats.binomtest(false, comparisons).proportion_ci(0.9).high if comparisons else 1.0
    yield (
        f"false drifts in {false} of {comparisons} comparisons: {false / max(comparisons, 1):.1%}, at most {bound:.1%} "
        "(95 %); promised 1 %"
    )
    yield f"left open: {open_ones} of {verdicts} verdicts, {open_ones / max(verdicts, 1):.1%}"


def main() -> int:
    """Prints the table; 1 if more than 2 % of comparisons have a false drift, or more than 2 % of verdicts are open."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comparisons", type=int, default=60, help="of each prior")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--store", type=Path, default=Path("checkpoints/validity/verdicts.jsonl"))
    parser.add_argument("--figure", type=Path, default=FIGURE)
    asked = parser.parse_args()
    found = []
    for one in all_found(SETTINGS, asked.comparisons, asked.jobs, Lines(asked.store)):
        found.append(one)
        if len(found) % 5 == 0:
            *_, false, left = lines(SETTINGS, found)
            print(f"{len(found)} of {asked.comparisons * len(SETTINGS)}: {false}; {left}", file=sys.stderr, flush=True)
    print("\n".join(lines(SETTINGS, found)))
    asked.figure.write_text(draw(settled(SETTINGS, found)), encoding="utf-8")
    false = sum(
        any(one.verdicts[method][0] == "drifts" for method in setting.exact)
        for setting in SETTINGS
        for one in found
        if one.setting == setting.name
    )
    open_ones = sum(verdict == "inconclusive" for one in found for verdict, _ in one.verdicts.values())
    total = sum(len(one.verdicts) for one in found)
    return int(false > 0.02 * len(found) or open_ones > 0.02 * total)


if __name__ == "__main__":
    sys.exit(main())
