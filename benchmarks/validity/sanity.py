"""Sanity checks of judges of fidelity and of diversity, rebuilt from Räisä et al. (ICML 2025, arXiv:2505.22450).

    python benchmarks/validity/sanity.py [--repeats R] [--points P] [--n N] [JUDGE ...]

Each check draws real data and generated ones that differ in a known way, along a few settings, in several dimensions;
values are means over repeats. A judge passes a desideratum of a check where all that it asks holds in all dimensions:
the purpose (the shape of a curve), bounds (1 where both have one law, 0 where they are apart), and that sizes and units
do not matter. Of 14 purposes none that is published passes all; improved precision is said to pass 8. The defaults take
minutes.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sanity_shapes import Shape, at, bell, falling, falling_by, flat, low_or_high, rising, settled

import latentot as lot
from latentot.judges import prdc

KINDS = {
    "precision": "fidelity",
    "density": "fidelity",
    "clipped-density": "fidelity",
    "recall": "diversity",
    "coverage": "diversity",
    "clipped-coverage": "diversity",
}
AT_ONCE = frozenset({"precision", "recall", "density", "coverage"})
DIMENSIONS = (1, 8, 64)
Draws = Iterator[tuple[str, float, np.ndarray, np.ndarray]]
"""Case, setting, real data, generated data."""
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


def odd(points: int) -> int:
    """So many settings that one is in the middle."""
    return points + 1 - points % 2


def shifted(rng: np.random.Generator, n: int, points: int) -> Draws:
    for d, reach in zip(DIMENSIONS, (6, 3, 1), strict=True):
        real = rng.standard_normal((n, d))
        for mean in np.linspace(-reach, reach, odd(points)):
            yield f"d = {d}", mean, real, rng.standard_normal((n, d)) + mean


def shifted_beside_an_outlier(rng: np.random.Generator, n: int, points: int) -> Draws:
    for d, reach in zip(DIMENSIONS, (6, 3, 1), strict=True):
        real, outlier = rng.standard_normal((n, d)), np.full((1, d), float(reach))
        with_outlier = np.concatenate([real, outlier])
        for mean in np.linspace(-reach, reach, odd(points)):
            generated = rng.standard_normal((n, d)) + mean
            yield f"d = {d}, real outlier", mean, with_outlier, generated
            yield f"d = {d}, generated outlier", mean, real, np.concatenate([generated, outlier])


def shifted_beside_pareto(rng: np.random.Generator, n: int, points: int) -> Draws:
    def with_tail(mean: float) -> np.ndarray:
        return np.column_stack([rng.standard_normal(n) + mean, 1 + rng.pareto(1.01, n)])

    real = with_tail(0)
    for mean in np.linspace(-6, 6, odd(points)):
        yield "", mean, real, with_tail(mean)


def scaled(rng: np.random.Generator, n: int, points: int) -> Draws:
    for d, reach in zip(DIMENSIONS, (3, 1, 0.5), strict=True):
        real = rng.standard_normal((n, d))
        for exponent in np.linspace(-reach, reach, odd(points)):
            yield f"d = {d}", 10**exponent, real, 10**exponent * rng.standard_normal((n, d))


def of_modes(rng: np.random.Generator, n: int, means: np.ndarray, shares: np.ndarray, scale: float) -> np.ndarray:
    """A mixture of normal laws."""
    chosen = rng.choice(len(means), n, p=shares / shares.sum())
    return means[chosen] + scale * rng.standard_normal((n, means.shape[1]))


def ten_modes(d: int) -> tuple[np.ndarray, float]:
    return np.tile(np.linspace(0, 10, 10)[:, None], (1, d)), {1: 1 / 6, 8: 1 / 3, 64: 1.0}[d]


def dropped_together(rng: np.random.Generator, n: int, points: int) -> Draws:
    for d in DIMENSIONS:
        means, scale = ten_modes(d)
        real = of_modes(rng, n, means, np.ones(10), scale)
        for dropped in np.linspace(0, 1, max(points, 11)):
            shares = np.where(np.arange(10) > 0, 1 - dropped, 1)
            yield f"d = {d}", dropped, real, of_modes(rng, n, means, shares, scale)


def dropped_in_turn(rng: np.random.Generator, n: int, points: int) -> Draws:  # noqa: ARG001
    for d in DIMENSIONS:
        means, scale = ten_modes(d)
        real = of_modes(rng, n, means, np.ones(10), scale)
        for dropped in range(10):
            yield f"d = {d}", dropped, real, of_modes(rng, n, means, (np.arange(10) < 10 - dropped) * 1.0, scale)


def dropped_and_invented(rng: np.random.Generator, n: int, points: int) -> Draws:  # noqa: ARG001
    # Ten places in the plane, far apart for the width of a mode; the same in every repeat.
    means = np.random.default_rng(0).uniform(-25, 25, (10, 2))
    real = of_modes(rng, n, means[:5], np.ones(5), 0.25)
    for modes in range(1, 11):
        yield "", modes, real, of_modes(rng, n, means[:modes], np.ones(modes), 0.25)


def one_for_two(rng: np.random.Generator, n: int, points: int) -> Draws:
    for d in DIMENSIONS:
        for apart in np.linspace(0, 5, points):
            means = np.tile([[-apart / 2], [apart / 2]], (1, d))
            real = of_modes(rng, n, means, np.ones(2), 1.0)
            yield f"d = {d}", apart, real, (1 + apart**2) ** 0.5 * rng.standard_normal((n, d))


def on_spheres(rng: np.random.Generator, n: int, points: int) -> Draws:
    def sphere(d: int) -> np.ndarray:
        z = rng.standard_normal((n, d))
        return z / np.linalg.norm(z, axis=1, keepdims=True)

    for d in (2, 16, 128):
        real = sphere(d)
        for radius in np.linspace(0.1, 1.9, odd(points)):
            yield f"d = {d}", radius, real, radius * sphere(d)


def in_cubes(rng: np.random.Generator, n: int, points: int, *, grow: bool) -> Draws:
    """Cubes of which a fifth is in common; both samples grow, or the generated one."""
    sizes = np.geomspace(n / 10, 10 * n, points).astype(int)
    for d in DIMENSIONS:
        real = rng.random((n, d))
        for size in sizes:
            yield f"d = {d}", size, rng.random((size, d)) if grow else real, rng.random((size, d)) + 1 - 0.2 ** (1 / d)


def sphere_and_torus(rng: np.random.Generator, n: int, points: int) -> Draws:
    def ball(size: int, d: int) -> np.ndarray:
        z = rng.standard_normal((size, d))
        return z / np.linalg.norm(z, axis=1, keepdims=True) * rng.random((size, 1)) ** (1 / d)

    def torus(size: int) -> np.ndarray:
        across, angle = 0.1 * ball(size, 2), rng.uniform(0, 2 * np.pi, size)
        return np.column_stack([(1 + across[:, 0]) * np.cos(angle), (1 + across[:, 0]) * np.sin(angle), across[:, 1]])

    for case, one, other in (
        ("real sphere", lambda size: 0.8 * ball(size, 3), torus),
        ("real torus", torus, lambda size: 0.8 * ball(size, 3)),
    ):
        real = one(n)
        for size in np.geomspace(n / 10, 10 * n, points).astype(int):
            yield case, size, real, other(size)


def one_scaled(rng: np.random.Generator, n: int, points: int) -> Draws:
    for exponent in np.linspace(-3, 3, points):
        scale = np.array([1, 10**exponent])
        generated = (rng.standard_normal((n, 2)) + np.array([6, 0])) * scale
        yield "", exponent, rng.standard_normal((n, 2)) * scale, generated


def one_apart_among_many(rng: np.random.Generator, n: int, points: int) -> Draws:
    for more in np.geomspace(1, 1_000, points).astype(int):
        generated = rng.standard_normal((n, more + 1))
        generated[:, 0] += 6
        yield "", more, rng.standard_normal((n, more + 1)), generated


def rounded(rng: np.random.Generator, n: int, points: int) -> Draws:
    for case in ("real rounded", "generated rounded"):
        for scale in np.geomspace(1, 1_000, points):
            real, generated = scale * rng.standard_normal((2, n, 1))
            yield case, scale, *((np.round(real), generated) if case == "real rounded" else (real, np.round(generated)))


PURPOSE, BOUNDS, DATA, HYPERPARAMETERS, INVARIANCE = "purpose", "bounds", "data", "hyperparameters", "invariance"

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
    given = parser.parse_args()
    print(f"{given.n} data, {given.points} settings, {given.repeats} repeats\n")
    print("| check | desideratum | " + " | ".join(given.judges) + " |")
    print("|---|---|" + "---|" * len(given.judges), flush=True)
    totals: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    reasons = []
    for check in CHECKS:
        curves = measured(check, given.judges, n=given.n, points=given.points, repeats=given.repeats)
        failed = {name: passed(getattr(check, KINDS[name]), curves[name]) for name in given.judges}
        for desideratum in failed[given.judges[0]]:
            cells = []
            for name in given.judges:
                why = failed[name][desideratum]
                totals[desideratum][name].append(not why)
                cells.append("no" if why else "yes")
                reasons += [f"{check.title}, {desideratum}, {name}: {'; '.join(why)}"] * bool(why)
            print(f"| {check.title} | {desideratum} | " + " | ".join(cells) + " |", flush=True)
    for desideratum, its in totals.items():
        counts = " | ".join(f"{sum(its[name])}/{len(its[name])}" for name in given.judges)
        print(f"| passed | {desideratum} | {counts} |")
    print("\n" + "\n".join(reasons))


if __name__ == "__main__":
    main()
