"""The tidy table of one population: every measurement beside its null band."""

__all__ = ["Table"]

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from latentot.metrics import Measurement, Metric, NullBand, OneSample
from latentot.paths import Interpolation
from latentot.paths.laws import DISTRIBUTION
from latentot.priors import Empirical
from latentot.runformat import COLUMNS
from latentot.study.spec.level import LEVEL, Levels
from latentot.study.spec.seeds import stream
from latentot.study.spec.study import Study
from latentot.study.statistics.controls import Control
from latentot.study.statistics.verdict import Finding, Supply, Verdict, find, judge
from latentot.study.work.cells import MethodOutcome
from latentot.study.work.failure import Failure
from latentot.study.work.measured import Key, Measured, keys_of, values_of
from latentot.study.work.plan import Plan
from latentot.study.work.subject import REFERENCE, Population

if TYPE_CHECKING:
    import pandas as pd

EXACT = "exact"
"""What theory says of a method that claims to keep the prior."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Table:
    """All that was measured on one population.

    Args:
        plan: of the round.
        metrics: its metrics, by their labels.
        population: whose table this is.
        levels: how often its tests err.
        draws: values of the null draws, shape (B, k), a column for each of `columns`; NaN where there is none.
        methods: the repeats of each method, by its label.
        baseline: values of what the margin is a share of, shape (R, k).
        controls: what became of the controls.
        lacking: why null draws could not be measured, if some could not.
    """

    plan: Plan
    metrics: Mapping[str, Metric]
    population: Population
    levels: Levels
    draws: Floats
    methods: dict[str, list[MethodOutcome]]
    baseline: Floats
    controls: list[Control]
    lacking: Failure | None = None

    @property
    def study(self) -> Study:
        """What was asked for, with the pairs of the round."""
        return self.plan.study

    @cached_property
    def columns(self) -> list[Key]:
        """Metric, by its label, and t of each measurement."""
        return keys_of(self.study)

    def rows(self) -> "pd.DataFrame":
        """One row a measurement of each method, in the order of `COLUMNS`."""
        import pandas as pd

        rows = [
            row
            for label, repeats in self.methods.items()
            for number, result in enumerate(repeats)
            for row in self._rows_of(label, number, result)
        ]
        return pd.DataFrame(rows, columns=[name for name in COLUMNS if name in rows[0]])

    @cached_property
    def findings(self) -> dict[str, list[Finding]]:
        """What the repeats of each method say, measurement by measurement."""
        # At t = 0 and 1 every path is its endpoint: there is nothing to judge, and no excess of linear's to share.
        on_the_way = np.array([0 < t < 1 for _, t in self.columns])
        found = {}
        for label, repeats in self.methods.items():
            values = np.array([values_of(result.measured, self.columns) for result in repeats])
            spread = np.array([[_number(result.spread[key]) for key in self.columns] for result in repeats])
            usable = np.isfinite(np.vstack([values, self.baseline, self.draws])).all(axis=0) & on_the_way
            band = NullBand(self.draws[:, usable])
            rng = stream(self.plan.seed, "permutations", self.population.endpoints)
            columns = [column for column, use in zip(self.columns, usable, strict=True) if use]
            baseline = self.baseline[:, usable].mean(axis=0) - band.mean
            share = self._share(repeats[0].measured)[usable]
            found[label] = (
                find(
                    columns,
                    band,
                    values[:, usable],
                    spread[:, usable],
                    share,
                    baseline,
                    self.study.margin,
                    self.levels,
                    rng,
                )
                if columns
                else []
            )
        return found

    def _share(self, measured: Measured) -> Floats:
        """Points used of a sample for each point used of the reference: none where laws take the reference's place."""

        def share(metric: str, found: Measurement | Failure) -> float:
            if isinstance(self.metrics[metric], OneSample) or isinstance(found, Failure):
                return 0.0
            if found.n_used < self.population.n:
                return 1.0  # what leaves points out of one leaves them out of both
            return found.n_used / min(self.population.n_reference, self._max_points[metric])

        return np.array([share(key[0], measured[key]) for key in self.columns])

    @cached_property
    def _max_points(self) -> dict[str, float]:
        return {label: metric.max_points for label, metric in self.metrics.items()}

    def population_row(self) -> dict[str, Any]:
        """Whose points were judged, against what, and how often verdicts on them err; plain data."""
        population = self.population
        return {
            "endpoints": population.endpoints,
            "reference": population.reference,
            "space": population.space,
            "n": population.n,
            "repeats": population.repeats,
            "n_reference": population.n_reference,
            "n_null": len(self.draws),
            "rounds": self.levels.rounds,
            "false_drift": self.levels.false_drift,
            "false_keep": self.levels.false_keep,
        }

    def round_row(self) -> dict[str, Any]:
        """The round on this population: its pairs, and its methods; plain data."""
        population = self.population
        return {
            "round": self.plan.round + 1,
            "endpoints": population.endpoints,
            "reference": population.reference,
            "space": population.space,
            "n": population.n,
            "repeats": population.repeats,
            "methods": list(self.methods),
        }

    def verdicts(self) -> list[dict[str, Any]]:
        """One verdict a method, as plain data."""
        rows = []
        for label, findings in self.findings.items():
            verdict = self._judged(findings)
            worst, first, size, repeats = verdict.worst, verdict.first, verdict.size, self.methods[label]
            share, share_low, share_high = size.share if size else (np.nan, np.nan, np.nan)
            status, failures = self._status(label)
            rows.append(
                self._identity()
                | {
                    "method": label,
                    "verdict": verdict.verdict,
                    "theory": self._theory(label),
                    "share": share,
                    "share_low": share_low,
                    "share_high": share_high,
                    "share_metric": size and size.metric,
                    "share_t": size and size.t,
                    "round": self.plan.round + 1,
                    "n": self.population.n,
                    "worst_metric": worst and worst.metric,
                    "worst_t": worst and worst.t,
                    "excess": worst and worst.excess,
                    "first_metric": first and first.metric,
                    "first_t": first and first.t,
                    "p_value": verdict.p_value,
                    "level": self.levels.drift,
                    "seconds": _mean([_number(second) for result in repeats for second in result.seconds.values()]),
                    "reason": verdict.reason + failures,
                    "note": verdict.note or self._contradiction(label, verdict),
                    "status": status,
                }
            )
        return rows

    @property
    def unsettled(self) -> list[str]:
        """Methods whose verdict more pairs may settle."""
        if not all(control.holds or control.is_power for control in self.controls):
            return []
        return [
            label
            for label, findings in self.findings.items()
            if any(finding.margin > 0 for finding in findings) and self._judged(findings).verdict == "inconclusive"
        ]

    def _judged(self, findings: list[Finding]) -> Verdict:
        return self._controlled(judge(findings, self.population.n, self._max_points, self._supply))

    @property
    def _supply(self) -> Supply | None:
        """What more pairs would take; none where they can be drawn at will."""
        if self.population.endpoints == "prior":
            prior = self.plan.subject().prior
            # Half of the samples that are given are judged on, and the reference is as many of them.
            return Supply("samples", 2 * REFERENCE, 2 * len(prior.samples)) if isinstance(prior, Empirical) else None
        if self.population.n == self.study.pairs:
            return None
        return Supply("held-out data", 4 if self.population.reference == "posterior" else 2 * self.population.repeats)

    def _theory(self, label: str) -> str:
        """What a method claims: claims are of independent draws of the prior."""
        if self.population.endpoints != "prior":
            return ""
        path = self._path(label)
        if DISTRIBUTION in path.claims():
            return EXACT
        return "approximate" if path.by_laws and path.prior.estimated else "not claimed"

    def _contradiction(self, label: str, verdict: Verdict) -> str:
        if verdict.verdict != "drifts" or self._theory(label) != EXACT:
            return ""
        return (
            f"contradicts theory, by which {label} keeps this prior exactly ({self._path(label).citation}): by chance "
            f"{self.levels.false_drift:.2g} of all comparisons have this at most, so look into the prior and the method"
        )

    def _path(self, label: str) -> Interpolation:
        choice = next(choice for choice in self.study.methods if choice.label == label)
        return self.plan.path(choice, self.population.n)

    def _status(self, label: str) -> tuple[str, str]:
        """Whether anything is known of a method, or why not; and what failed of it, as a reason goes on."""
        measured = [found for result in self.methods[label] for found in result.measured.values()]
        failed = Counter(found.reason for found in measured if isinstance(found, Failure))
        why = failed.most_common(1)[0][0] if failed else ""
        failures = f"; {failed.total()} measurements failed: {why}" if failed else ""
        if self.findings[label]:
            return "ok", failures
        if failed.total() < len(measured):
            why = self.lacking.reason if self.lacking else "what the margin is a share of could not be measured"
            failures += f"; {why}"
        return f"failed: {why}", failures

    def _controlled(self, verdict: Verdict) -> Verdict:
        """Where the controls do not hold, endpoints that drift void every verdict; blindness voids `keeps`."""
        failed = [control for control in self.controls if not control.holds]
        if not failed or (verdict.verdict == "drifts" and all(control.is_power for control in failed)):
            return verdict
        reason = f"a control failed: {min(failed, key=lambda control: control.is_power).reason}"
        if verdict.verdict == "inconclusive":
            reason = f"{verdict.reason}; {reason}"
        return dataclasses.replace(verdict, verdict="inconclusive", reason=reason)

    def cells(self) -> list[dict[str, Any]]:
        """For each method and metric, the finding at the t where it is worst, as plain data."""
        rows = []
        for label, findings in self.findings.items():
            for metric in self.metrics:
                own = [finding for finding in findings if finding.metric == metric]
                if own:
                    worst = max(own, key=lambda finding: finding.excess)
                    flags = {"keeps": all(f.keeps for f in own), "drifts": any(f.drifts for f in own)}
                    rows.append(self._identity() | {"method": label} | dataclasses.asdict(worst) | flags)
        return rows

    def control_rows(self) -> list[dict[str, Any]]:
        """What became of the controls, as plain data."""
        own = self._identity() | {"round": self.plan.round + 1}
        return [
            own | dataclasses.asdict(control) | {"reason": "" if control.holds else control.reason}
            for control in self.controls
        ]

    def _identity(self) -> dict[str, Any]:
        subject = self.plan.subject()
        return {
            "model": subject.model.name if subject.model else None,
            "prior": subject.prior.name,
            "dim": subject.prior.dim,
            "endpoints": self.population.endpoints,
            "reference": self.population.reference,
            "space": self.population.space,
        }

    def _rows_of(self, label: str, repeat: int, result: MethodOutcome) -> list[dict[str, Any]]:
        observed = values_of(result.measured, self.columns)
        usable = np.isfinite(np.vstack([observed, self.draws])).all(axis=0)
        band = NullBand(self.draws[:, usable])
        names = ("null_mean", "null_lo", "null_hi", "excess", "p_value", "p_adjusted")
        numbers = np.full((len(names), len(observed)), np.nan)
        if usable.any():
            seen = observed[usable]
            excess = (seen - band.mean) / np.where(band.sd > 0, band.sd, 1)
            numbers[:, usable] = band.mean, *band.interval, excess, band.p_values(seen), band.p_adjusted(seen)
        rows = []
        for key, own in zip(self.columns, numbers.T.tolist(), strict=True):
            measured = result.measured[key]
            value, raw, n_used = (np.nan, np.nan, 0) if isinstance(measured, Failure) else measured
            rows.append(
                self._identity()
                | dict(zip(names, own, strict=True))
                | {
                    "method": label,
                    "metric": key[0],
                    "t": key[1],
                    "n": self.population.n,
                    "n_used": n_used,
                    "repeat": repeat,
                    "seed": self.study.seed,
                    "value": value,
                    "raw": raw,
                    "n_null": len(self.draws),
                    "spread": _number(result.spread[key]),
                    "drifts": own[-1] < LEVEL,
                    "seconds": _number(result.seconds[key[1]]),
                    "status": f"failed: {measured.reason}" if isinstance(measured, Failure) else "ok",
                    "round": self.plan.round + 1,
                }
            )
        return rows


def _number(found: float | Failure) -> float:
    return np.nan if isinstance(found, Failure) else found


def _mean(seconds: list[float]) -> float:
    known = [second for second in seconds if np.isfinite(second)]
    return float(np.mean(known)) if known else float("nan")
