"""Verdicts: does a method keep the prior, by how much does it miss, and is that more than chance?"""

__all__ = ["Finding", "Supply", "Verdict", "find", "judge"]

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.special
from numpy.typing import NDArray

from latentot.metrics import GROUPS, NullBand
from latentot.study.spec.level import Levels

SECURE = 2
"""Where nothing drifts, the jackknife finds the spread of a distance up to 1 / sqrt(1 - 2 / pi) = 1.66 times too large,
as that of |x|, x normal about 0, and chance adds to the difference itself: a measurement has a say where a method
without drift is found to keep all the same."""
SPARE = 4 / 3
"""Pairs that are said to resolve a margin make the noise 3/4 of it: of 60 pairs it is known within a fifth."""
DRAWN = 20
"""Choices of rows that are drawn for each one that may be as extreme at the level of a test."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Finding:
    """What the repeats of one method say of one measurement (a metric at a position t).

    Args:
        value: mean over repeats.
        null_mean, null_sd: of the null draws.
        excess: (value - null_mean) / null_sd.
        difference: value - null_mean, in the metric's unit.
        low, high: its 95 % interval.
        upper: its upper bound, below which a miss of the margin lies with the stated chance only.
        noise: by how much that bound may lie above the difference of a method without drift; of the null alone, so that
            no method loses a measurement by drifting.
        margin: the excess that is still taken as keeping the prior, in the metric's unit.
        baseline: the excess that the margin is a share of: linear's.
        p_value: of the mean over repeats, corrected for all measurements of the method.
        level: below it a p-value is more than chance, among all that the comparison tests.
        least: the least true excess that is seen, in the metric's unit: with a chance of 95 % or more its upper bound
            is above the margin, where it resolves it, or its p-value is more than chance.
    """

    metric: str
    t: float
    value: float
    null_mean: float
    null_sd: float
    excess: float
    difference: float
    low: float
    high: float
    upper: float
    noise: float
    margin: float
    baseline: float
    p_value: float
    level: float
    least: float

    @property
    def keeps(self) -> bool:
        """Whether the upper bound of the excess lies below the margin."""
        return self.upper < self.margin

    @property
    def resolves(self) -> bool:
        """Whether there are points enough to tell an excess of the margin from none: only then has it a say."""
        return self.noise < self.margin

    @property
    def drifts(self) -> bool:
        """Whether the excess is more than chance."""
        return self.p_value < self.level

    @property
    def share(self) -> tuple[float, float, float]:
        """The excess as a share of the baseline, and its 95 % interval."""
        scale = 1 / self.baseline if self.baseline > 0 else math.nan
        return self.difference * scale, self.low * scale, self.high * scale


@dataclass(frozen=True)
class Verdict:
    """The verdict on one method.

    Args:
        verdict: keeps, drifts or inconclusive.
        worst: the finding of the greatest excess.
        first: of what drifts, at the smallest t, the finding of the greatest excess.
        size: of what has a say, the finding of the greatest share of its baseline.
        p_value: the least of the corrected p-values.
        reason: in words.
        note: what should be known beside the verdict; empty where there is nothing.
    """

    verdict: str
    worst: Finding | None
    first: Finding | None
    size: Finding | None
    p_value: float
    reason: str
    note: str = ""


@dataclass(frozen=True)
class Supply:
    """What pairs are made of, where there is only so much of it.

    Args:
        what: in words, in the plural.
        a_pair: how many a pair of every repeat takes.
        known: how many there are.
    """

    what: str
    a_pair: int
    known: int = 0


def find(
    columns: list[tuple[str, float]],
    band: NullBand,
    values: Floats,
    spread: Floats,
    share: Floats,
    baseline: Floats,
    margin: float,
    levels: Levels,
    rng: np.random.Generator,
) -> list[Finding]:
    """What the repeats of one method say, measurement by measurement.

    The difference is that of a mean of R observations less a mean of B null draws. An observation's standard deviation
    is that of the null or, where it is greater, the one found by the jackknife. A drift is measured from one reference,
    whose points are taken to move it as much as as many points of the sample do, so that

        se^2 = max(null_sd^2, mean of spread^2) (1 / R + share) + null_sd^2 / B.

    A true excess is seen, with the chance 0.95, where it is the lesser of

        margin - q se + z(0.95) se                                           (if noise < margin),
        Q(1 - level / k) null_sd sqrt(1 / R + 1 / B) + z(0.99) se,

    q se the part of the upper bound that is above the difference, noise the most that it is where nothing drifts, and
    Q the quantile of Student's law with R + B - 2 degrees of freedom, which the permutation test nears (Pitman 1937);
    its ranks are coarser and the null's sd is itself uncertain, so that z(0.95) would be seen in 86 to 95 % only.

    Args:
        columns: metric and t of each of k measurements.
        band: the null draws, shape (B, k).
        values: the observations, shape (R, k).
        spread: their standard deviations by the jackknife, shape (R, k); NaN where there is none.
        share: points used of a sample for each point used of the reference, shape (k,).
        baseline: the excess, over the null mean, of what certainly drifts, shape (k,).
        margin: the share of the baseline that is still taken as keeping the prior.
        levels: how often tests and bounds may err.
        rng: for the permutations of several repeats.
    """
    repeats, draws = len(values), len(band.draws)
    mean = values.mean(axis=0)
    sampled = np.sqrt(np.nan_to_num(spread**2).mean(axis=0))
    error = np.sqrt(np.maximum(band.sd, sampled) ** 2 * (1 / repeats + share) + band.sd**2 / draws)
    # Student's quantile where the spread was estimated from few groups, the normal one where the null's is known.
    freedom = np.where(sampled > band.sd, repeats * (GROUPS - 1), draws - 1)
    one_sided, two_sided = (scipy.special.stdtrit(freedom, p) * error for p in (1 - levels.keep, 0.975))
    widest = scipy.special.stdtrit(repeats * (GROUPS - 1), 1 - levels.keep)
    noise = widest * band.sd * np.sqrt(SECURE**2 * (1 / repeats + share) + 1 / draws)
    difference = mean - band.mean
    excess = difference / np.where(band.sd > 0, band.sd, 1)
    baseline = np.maximum(baseline, 0)
    p_values = band.p_of_mean(values, rng=rng, permutations=max(9_999, math.ceil(DRAWN / levels.drift)))
    test = -scipy.special.stdtrit(repeats + draws - 2, levels.drift / len(columns)) * math.sqrt(1 / repeats + 1 / draws)
    by_test = test * band.sd + scipy.special.ndtri(0.99) * error
    by_bound = margin * baseline - one_sided + scipy.special.ndtri(0.95) * error
    least = np.where(noise < margin * baseline, np.minimum(by_bound, by_test), by_test)
    numbers = (
        *(mean, band.mean, band.sd, excess, difference, difference - two_sided, difference + two_sided),
        *(difference + one_sided, noise, margin * baseline, baseline, p_values),
        *(np.full(len(columns), levels.drift), least),
    )
    return [Finding(metric, t, *map(float, own)) for (metric, t), *own in zip(columns, *numbers, strict=True)]


def judge(
    findings: list[Finding], n: int, max_points: Mapping[str, float] | None = None, supply: Supply | None = None
) -> Verdict:
    """The verdict on a method.

    `keeps`: every upper bound lies below its margin; else `drifts`: some excess is more than chance; else
    `inconclusive`. A measurement that cannot resolve its margin has no say in `keeps` unless it is beyond chance, but
    at every t one must resolve it.

    Args:
        findings: what was found of it.
        n: points that were judged in one repeat.
        max_points: points beyond which a metric leaves some out, by its name; those that are not in it use all.
        supply: what pairs are made of, where they cannot be drawn at will.
    """
    if not findings:
        return Verdict("inconclusive", None, None, None, float("nan"), "nothing could be measured")
    worst = max(findings, key=lambda finding: finding.excess)
    p_value = min(finding.p_value for finding in findings)
    resolving = [finding for finding in findings if finding.resolves]
    beyond = [finding for finding in findings if finding.drifts]
    size = max(resolving or [worst], key=lambda finding: finding.difference / (finding.margin or math.inf))
    every_t = {finding.t for finding in resolving} == {finding.t for finding in findings}
    if every_t and all(finding.keeps or not (finding.resolves or finding.drifts) for finding in findings):
        reason = f"{len(resolving)} of {len(findings)} measurements resolve the margin, and every excess is below it"
        note = "detectable, below the margin" if beyond else ""
        return Verdict("keeps", worst, None, size, p_value, reason, note)
    if beyond:
        first = min(beyond, key=lambda finding: (finding.t, -finding.excess))
        shows = f"at t = {first.t:g} {first.metric} shows it best ({first.excess:+.1f} null sd)"
        reason = f"{len(beyond)} of {len(findings)} measurements are beyond chance; {shows}"
        largest = max(beyond, key=lambda finding: finding.difference / (finding.margin or math.inf))
        return Verdict("drifts", worst, first, largest, p_value, reason)
    reason = _unresolved(findings, n, max_points or {}, supply)
    return Verdict("inconclusive", worst, None, size, p_value, reason)


def _unresolved(findings: list[Finding], n: int, max_points: Mapping[str, float], supply: Supply | None) -> str:
    """How many points would resolve a drift of the margin's size at every t: noise falls as 1 / sqrt(n)."""

    def within(finding: Finding, points: float) -> float:
        return points if points <= max(n, max_points.get(finding.metric, math.inf)) else math.inf

    def wanted(finding: Finding) -> float:
        return within(finding, n * (SPARE * finding.noise / finding.margin) ** 2 if finding.margin > 0 else math.inf)

    at_t = {t: min(wanted(finding) for finding in findings if finding.t == t) for t in {f.t for f in findings}}
    t, points = max(at_t.items(), key=lambda item: (item[1], -item[0]))
    if points <= n:
        open_ones = [finding for finding in findings if finding.resolves and not finding.keeps]
        widest = max(open_ones, key=lambda finding: finding.upper / finding.margin)
        where = f"{widest.metric} at t = {widest.t:g}"
        more = _counted(within(widest, n * _growth_that_tells(widest)), supply)
        return f"nothing is beyond chance, but the excess of {where} may be as large as its margin: {more} would tell"
    reason = f"nothing is beyond chance, and at t = {t:g} nothing bounds the excess by the margin"
    if math.isfinite(points):
        return f"{reason}: {_counted(points, supply)} would"
    if all(finding.margin <= 0 for finding in findings if finding.t == t):
        return f"{reason}, which is 0 here: no number of pairs would"
    return f"{reason}: no number of pairs would, as its metrics use only some of the points; take other metrics"


def _growth_that_tells(finding: Finding) -> float:
    """How many times as many points would tell, if the excess is as large as it seems: it is bounded or is a drift."""
    room = finding.margin - finding.difference
    bounded = (SECURE * (finding.upper - finding.difference) / room) ** 2 if room > 0 else math.inf
    seen = (finding.least / finding.difference) ** 2 if finding.difference > 0 else math.inf
    return min(bounded, seen)


def _counted(points: float, supply: Supply | None) -> str:
    """So many pairs, and what they take of what there is too little of."""
    if not math.isfinite(points):
        return f"more {supply.what}" if supply else "more pairs"
    pairs = float(f"{points:.1e}")
    if not supply or pairs * supply.a_pair <= supply.known:
        return f"about {pairs:,.0f} pairs"
    return f"about {pairs * supply.a_pair:,.0f} {supply.what} ({pairs:,.0f} pairs)"
