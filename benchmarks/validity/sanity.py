"""Sanity checks of judges of fidelity and of diversity, rebuilt from Räisä et al. (ICML 2025, arXiv:2505.22450).

    python benchmarks/validity/sanity.py [--repeats R] [--points P] [--n N] [--seed S] [JUDGE ...]

Each check draws real data and generated ones that differ in a known way, along a few settings, in several dimensions;
values are means over repeats. A judge passes a desideratum of a check where all that it asks holds in all dimensions:
the purpose (the shape of a curve), bounds (1 where both have one law, 0 where they are apart), and that sizes and units
do not matter. Of 14 purposes none that is published passes all; improved precision is said to pass 8. It prints the
table of docs/judges.md, and below it what each fails and why. The defaults take minutes.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sanity_draws import (
    Draws,
    dropped_and_invented,
    dropped_in_turn,
    dropped_together,
    in_cubes,
    on_spheres,
    one_apart_among_many,
    one_for_two,
    one_scaled,
    rounded,
    scaled,
    shifted,
    shifted_beside_an_outlier,
    shifted_beside_pareto,
    sphere_and_torus,
)
from sanity_shapes import Shape, at, bell, falling, falling_by, flat, low_or_high, rising, settled

import latentot as lot
from latentot.judges import prdc

KINDS = {
    "precision": "fidelity",
    "density": "fidelity",
    "clipped-density": "fidelity",
    "membership": "fidelity",
    "recall": "diversity",
    "coverage": "diversity",
    "clipped-coverage": "diversity",
}
AT_ONCE = frozenset({"precision", "recall", "density", "coverage"})
Curves = Mapping[str, tuple[np.ndarray, np.ndarray]]
"""Settings and values, of each case."""
Asked = Mapping[str, Mapping[str, Shape]]
"""What is asked, by desideratum; of some checks each case has its own."""


@dataclass(frozen=True)
class Check:
    """A check.

    Args:
        title: as the paper has it.
        draws: of (rng, n, points of a curve).
        fidelity, diversity: what is asked of either kind of judge.
    """

    title: str
    draws: Callable[[np.random.Generator, int, int], Draws]
    fidelity: Asked | Mapping[str, Asked]
    diversity: Asked | Mapping[str, Asked]


PURPOSE, BOUNDS, DATA, HYPERPARAMETERS, INVARIANCE = "purpose", "bounds", "data", "hyperparameters", "invariance"
TOTALS = {
    PURPOSE: "**purposes**",
    BOUNDS: "**bounds**",
    DATA: "any size of both samples",
    HYPERPARAMETERS: "any size of the generated sample",
    INVARIANCE: "any unit of one feature",
}
"""Desiderata, as they are counted."""

APART = {
    BOUNDS: {"same": at(0.0, 1), "first": at("first", 0), "last": at("last", 0)},
    PURPOSE: {"shape": bell(0.0)},
}
DROPPED = {BOUNDS: {"same": at("first", 1), "all dropped": at("last", 1)}, PURPOSE: {"shape": flat}}
NEVER = {"first": at("first", 0), "last": at("last", 0)}


def both(title: str, draws: Callable[..., Draws], asked: Asked) -> Check:
    return Check(title, draws, asked, asked)


def rounded_data(kind: str) -> Mapping[str, Asked]:
    """What is asked where either the real data are rounded or the generated ones are."""
    wide: tuple[float, ...] = (0,) if kind == "fidelity" else (0, 1)
    narrow: tuple[float, ...] = (1,) if kind == "fidelity" else (0,)
    return {
        case: {
            PURPOSE: {"shape": flat},
            BOUNDS: {"coarse": at("first", *targets), "fine": at("last", *targets)},
        }
        for case, targets in (("real rounded", wide), ("generated rounded", narrow))
    }


CHECKS = (
    both("Gaussian mean difference", shifted, APART),
    both("Gaussian mean difference + outlier", shifted_beside_an_outlier, APART),
    both("Gaussian mean difference + Pareto", shifted_beside_pareto, APART),
    Check(
        "Gaussian std. deviation difference",
        scaled,
        {
            BOUNDS: {"same": at(1.0, 1), "narrow": at("first", 1), "wide": at("last", 0)},
            PURPOSE: {"shape": falling},
        },
        {
            BOUNDS: {"same": at(1.0, 1), "narrow": at("first", 0), "wide": at("last", 0, 1)},
            PURPOSE: {"shape": low_or_high(bell(1.0), rising)},
        },
    ),
    Check(
        "simultaneous mode dropping",
        dropped_together,
        DROPPED,
        {BOUNDS: {"same": at("first", 1)}, PURPOSE: {"shape": falling_by(0.95)}},
    ),
    Check(
        "sequential mode dropping",
        dropped_in_turn,
        DROPPED,
        {BOUNDS: {"same": at("first", 1)}, PURPOSE: {"shape": falling_by(0.5)}},
    ),
    Check(
        "mode dropping + invention",
        dropped_and_invented,
        {BOUNDS: {"same": at(5, 1), "most dropped": at("first", 1)}, PURPOSE: {"shape": falling}},
        {BOUNDS: {"same": at(5, 1), "most invented": at("last", 1)}, PURPOSE: {"shape": rising}},
    ),
    Check(
        "mode collapse",
        one_for_two,
        {BOUNDS: {"same": at("first", 1)}, PURPOSE: {"shape": falling}},
        {BOUNDS: {"same": at("first", 1)}, PURPOSE: {"shape": low_or_high(falling, flat)}},
    ),
    both(
        "hypersphere surface",
        on_spheres,
        {
            BOUNDS: {"same": at(1.0, 1), "small": at("first", 0), "large": at("last", 0)},
            PURPOSE: {"shape": bell(1.0)},
        },
    ),
    both(
        "hypercube, varying sample size",
        lambda *given: in_cubes(*given, grow=True),
        {DATA: {"shape": settled}, PURPOSE: {"large": at("last", 0.2)}},
    ),
    both(
        "hypercube, varying generated size",
        lambda *given: in_cubes(*given, grow=False),
        {HYPERPARAMETERS: {"shape": settled}, PURPOSE: {"large": at("last", 0.2)}},
    ),
    both("sphere and torus", sphere_and_torus, {PURPOSE: {"shape": settled}, BOUNDS: {"large": at("last", 0)}}),
    both("scaling one dimension", one_scaled, {INVARIANCE: {"shape": flat}, BOUNDS: NEVER}),
    both("one disjoint dimension among many", one_apart_among_many, {PURPOSE: {"shape": flat}, BOUNDS: NEVER}),
    Check("discrete and continuous numbers", rounded, rounded_data("fidelity"), rounded_data("diversity")),
)


def measured(
    check: Check, judges: Sequence[str], *, n: int, points: int, repeats: int, seed: int = 0
) -> dict[str, dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Settings and mean values, of each judge and case."""
    values: dict[tuple[str, str, float], list[float]] = defaultdict(list)
    one_by_one = [name for name in judges if name not in AT_ONCE]
    for repeat in range(repeats):
        before, judging = None, {}
        for case, setting, real, generated in check.draws(np.random.default_rng([seed, repeat]), n, points):
            if real is not before:
                before, judging = real, {name: lot.judge(name).against(real, rng=0) for name in one_by_one}
            together = prdc(generated, real) if len(one_by_one) < len(judges) else {}
            for name in judges:
                its = together[name] if name in AT_ONCE else judging[name](generated)
                values[name, case, float(setting)].append(its.value)
    found: dict[str, dict[str, tuple[np.ndarray, np.ndarray]]] = {}
    for name in judges:
        cases = dict.fromkeys(case for own, case, _ in values if own == name)
        for case in cases:
            x = np.array(sorted(setting for own, its, setting in values if (own, its) == (name, case)))
            means = np.array([np.mean(values[name, case, setting]) for setting in x])
            found.setdefault(name, {})[case] = x, means
    return found


def passed(asked: Asked, curves: Curves) -> dict[str, list[str]]:
    """Of each desideratum what does not hold; a judge is low in all cases, or high in all."""
    failed: dict[str, list[str]] = {}
    ways: dict[str, set[str]] = defaultdict(set)
    for case, (x, values) in curves.items():
        for desideratum, shapes in asked.get(case, asked).items():
            its = failed.setdefault(desideratum, [])
            for what, shape in shapes.items():
                found = shape(x, values)
                ways[desideratum] |= {found} if isinstance(found, str) else set()
                if not found:
                    its.append(f"{what} ({case})" if case else what)
    for desideratum, both_ways in ways.items():
        if len(both_ways) > 1:
            failed[desideratum].append("low in one case and high in another")
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("judges", nargs="*", default=list(KINDS), help=f"of {', '.join(KINDS)}")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--points", type=int, default=9)
    parser.add_argument("--n", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    print(f"{given.n} data, {given.points} settings, {given.repeats} repeats, seed {given.seed}\n")
    print("| check | " + " | ".join(f"`{name}`" for name in given.judges) + " |")
    print("| --- |" + " --- |" * len(given.judges), flush=True)
    totals: dict[str, dict[str, list[bool]]] = {desideratum: defaultdict(list) for desideratum in TOTALS}
    reasons = []
    for check in CHECKS:
        settings = {"n": given.n, "points": given.points, "repeats": given.repeats, "seed": given.seed}
        curves = measured(check, given.judges, **settings)
        failed = {name: passed(getattr(check, KINDS[name]), curves[name]) for name in given.judges}
        for name, its in failed.items():
            for desideratum, why in its.items():
                totals[desideratum][name].append(not why)
                reasons += [f"{check.title}, {desideratum}, {name}: {'; '.join(why)}"] * bool(why)
        if PURPOSE in failed[given.judges[0]]:
            cells = ("no" if its[PURPOSE] else "yes" for its in failed.values())
            print(f"| {check.title} | " + " | ".join(cells) + " |", flush=True)
    for desideratum, title in TOTALS.items():
        its = totals[desideratum]
        counts = " | ".join(f"{sum(its[name])}/{len(its[name])}" for name in given.judges)
        print(f"| {title} | {counts} |")
    print("\n" + "\n".join(reasons))


if __name__ == "__main__":
    main()
