"""How the power of each metric goes with the number of points and of coordinates.

    python benchmarks/validity/scaling.py [--jobs 2] [--again METRIC ...] [--table FILE] [--draw-only]

The effect of an alternative is how far the median of 3 observations lies above the mean of 25 null draws, the mean over
3 references of 10 n points, in standard deviations of the null. A null draw is a fresh sample of N(0, I_d). Four
alternatives that do not change with n and d: half way on a straight line and on a sphere, a mean shifted by 0.2 in one
coordinate, and a correlation of 0.3 between two. All metrics see the same points.

What is in the table, docs/figures/metric-power.csv, is not measured again; the figure is drawn from it, and so is
docs/metrics.md by docs/make_metrics.py.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from effects import ALTERNATIVES, Effect, read, write
from measured import compute
from numpy.typing import NDArray
from scaling_figure import draw

import latentot as lot
from latentot.errors import InputError
from latentot.metrics import OneSample
from latentot.study.spec.seeds import stream

FIGURES = Path(__file__).parents[2] / "docs" / "figures"
TABLE = FIGURES / "metric-power.csv"

N, D = 4_000, 16
SIZES = tuple(dict.fromkeys([*((n, D) for n in (250, 1_000, N, 16_000)), *((N, d) for d in (2, 4, D, 64, 256))]))
"""n and d of the cells: one of both is always the same."""
TIMES = 10
PATIENCE = 5.0
"""Seconds of one judgement beyond which a cell is left out."""

Floats = NDArray[np.float64]


def _shifted(z0: Floats, z1: Floats) -> Floats:  # noqa: ARG001
    return z0 + 0.2 * np.eye(1, z0.shape[1])


def _correlated(z0: Floats, z1: Floats) -> Floats:
    z = z0.copy()
    z[:, 1] = 0.3 * z0[:, 0] + np.sqrt(1 - 0.3**2) * z1[:, 0]
    return z


def _halfway(name: str) -> Callable[[Floats, Floats], Floats]:
    return lambda z0, z1: lot.interpolation(name, lot.Normal(z0.shape[1]))(z0, z1, 0.5)


ALTERED: dict[str, Callable[[Floats, Floats], Floats]] = {
    "linear": _halfway("linear"),
    "spherical": _halfway("spherical"),
    "shift": _shifted,
    "correlation": _correlated,
}
"""What is done to independent draws z0 and z1 of N(0, I_d)."""


@dataclass(frozen=True)
class Cell:
    """One metric at one size."""

    metric: str
    n: int
    d: int
    references: int = 3
    null_draws: int = 25
    observations: int = 3

    def effects(self) -> list[Effect] | str:
        """The effect of each alternative, or why there is none."""
        try:
            found = [self._against(reference) for reference in range(self.references)]
        except InputError as error:
            return f"{self.title}: {error}"
        differences, variances, seconds = (np.array(parts) for parts in zip(*found, strict=True))
        sd, milliseconds = float(np.sqrt(variances.mean())), 1_000 * float(np.median(seconds))
        if not sd > 0:
            return f"{self.title}: null draws do not vary"
        means = (differences.mean(axis=0) / sd).tolist()
        return [
            Effect(self.metric, name, self.n, self.d, effect, milliseconds)
            for name, effect in zip(ALTERNATIVES, means, strict=True)
        ]

    @property
    def title(self) -> str:
        return f"{self.metric}, n = {self.n}, d = {self.d}"

    def _against(self, reference: int) -> tuple[list[float], float, float]:
        """What each alternative adds, the variance of the null, and the seconds of a judgement."""
        prior, metric = lot.Normal(self.d), lot.drift(self.metric)
        metric.check(prior)
        held_against = prior if isinstance(metric, OneSample) else self.draw("reference", reference, 0, TIMES * self.n)
        judge = metric.against(held_against, rng=stream(0, "judge", self.metric, reference))
        judge(self.draw("first", reference, 0))  # what is loaded or computed once is not what a judgement takes
        null, seconds = [], []
        for number in range(self.null_draws):
            z = self.draw("null", reference, number)
            start = time.process_time()
            null.append(judge(z).value)
            seconds.append(time.process_time() - start)
            if seconds[0] > PATIENCE:
                raise InputError(f"one judgement takes {seconds[0]:.0f} s")
        added = [
            statistics.median(judge(self.alternative(name, reference, k)).value for k in range(self.observations))
            - statistics.mean(null)
            for name in ALTERNATIVES
        ]
        return added, statistics.variance(null), statistics.median(seconds)

    def alternative(self, name: str, reference: int, number: int) -> Floats:
        """Points of an alternative, for one observation against a reference, shape (n, d)."""
        ends = (self.draw(f"{name} {end}", reference, number) for end in (0, 1))
        return ALTERED[name](*ends)

    def draw(self, purpose: str, reference: int, number: int, n: int | None = None) -> Floats:
        """Draws of N(0, I_d) for one purpose, the same for every metric, shape (n, d)."""
        return lot.Normal(self.d).sample(n or self.n, rng=stream(0, purpose, self.n, self.d, reference, number))


def _compute(cell: Cell) -> list[Effect] | str:
    return cell.effects()


def measure(table: Path, cells: Sequence[Cell], jobs: int) -> None:
    """Measure the cells that the table lacks, and add each to it as it is done."""
    known = read(table)
    have = {(effect.metric, effect.n, effect.d) for effect in known}
    wanted = [cell for cell in cells if (cell.metric, cell.n, cell.d) not in have]
    for done, found in enumerate(compute(_compute, ((cell,) for cell in wanted), jobs), 1):
        if isinstance(found, str):
            print(f"left out: {found}", file=sys.stderr, flush=True)
            continue
        known += found
        write(table, known)
        numbers = ", ".join(f"{effect.alternative} {effect.effect:.1f}" for effect in found)
        print(f"{done}/{len(wanted)} {found[0].metric}, n = {found[0].n}, d = {found[0].d}: {numbers}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Power of each metric against n and d")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--again", nargs="+", default=[], metavar="METRIC", help="measure these anew")
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--draw-only", action="store_true")
    given = parser.parse_args()
    if given.again:
        write(given.table, [effect for effect in read(given.table) if effect.metric not in given.again])
    if not given.draw_only:
        # Small cells first: a table half done has all metrics.
        sizes = sorted(SIZES, key=lambda size: size[0] * size[1])
        measure(given.table, [Cell(metric, *size) for size in sizes for metric in lot.drifts()], given.jobs)
    figure = given.table.with_suffix(".svg")
    figure.write_text(draw(read(given.table)), encoding="utf-8")
    print(f"drawn: {figure}")


if __name__ == "__main__":
    main()
