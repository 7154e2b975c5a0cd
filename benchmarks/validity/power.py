"""Power of the whole test: how often is a drift of known size seen, and by which metric?

    python benchmarks/validity/power.py [CASE ...] [--observations 200] [--references 5] [--jobs 2] [--metrics NAME ...]

Seen is what has a p below 0.05 once it is corrected for all metrics at all of t = 0.1, 0.25 and 0.5. Every reference
has 10 n points and 99 null draws of its own, and serves 40 of the 200 observations, each of fresh pairs: a rate is that
of 200 observations in 5 studies of 40 repeats, each repeat judged alone.

The cases: `spherical` on N(0, I_64), 10,000 pairs; `linear` on five priors, 500 pairs; `shift`, by 0.05 in one of 64
coordinates, 20,000 pairs: draws of the prior (those of the null path) with 0.05 added to their first coordinate.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from measured import Arrays, Store, compute
from numpy.typing import NDArray

import latentot as lot
from latentot.metrics import DEFAULT, NullBand
from latentot.paths import Interpolation, Switch
from latentot.study import Study
from latentot.study.spec.seeds import stream
from latentot.study.work.cells import NullCell
from latentot.study.work.measured import keys_of, values_of
from latentot.study.work.plan import Plan

Floats = NDArray[np.float64]

LEVEL = 0.05
T = (0.1, 0.25, 0.5)
ANY = "any t"


@dataclass(frozen=True)
class Case:
    """A drift of known size.

    Args:
        method: the path that drifts; None for a shift.
        n: points of an observation.
        first_seed: seeds of its studies are first_seed, first_seed + 1, ...
        least: the rate that is asked for, at a t or at any.
        shift: added to the first coordinate.
    """

    name: str
    prior: lot.Prior
    n: int
    first_seed: int
    least: Mapping[float | str, float]
    method: str = "switch"
    shift: float = 0
    null_draws: int = 99

    def measure(self, number: int, observations: int, metrics: Sequence[str]) -> Arrays:
        """Null draws, shape (B, t), and observations, shape (R, t), of each metric."""
        settings = {"metrics": metrics, "t": T, "pairs": self.n, "repeats": observations}
        seed = self.first_seed + number
        plan = Plan(f"{self.name} {number}", Study.of(**settings, seed=seed, null_draws=self.null_draws), self.prior)
        (population,) = plan.subject().populations(plan.study)
        columns = keys_of(plan.study)
        null = [values_of(draw, columns) for draw in NullCell(population, 0, self.null_draws).compute(plan)]
        observed = []
        for repeat in range(observations):
            trial = plan.observed(population, repeat)
            path = self._path(stream(seed, "moments", repeat))
            points = {t: path(trial.z0, trial.z1, t).copy() for t in T}
            for z in points.values():
                z[..., 0] += self.shift
            observed.append(values_of(trial.measured(points), columns))
        found = {}
        for kind, rows in (("null", null), ("observed", observed)):
            values = np.array(rows).reshape(len(rows), len(metrics), len(T))
            found |= {f"{kind}/{metric}": values[:, i] for i, metric in enumerate(metrics)}
        return found

    def _path(self, rng: np.random.Generator) -> Interpolation:
        return Switch(self.prior, rng=rng) if self.method == "switch" else lot.interpolation(self.method, self.prior)


@dataclass(frozen=True)
class Seen:
    """The corrected p-values of observations.

    Args:
        p: shape (observations, metrics, t).
    """

    metrics: tuple[str, ...]
    p: Floats

    @classmethod
    def of(cls, known: Sequence[Arrays], metrics: tuple[str, ...]) -> "Seen":
        p = []
        for arrays in known:
            band = NullBand(np.hstack([arrays[f"null/{metric}"] for metric in metrics]))
            observed = np.hstack([arrays[f"observed/{metric}"] for metric in metrics])
            p += [band.p_adjusted(row).reshape(len(metrics), len(T)) for row in observed]
        return cls(metrics, np.array(p))

    def rate(self, t: float | str, metric: str | None = None) -> float:
        """How many of the observations are seen at a t, or at any, by a metric, or by any."""
        p = self.p if metric is None else self.p[:, [self.metrics.index(metric)]]
        if t != ANY:
            p = p[:, :, [T.index(float(t))]]
        return float((p < LEVEL).any(axis=(1, 2)).mean())


def piece(
    case: Case, store: Store, number: int, metrics: tuple[str, ...], observations: int
) -> tuple[str, int, Arrays]:
    """One reference with its null and observations, of which only what is not known is measured."""
    name = f"{case.name} {observations}"
    return case.name, number, store.complete(name, number, metrics, partial(case.measure, number, observations))


def table(case: Case, seen: Seen) -> tuple[str, bool]:
    """The table of a case, and whether it reaches what is asked for."""
    positions = [*T, ANY]
    lines = [f"{case.name}: {len(seen.p)} observations of {case.n:,} points, d = {case.prior.dim}"]
    lines.append(f"  {'seen by':<20}" + "".join(f"{f't = {t}' if t != ANY else ANY:>10}" for t in positions))
    for metric in (None, *seen.metrics):
        rates = "".join(f"{seen.rate(t, metric):10.1%}" for t in positions)
        lines.append(f"  {metric or 'any metric':<20}{rates}")
    reached = {t: seen.rate(t) >= least for t, least in case.least.items()}
    for t, least in case.least.items():
        where = t if t == ANY else f"t = {t}"
        lines.append(f"  at {where} at least {least:.0%}: {'reached' if reached[t] else 'MISSED'}")
    return "\n".join(lines), all(reached.values())


CASES: dict[str, tuple[Case, ...]] = {
    "spherical": (Case("spherical", lot.Normal(64), 10_000, 10_000_000, {0.25: 0.99, 0.5: 0.99}, method="spherical"),),
    "linear": tuple(
        Case(f"linear {prior.name} {prior.dim}", prior, 500, 20_000_000 + 1_000 * i, {ANY: 1.0}, method="linear")
        for i, prior in enumerate((lot.Normal(2), lot.Normal(16), lot.Normal(64), lot.Uniform(16), lot.Laplace(16)))
    ),
    "shift": (Case("shift", lot.Normal(64), 20_000, 30_000_000, {ANY: 0.9}, shift=0.05),),
}


@dataclass(frozen=True)
class Run:
    """How much of every case is measured, and where it is kept."""

    store: Store
    metrics: tuple[str, ...]
    observations: int
    references: int
    jobs: int
    replaced: Mapping[str, int] = field(default_factory=dict)

    def reaches(self, cases: Sequence[Case]) -> bool:
        """Print a table of each case as it is done; whether all reach what is asked for."""
        each = -(-self.observations // self.references)
        cases = [replace(case, **self.replaced) for case in cases]
        pieces = [(case, self.store, k, self.metrics, each) for case in cases for k in range(self.references)]
        known: dict[str, dict[int, Arrays]] = {case.name: {} for case in cases}
        reached = []
        for name, number, arrays in compute(piece, pieces, self.jobs):
            known[name][number] = arrays
            print(f"  {name}, reference {number + 1} of {self.references}", file=sys.stderr, flush=True)
            if len(known[name]) == self.references:
                case = next(case for case in cases if case.name == name)
                in_order = [known[name][k] for k in range(self.references)]
                text, good = table(case, Seen.of(in_order, self.metrics))
                print(text, flush=True)
                reached.append(good)
        return all(reached)


def main() -> None:
    parser = argparse.ArgumentParser(description="Power of the whole test")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"out of {', '.join(CASES)}; all if not said")
    parser.add_argument("--observations", type=int, default=200)
    parser.add_argument("--references", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--metrics", nargs="+", default=list(DEFAULT))
    parser.add_argument("--store", type=Path, default=Path("checkpoints/validity/power"))
    given = parser.parse_args()
    if unknown := set(given.cases) - set(CASES):
        parser.error(f"no case {', '.join(unknown)}: there are {', '.join(CASES)}")
    run = Run(Store(given.store), tuple(given.metrics), given.observations, given.references, given.jobs)
    chosen = [case for name in given.cases or CASES for case in CASES[name]]
    sys.exit(0 if run.reaches(chosen) else 1)


if __name__ == "__main__":
    main()
