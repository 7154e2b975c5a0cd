"""Verdicts on findings made by hand, where the answer is known."""

import dataclasses
import re

import numpy as np
import pytest
import scipy.stats

from latentot.metrics import GROUPS, NullBand
from latentot.study.spec.level import LEVEL, Levels
from latentot.study.statistics.verdict import SECURE, Finding, Supply, Verdict, find
from latentot.study.statistics.verdict import judge as judge_of_pairs

PAIRS = 1_000


def finding(
    excess: float, *, noise: float = 0.2, margin: float = 1.0, p: float = 0.5, metric: str = "emd", t: float = 0.5
) -> Finding:
    """A finding whose null has mean 0 and standard deviation 1."""
    return Finding(
        metric=metric, t=t, value=excess, null_mean=0, null_sd=1, excess=excess, difference=excess,
        low=excess - 1.2 * noise, high=excess + 1.2 * noise, upper=excess + noise, noise=noise, margin=margin,
        baseline=20 * margin, p_value=p, level=LEVEL, least=margin,
    )  # fmt: skip


def judge(findings: list[Finding], **most: float) -> Verdict:
    return judge_of_pairs(findings, PAIRS, most)


KEPT = finding(0.1)
TINY_BUT_CERTAIN = finding(0.5, p=0.001)
DRIFTING = finding(5.0, p=0.001)
UNRESOLVED = finding(0.1, noise=3.0)
UNRESOLVED_DRIFTING = finding(9.0, noise=3.0, p=0.001)
UNDECIDED = finding(0.9, p=0.2)
"""Resolves its margin, is not beyond chance, and its bound does not lie below the margin."""


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([KEPT], "keeps"),
        ([KEPT, KEPT], "keeps"),
        ([TINY_BUT_CERTAIN], "keeps"),
        ([KEPT, TINY_BUT_CERTAIN], "keeps"),
        ([DRIFTING], "drifts"),
        ([KEPT, KEPT, DRIFTING], "drifts"),
        ([UNRESOLVED_DRIFTING], "drifts"),
        ([KEPT, UNRESOLVED_DRIFTING], "drifts"),
        ([KEPT, UNRESOLVED], "keeps"),
        ([UNRESOLVED], "inconclusive"),
        ([UNDECIDED], "inconclusive"),
        ([KEPT, UNDECIDED], "inconclusive"),
        ([finding(0.1, t=0.25), finding(0.1, t=0.5, noise=3)], "inconclusive"),
        ([finding(0.1, t=0.25), finding(0.1, t=0.5, noise=3), finding(0.1, t=0.5, metric="mmd")], "keeps"),
    ],
    ids=[
        "bounded",
        "all bounded",
        "beyond chance, yet bounded",
        "one beyond chance, all bounded",
        "beyond chance and margin",
        "one beyond chance and margin",
        "beyond chance, margin unresolved",
        "one beyond chance with its margin unresolved",
        "one cannot resolve its margin and has no say",
        "none resolves its margin",
        "not bounded, not beyond chance",
        "one not bounded",
        "a t at which none resolves its margin",
        "every t is resolved by some metric",
    ],
)
def test_verdict(findings: list[Finding], verdict: str) -> None:
    assert judge(findings).verdict == verdict
    # The order in which metrics were asked for cannot matter.
    assert judge(findings[::-1]).verdict == verdict


def test_nothing_measured_is_no_verdict() -> None:
    nothing = judge([])
    assert (nothing.verdict, nothing.worst) == ("inconclusive", None)
    assert np.isnan(nothing.p_value)


@pytest.mark.parametrize("other", [KEPT, UNRESOLVED, TINY_BUT_CERTAIN])
def test_names_the_worst_excess_and_the_min_p_value(other: Finding) -> None:
    verdict = judge([other, DRIFTING])
    assert verdict.worst == DRIFTING
    assert verdict.p_value == min(other.p_value, DRIFTING.p_value)


def test_inconclusive_names_what_is_not_bounded() -> None:
    reason = judge([KEPT, finding(0.9, metric="mmd", t=0.25, p=0.2)]).reason
    assert reason.startswith("nothing is beyond chance, but the excess of mmd at t = 0.25 may be as large as its")


@pytest.mark.parametrize(
    ("findings", "note"),
    [([KEPT], ""), ([KEPT, TINY_BUT_CERTAIN], "detectable, below the margin"), ([DRIFTING], ""), ([UNDECIDED], "")],
    ids=["kept", "kept, yet seen", "drifting", "undecided"],
)
def test_note(findings: list[Finding], note: str) -> None:
    assert judge(findings).note == note


@pytest.mark.parametrize(
    ("supply", "said"),
    [
        (None, "about 16,000 pairs would"),
        (Supply("held-out data", 6), "about 96,000 held-out data (16,000 pairs) would"),
        (Supply("samples", 20, 320_000), "about 16,000 pairs would"),
        (Supply("samples", 20, 310_000), "about 320,000 samples (16,000 pairs) would"),
    ],
)
def test_what_data_are_limited_take(supply: Supply | None, said: str) -> None:
    assert judge_of_pairs([UNRESOLVED], PAIRS, supply=supply).reason.endswith(said)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        # Bounded once its bound is half of the room that is left: (2 * 0.2 / 0.1)^2 times as many.
        (dataclasses.replace(finding(0.9, p=0.2), least=9.0), "about 16,000 pairs would tell"),
        # Above its margin, so that it cannot be bounded: seen once the least excess that is seen is as small.
        (dataclasses.replace(finding(1.5, p=0.2), least=3.0), "about 4,000 pairs would tell"),
        (dataclasses.replace(finding(0.9, p=0.2), least=1.8), "about 4,000 pairs would tell"),
    ],
    ids=["bounded", "seen", "seen before it is bounded"],
)
def test_what_tells_an_excess_near_its_margin(found: Finding, said: str) -> None:
    assert judge([KEPT, found]).reason.endswith(said)


class TestFirst:
    """Of what drifts, where it begins."""

    def test_is_at_the_smallest_t(self) -> None:
        late, early = finding(50.0, t=0.5, p=0.001), finding(5.0, t=0.1, p=0.01)
        for order in ([late, early], [early, late]):
            assert judge(order).first == early
            assert judge(order).worst == late

    def test_is_of_the_greatest_excess_there(self) -> None:
        weak, strong = finding(5.0, t=0.1, metric="mmd", p=0.01), finding(6.0, t=0.1, metric="emd", p=0.02)
        verdict = judge([weak, strong, finding(9.0, t=0.3, p=0.001)])
        assert verdict.first == strong
        assert "at t = 0.1 emd shows it best (+6.0 null sd)" in verdict.reason
        assert verdict.reason.startswith("3 of 3 measurements are beyond chance")

    def test_is_beyond_chance_itself(self) -> None:
        quiet = finding(0.9, t=0.1, p=0.2)
        assert judge([quiet, finding(5.0, t=0.5, p=0.01)]).first == finding(5.0, t=0.5, p=0.01)

    @pytest.mark.parametrize("kept", [[KEPT], [TINY_BUT_CERTAIN], [UNDECIDED], []])
    def test_is_nothing_where_nothing_drifts(self, kept: list[Finding]) -> None:
        assert judge(kept).first is None


class TestPairsThatWouldResolve:
    def pairs(self, findings: list[Finding], **most: float) -> float:
        verdict = judge(findings, **most)
        assert verdict.verdict == "inconclusive"
        named = re.search(r"about ([\d,]+) pairs would$", verdict.reason)
        return float(named[1].replace(",", "")) if named else np.inf

    def test_make_the_noise_three_quarters_of_the_margin(self) -> None:
        # Noise 3 for a margin of 1 must become 3/4: four times less, 16 times as many.
        assert self.pairs([finding(0.1, noise=3.0)]) == 16 * PAIRS
        assert self.pairs([finding(0.1, noise=1.5, margin=0.5)]) == 16 * PAIRS
        assert self.pairs([finding(0.9, noise=1.6)]) == 4_600, "4.55, to two digits"

    def test_are_those_of_the_metric_that_needs_fewest(self) -> None:
        assert self.pairs([finding(0.1, noise=30.0), finding(0.1, noise=3.0, metric="mmd")]) == 16 * PAIRS

    def test_are_those_of_the_t_that_needs_most(self) -> None:
        both = [finding(0.1, noise=2.0, t=0.5), finding(0.1, noise=3.0, t=0.25)]
        assert self.pairs(both) == 16 * PAIRS
        assert "at t = 0.25 nothing bounds the excess" in judge(both).reason

    def test_are_no_promise_where_a_metric_uses_only_some_points(self) -> None:
        unresolved = finding(0.1, noise=3.0, metric="mmd")
        assert self.pairs([unresolved], mmd=2_000) == np.inf
        assert "use only some of the points; take other metrics" in judge([unresolved], mmd=2_000).reason
        assert self.pairs([unresolved], mmd=16_000) == 16 * PAIRS
        assert self.pairs([unresolved, finding(0.1, noise=10.0)], mmd=2_000) == 180 * PAIRS

    @pytest.mark.parametrize("margin", [0.0, -1.0])
    def test_are_infinite_where_there_is_no_margin(self, margin: float) -> None:
        nothing = [finding(0.1, margin=margin, t=0.25), finding(0.1, t=0.5)]
        assert self.pairs(nothing) == np.inf
        assert "at t = 0.25 nothing bounds the excess by the margin, which is 0 here" in judge(nothing).reason


def test_boundaries() -> None:
    assert not finding(0.8, noise=0.2, margin=1.0).keeps, "the bound must lie below the margin, not on it"
    assert not finding(0, noise=1.0, margin=1.0).resolves
    assert not finding(0, p=LEVEL).drifts
    assert finding(0, p=LEVEL - 1e-12).drifts


ALONE = Levels(LEVEL, LEVEL)


class TestFind:
    """Findings from draws and observations, recomputed by hand."""

    columns = (("emd", 0.25), ("emd", 0.5))
    repeats = np.array([[6.0, 8.0], [6.5, 9.0], [5.5, 7.0], [6.1, 7.7], [5.9, 8.2]])

    def found(
        self,
        values: np.ndarray,
        draws: np.ndarray,
        *,
        spread: float | np.ndarray = np.nan,
        share: float = 0.0,
        margin: float = 0.05,
        levels: Levels = ALONE,
    ) -> list[Finding]:
        spreads, shares = np.full(values.shape, spread), np.full(2, share)
        baseline, rng = np.array([10.0, -1.0]), np.random.default_rng(0)
        return find(list(self.columns), NullBand(draws), values, spreads, shares, baseline, margin, levels, rng)

    @pytest.fixture
    def draws(self) -> np.ndarray:
        return np.random.default_rng(1).standard_normal((99, 2)) * [1, 3] + [5, 7]

    @pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
    @pytest.mark.parametrize("spread", [np.nan, 0.1], ids=["unknown", "less than the null's"])
    @pytest.mark.parametrize("repeats", [1, 2, 5])
    def test_bound_is_that_of_two_means(self, draws: np.ndarray, repeats: int, spread: float, share: float) -> None:
        values = self.repeats[:repeats]
        for k, found in enumerate(self.found(values, draws, spread=spread, share=share)):
            mean, null = values[:, k].mean(), draws[:, k]
            sd = np.std(null, ddof=1)
            error = sd * np.sqrt(1 / repeats + share + 1 / 99)
            assert found.value == pytest.approx(mean)
            assert found.null_mean == pytest.approx(null.mean())
            assert found.null_sd == pytest.approx(sd)
            assert found.difference == pytest.approx(mean - null.mean())
            assert found.excess == pytest.approx((mean - null.mean()) / sd)
            bound = scipy.stats.t(98).ppf(0.95) * error
            assert found.upper == pytest.approx(found.difference + bound)
            widest = scipy.stats.t(repeats * (GROUPS - 1)).ppf(0.95) * sd
            assert found.noise == pytest.approx(widest * np.sqrt(SECURE**2 * (1 / repeats + share) + 1 / 99))
            interval = found.difference + scipy.stats.t(98).ppf([0.025, 0.975]) * error
            assert (found.low, found.high) == pytest.approx(tuple(interval))

    @pytest.mark.parametrize("repeats", [1, 5])
    def test_spread_of_a_sample_widens_the_bound(self, draws: np.ndarray, repeats: int) -> None:
        spread = np.linspace(5, 9, 2 * repeats).reshape(repeats, 2)
        for k, found in enumerate(self.found(self.repeats[:repeats], draws, spread=spread)):
            squares = np.mean(spread[:, k] ** 2)
            error = np.sqrt(squares / repeats + np.var(draws[:, k], ddof=1) / 99)
            # Groups know their spread less well than 99 draws know theirs.
            student = scipy.stats.t(repeats * (GROUPS - 1))
            assert found.upper - found.difference == pytest.approx(student.ppf(0.95) * error)
            assert found.high - found.low == pytest.approx(2 * student.ppf(0.975) * error)

    @pytest.mark.parametrize("spread", [np.nan, 0.1, 9.0, 100.0])
    def test_none_loses_a_measurement_by_drifting(self, draws: np.ndarray, spread: float) -> None:
        """What drifts varies more, and would have no say where it is worst: noise is of the null."""
        found, known = (self.found(self.repeats, draws, spread=own, margin=0.2) for own in (spread, np.nan))
        assert [one.noise for one in found] == [one.noise for one in known]
        assert [one.resolves for one in found] == [one.resolves for one in known] == [True, False]

    def test_margin_is_a_share_of_the_baseline_and_never_negative(self, draws: np.ndarray) -> None:
        first, second = self.found(np.array([[5.0, 7.0]]), draws, margin=0.2)
        assert first.margin == pytest.approx(2)
        assert second.margin == 0
        assert not second.resolves
        assert not second.keeps

    def test_one_observation_has_the_p_values_of_its_rows(self, draws: np.ndarray) -> None:
        value = np.array([7.2, 12.0])
        p_values = [f.p_value for f in self.found(value[None], draws)]
        assert p_values == NullBand(draws).p_adjusted(value).tolist()

    def test_several_observations_have_the_p_values_of_their_mean(self, draws: np.ndarray) -> None:
        values = self.repeats + 0.5
        p_values = [f.p_value for f in self.found(values, draws)]
        assert p_values == NullBand(draws).p_of_mean(values, rng=np.random.default_rng(0)).tolist()
        assert min(p_values) < min(f.p_value for f in self.found(values[:1], draws))

    @pytest.mark.parametrize("keep", [0.05, 0.01, 0.002])
    def test_bound_holds_at_its_level(self, draws: np.ndarray, keep: float) -> None:
        found = self.found(self.repeats, draws, levels=Levels(0.05, keep))[0]
        error = draws[:, 0].std(ddof=1) * np.sqrt(1 / 5 + 1 / 99)
        assert found.upper - found.difference == pytest.approx(scipy.stats.t(98).ppf(1 - keep) * error)

    @pytest.mark.parametrize(("drift", "drifts"), [(0.05, True), (0.011, True), (0.01, False)])
    def test_drifts_at_the_level_of_the_comparison(self, draws: np.ndarray, drift: float, drifts: bool) -> None:
        far = draws.mean(axis=0) + 9 * draws.std(axis=0) + np.zeros((1, 2))
        assert [one.drifts for one in self.found(far, draws, levels=Levels(drift, 0.05))] == [drifts] * 2

    def test_share_is_that_of_the_baseline(self, draws: np.ndarray) -> None:
        first, second = self.found(np.array([[7.0, 7.0]]), draws)
        baseline = 10.0
        assert first.share == pytest.approx([x / baseline for x in (first.difference, first.low, first.high)])
        assert np.isnan(second.share).all()

    def test_null_without_spread_divides_by_nothing(self) -> None:
        same = self.found(np.array([[5.0, 7.0]]), np.full((19, 2), [5.0, 7.0]))
        assert [f.excess for f in same] == [0, 0]
        assert all(f.p_value == 1 for f in same)
