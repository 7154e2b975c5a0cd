"""Verdicts: does a method keep the prior, by how much does it miss, and is that more than chance?"""

__all__ = ["Finding", "Verdict", "find", "judge"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.drift import NullBand

LEVEL = 0.05
ONE_SIDED_95 = 1.6449

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Finding:
    """What the repeats of one method say of one measurement (a metric at a position t).

    Args:
        value: mean over repeats.
        null_mean, null_sd: of the null draws.
        excess: (value - null_mean) / null_sd.
        upper: upper 95 % bound of value - null_mean.
        noise: the part of that bound that chance alone accounts for.
        margin: the excess that is still taken as keeping the prior, in the metric's unit.
        p_value: of the mean over repeats, corrected for all measurements of the method.
    """

    metric: str
    t: float
    value: float
    null_mean: float
    null_sd: float
    excess: float
    upper: float
    noise: float
    margin: float
    p_value: float

    @property
    def keeps(self) -> bool:
        """Whether the upper bound of the excess lies below the margin."""
        return self.upper < self.margin

    @property
    def resolves(self) -> bool:
        """Whether there are points enough to tell an excess of the margin from none."""
        return self.noise < self.margin

    @property
    def drifts(self) -> bool:
        """Whether the excess is more than chance."""
        return self.p_value < LEVEL


@dataclass(frozen=True)
class Verdict:
    """The verdict on one method: keeps, drifts or inconclusive, with the finding that is worst."""

    verdict: str
    worst: Finding | None
    p_value: float
    reason: str


def find(
    columns: list[tuple[str, float]],
    band: NullBand,
    values: Floats,
    yardstick: Floats,
    margin: float,
    rng: np.random.Generator,
) -> list[Finding]:
    """What the repeats of one method say, measurement by measurement.

    The bound is that of a mean of R observations less a mean of B null draws; the spread is that of the null or, where
    it is greater, that between repeats.

    Args:
        columns: metric and t of each of k measurements.
        band: the null draws, shape (B, k).
        values: the observations, shape (R, k).
        yardstick: the excess of linear interpolation over the null mean, shape (k,).
        margin: the share of the yardstick that is still taken as keeping the prior.
        rng: for the permutations of several repeats.
    """
    repeats, draws = len(values), len(band.draws)
    mean = values.mean(axis=0)
    spread = np.maximum(band.sd, values.std(axis=0, ddof=1)) if repeats > 2 else band.sd
    noise = ONE_SIDED_95 * np.sqrt(spread**2 / repeats + band.sd**2 / draws)
    excess = (mean - band.mean) / np.where(band.sd > 0, band.sd, 1)
    p_values = band.p_of_mean(values, rng=rng)
    allowed = margin * np.maximum(yardstick, 0)
    return [
        Finding(metric, t, *map(float, numbers))
        for (metric, t), *numbers in zip(
            columns, mean, band.mean, band.sd, excess, mean - band.mean + noise, noise, allowed, p_values, strict=True
        )
    ]


def judge(findings: list[Finding]) -> Verdict:
    """The verdict on a method.

    `keeps`: every upper bound lies below its margin; else `drifts`: some excess is more than chance; else
    `inconclusive`. A measurement that cannot resolve its margin has no say in `keeps` unless it is beyond chance, but
    at every t one must resolve it.
    """
    if not findings:
        return Verdict("inconclusive", None, float("nan"), "nothing could be measured")
    worst = max(findings, key=lambda finding: finding.excess)
    p_value = min(finding.p_value for finding in findings)
    resolving = [finding for finding in findings if finding.resolves]
    every_t = {finding.t for finding in resolving} == {finding.t for finding in findings}
    if every_t and all(finding.keeps or not (finding.resolves or finding.drifts) for finding in findings):
        reason = f"{len(resolving)} of {len(findings)} measurements resolve the margin, and every excess is below it"
        return Verdict("keeps", worst, p_value, reason)
    if p_value < LEVEL:
        beyond = sum(finding.drifts for finding in findings)
        return Verdict("drifts", worst, p_value, f"{beyond} of {len(findings)} measurements are beyond chance")
    unbounded = ", ".join(f"{f.metric} at t = {f.t:g}" for f in findings if not f.keeps and (f.resolves or not every_t))
    return Verdict("inconclusive", worst, p_value, f"nothing beyond chance, but not bounded by the margin: {unbounded}")
