"""Type-I error of the whole test: how often is a path that keeps its prior said to drift?

    python benchmarks/validity/type_one.py [--studies 160] [--jobs 2] [--metrics NAME ...] [--store FOLDER]

A study is `lot.compare` as users run it: 1,000 pairs, five metrics at t = 0.1, 0.25 and 0.5, with a reference of 10,000
points and 99 null draws of its own; it judges two or three methods that keep the prior. Said to drift is what has a
corrected p below 0.05, which with 99 null draws is one of the four greatest of 100: the exact level is 4 %.

What was measured is kept, a file a study, so that a run that was cut off goes on, and a metric that is added is
measured alone on the same points.
"""

import argparse
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from measured import Arrays, Store, compute
from numpy.typing import NDArray

import latentot as lot
from latentot.comparison import ControlWarning
from latentot.metrics import NullBand

CHEAP = ("sliced-wasserstein", "norm-wasserstein", "marginal-ks", "mmd", "covariance", "norm-ks")
"""Metrics of a few milliseconds at 1,000 points; the first five that there are."""
LEVEL = 0.05
POOLED, EACH = (0.02, 0.06), 0.085
"""What the rate may be: of all cells together, and of each at most."""


@dataclass(frozen=True)
class Setting:
    """A prior, and methods that keep it.

    Args:
        first_seed: seeds are first_seed, first_seed + 1, ...; no two settings share one, so that studies of different
            priors are not the same random numbers in other clothes.
    """

    name: str
    prior: lot.Prior
    methods: tuple[str, ...]
    first_seed: int


SETTINGS = (
    Setting("Normal 2", lot.Normal(2), ("matched", "cauchy", "spherical-cauchy"), 1_000_000),
    Setting("Normal 16", lot.Normal(16), ("matched", "cauchy", "spherical-cauchy"), 2_000_000),
    Setting("Normal 64", lot.Normal(64), ("matched", "cauchy", "spherical-cauchy"), 3_000_000),
    Setting("Uniform 16", lot.Uniform(16), ("matched", "cauchy"), 4_000_000),
    Setting("Laplace 16", lot.Laplace(16), ("matched", "cauchy"), 5_000_000),
)


@dataclass(frozen=True)
class Design:
    """What every study does."""

    metrics: tuple[str, ...]
    n: int = 1_000
    t: tuple[float, ...] = (0.1, 0.25, 0.5)
    null_draws: int = 99

    def measure(self, setting: Setting, number: int, metrics: Sequence[str]) -> Arrays:
        """Null draws, shape (B, t), and values, shape (methods, t), of each metric."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ControlWarning)
            compared = lot.compare(
                setting.prior,
                methods=setting.methods,
                metrics=metrics,
                t=self.t,
                n=self.n,
                repeats=1,
                seed=setting.first_seed + number,
                null_draws=self.null_draws,
                cache=False,
            )
        k = len(self.t)
        null = compared.outcome.artefacts["null/prior"].reshape(self.null_draws, len(metrics), k)
        values = compared.results["value"].to_numpy().reshape(len(setting.methods), len(metrics), k)
        found = {f"null/{metric}": null[:, i] for i, metric in enumerate(metrics)}
        return found | {f"value/{metric}": values[:, i] for i, metric in enumerate(metrics)}


def study(design: Design, store: Store, setting: Setting, number: int) -> tuple[str, NDArray[np.float64]]:
    """The corrected p-values of one study, of all metrics together and of each alone.

    Returns:
        The setting's name, and p-values, shape (methods, 1 + metrics).
    """
    known = store.complete(setting.name, number, design.metrics, partial(design.measure, setting, number))
    return setting.name, p_values(known, design.metrics)


def p_values(known: Arrays, metrics: Sequence[str]) -> NDArray[np.float64]:
    """The least corrected p-value of each method, of all metrics together and of each alone, (methods, 1 + metrics)."""
    families = [metrics, *([metric] for metric in metrics)]
    columns = []
    for family in families:
        band = NullBand(np.hstack([known[f"null/{metric}"] for metric in family]))
        values = np.hstack([known[f"value/{metric}"] for metric in family])
        columns.append([band.p_adjusted(observed).min() for observed in values])
    return np.array(columns).T


def studies(
    design: Design, store: Store, settings: Sequence[Setting], count: int, jobs: int
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """The p-values of all studies, settings in turn, so that a table half done is about all of them."""
    return compute(study, ((design, store, setting, number) for number in range(count) for setting in settings), jobs)


@dataclass(frozen=True)
class Rates:
    """How often methods were said to drift.

    Args:
        cells: method studies and false alarms of each setting and method.
        pooled: the rate of all.
        error: its standard error: methods of one study share pairs, reference and null, and are one observation.
        alone: the rate of each metric alone, corrected for its positions.
    """

    cells: dict[tuple[str, str], tuple[int, int]]
    pooled: float
    error: float
    alone: NDArray[np.float64]

    @classmethod
    def of(cls, settings: Sequence[Setting], found: dict[str, list[NDArray[np.float64]]]) -> "Rates":
        alarms = {setting: np.array(found[setting.name]) < LEVEL for setting in settings if found.get(setting.name)}
        cells = {
            (setting.name, method): (len(alarm), int(alarm[:, i, 0].sum()))
            for setting, alarm in alarms.items()
            for i, method in enumerate(setting.methods)
        }
        total = sum(count for count, _ in cells.values())
        pooled = sum(alarmed for _, alarmed in cells.values()) / total
        clusters = np.concatenate([(alarm[:, :, 0] - pooled).sum(axis=1) for alarm in alarms.values()])
        alone = np.concatenate([alarm[:, :, 1:].reshape(-1, alarm.shape[2] - 1) for alarm in alarms.values()])
        return cls(cells, pooled, float(np.sqrt(np.square(clusters).sum()) / total), alone.mean(axis=0))

    @property
    def hold(self) -> bool:
        """Whether every rate is what it may be."""
        return POOLED[0] <= self.pooled <= POOLED[1] and all(found <= EACH * n for n, found in self.cells.values())

    def summary(self) -> str:
        total, alarms = map(sum, zip(*self.cells.values(), strict=True))
        worst = max(self.cells, key=lambda cell: self.cells[cell][1] / self.cells[cell][0])
        n, found = self.cells[worst]
        return (
            f"{total:5} method studies: {alarms} alarms, {self.pooled:.2%} +- {self.error:.2%}; "
            f"greatest cell {found / n:.2%} ({', '.join(worst)})"
        )

    def table(self, metrics: Sequence[str]) -> str:
        lines = [f"{'prior':<12}{'method':<18}{'studies':>8}{'alarms':>8}{'rate':>9}"]
        lines += [
            f"{prior:<12}{method:<18}{n:8}{found:8}{found / n:9.2%}"
            for (prior, method), (n, found) in self.cells.items()
        ]
        lines += [self.summary(), "each metric alone, corrected for its positions:"]
        lines += [f"  {metric:<20}{rate:7.2%}" for metric, rate in zip(metrics, self.alone, strict=True)]
        lines.append(f"pooled within {POOLED[0]:.0%} to {POOLED[1]:.0%}, each cell at most {EACH:.1%}: {self.hold}")
        return "\n".join(lines)


def run(design: Design, store: Store, settings: Sequence[Setting], count: int, jobs: int, every: int) -> Rates:
    """All studies; a line after every so many."""
    found: dict[str, list[NDArray[np.float64]]] = {setting.name: [] for setting in settings}
    for done, (name, p) in enumerate(studies(design, store, settings, count, jobs), 1):
        found[name].append(p)
        if done % every == 0:
            print(Rates.of(settings, found).summary(), flush=True)
    return Rates.of(settings, found)


def main() -> None:
    parser = argparse.ArgumentParser(description="Type-I error of the whole test")
    parser.add_argument("--studies", type=int, default=160, help="of each prior; 154 are 2,002 method studies")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--metrics", nargs="+", default=[name for name in CHEAP if name in lot.drifts()][:5])
    parser.add_argument("--store", type=Path, default=Path("checkpoints/validity/type_one"))
    given = parser.parse_args()
    design = Design(tuple(given.metrics))
    print(f"n = {design.n:,}, {design.null_draws} null draws, t = {design.t}, {', '.join(design.metrics)}", flush=True)
    rates = run(design, Store(given.store), SETTINGS, given.studies, given.jobs, 5 * len(SETTINGS))
    print(rates.table(design.metrics))
    sys.exit(0 if rates.hold else 1)


if __name__ == "__main__":
    main()
