"""The tidy table of one population: every measurement beside its null band."""

__all__ = ["COLUMNS", "MethodResult", "Table"]

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from latentot.drift import Measurement, NullBand
from latentot.study.seeds import stream
from latentot.study.spec import Study
from latentot.study.subject import Population, Subject
from latentot.study.verdict import LEVEL, Finding, find, judge

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (  # noqa: SIM905 - a table's head reads as words
    "model prior dim endpoints reference method metric t n n_used repeat seed "
    "value raw null_mean null_lo null_hi n_null p_value p_adjusted drifts seconds status"
).split()

Measured = list[Measurement | str]
"""Each metric at each t, t varying fastest; a string is the reason why there is none."""


@dataclass(frozen=True)
class MethodResult:
    """One repeat of one method.

    Args:
        measured: each metric at each t.
        seconds: seconds that the points took, at each t.
    """

    measured: Measured
    seconds: list[float]


@dataclass(frozen=True, eq=False)
class Table:
    """All that was measured on one population.

    Args:
        study: what was asked for.
        subject: what was studied.
        population: whose table this is.
        null: the null draws.
        methods: the repeats of each method, by its label.
        yardstick: the repeats of linear interpolation, which the margin is a share of.
    """

    study: Study
    subject: Subject
    population: Population
    null: list[Measured]
    methods: dict[str, list[MethodResult]]
    yardstick: list[MethodResult]

    @cached_property
    def columns(self) -> list[tuple[str, float]]:
        """Metric and t of each measurement."""
        return [(metric, t) for metric in self.study.metrics for t in self.study.t]

    @cached_property
    def draws(self) -> NDArray[np.float64]:
        """Values of the null draws, shape (B, k); NaN where there is none."""
        return np.array([_values(draw) for draw in self.null])

    def rows(self) -> "pd.DataFrame":
        """One row a measurement of each method, in the order of `COLUMNS`."""
        import pandas as pd

        rows = [
            row
            for label, repeats in self.methods.items()
            for number, result in enumerate(repeats)
            for row in self._rows_of(label, number, result)
        ]
        return pd.DataFrame(rows, columns=COLUMNS)

    def findings(self) -> dict[str, list[Finding]]:
        """What the repeats of each method say, measurement by measurement."""
        linear = np.array([_values(result.measured) for result in self.yardstick])
        # At t = 0 and 1 every path is its endpoint: there is nothing to judge, and no excess of linear's to share.
        on_the_way = np.array([0 < t < 1 for _, t in self.columns])
        found = {}
        for label, repeats in self.methods.items():
            values = np.array([_values(result.measured) for result in repeats])
            usable = np.isfinite(np.vstack([values, linear, self.draws])).all(axis=0) & on_the_way
            band = NullBand(self.draws[:, usable])
            rng = stream(self.study.seed, "permutations", self.population.endpoints)
            columns = [column for column, use in zip(self.columns, usable, strict=True) if use]
            excess = linear[:, usable].mean(axis=0) - band.mean
            found[label] = find(columns, band, values[:, usable], excess, self.study.margin, rng) if columns else []
        return found

    def verdicts(self) -> list[dict[str, Any]]:
        """One verdict a method, as plain data."""
        rows = []
        for label, findings in self.findings().items():
            verdict = judge(findings)
            worst, repeats = verdict.worst, self.methods[label]
            failed = sum(isinstance(m, str) for result in repeats for m in result.measured)
            rows.append(
                self._identity()
                | {
                    "method": label,
                    "verdict": verdict.verdict,
                    "worst_metric": worst and worst.metric,
                    "worst_t": worst and worst.t,
                    "excess": worst and worst.excess,
                    "p_value": verdict.p_value,
                    "seconds": float(np.mean([second for result in repeats for second in result.seconds] or [np.nan])),
                    "reason": verdict.reason + (f"; {failed} measurements failed" if failed else ""),
                }
            )
        return rows

    def cells(self) -> list[dict[str, Any]]:
        """For each method and metric, the finding at the t where it is worst, as plain data."""
        rows = []
        for label, findings in self.findings().items():
            for metric in self.study.metrics:
                own = [finding for finding in findings if finding.metric == metric]
                if own:
                    worst = max(own, key=lambda finding: finding.excess)
                    flags = {"keeps": all(f.keeps for f in own), "drifts": any(f.drifts for f in own)}
                    rows.append(self._identity() | {"method": label} | dataclasses.asdict(worst) | flags)
        return rows

    def _identity(self) -> dict[str, Any]:
        return {
            "model": self.subject.model.name if self.subject.model else None,
            "prior": self.subject.prior.name,
            "dim": self.subject.prior.dim,
            "endpoints": self.population.endpoints,
            "reference": self.population.reference,
        }

    def _rows_of(self, label: str, repeat: int, result: MethodResult) -> list[dict[str, Any]]:
        observed = _values(result.measured)
        usable = np.isfinite(np.vstack([observed, self.draws])).all(axis=0)
        band = NullBand(self.draws[:, usable])
        names = ("null_mean", "null_lo", "null_hi", "p_value", "p_adjusted")
        numbers = np.full((len(names), len(observed)), np.nan)
        if usable.any():
            seen = observed[usable]
            numbers[:, usable] = band.mean, *band.interval, band.p_values(seen), band.p_adjusted(seen)
        rows = []
        for k, ((metric, t), measured) in enumerate(zip(self.columns, result.measured, strict=True)):
            failure = measured if isinstance(measured, str) else None
            value, raw, n_used = (np.nan, np.nan, 0) if isinstance(measured, str) else measured[:3]
            rows.append(
                self._identity()
                | dict(zip(names, numbers[:, k].tolist(), strict=True))
                | {
                    "method": label,
                    "metric": metric,
                    "t": t,
                    "n": self.population.n,
                    "n_used": n_used,
                    "repeat": repeat,
                    "seed": self.study.seed,
                    "value": value,
                    "raw": raw,
                    "n_null": len(self.null),
                    "drifts": bool(numbers[-1, k] < LEVEL),
                    "seconds": result.seconds[self.study.t.index(t)] if result.seconds else np.nan,
                    "status": f"failed: {failure}" if failure else "ok",
                }
            )
        return rows


def _values(measured: Measured) -> NDArray[np.float64]:
    return np.array([np.nan if isinstance(m, str) else m.value for m in measured])
