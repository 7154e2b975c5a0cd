"""Verdicts on findings made by hand, where the answer is known."""

import numpy as np
import pytest

from latentot.drift import NullBand
from latentot.study.verdict import LEVEL, ONE_SIDED_95, Finding, find, judge


def finding(
    excess: float, *, noise: float = 0.2, margin: float = 1.0, p: float = 0.5, metric: str = "emd", t: float = 0.5
) -> Finding:
    """A finding whose null has mean 0 and standard deviation 1."""
    return Finding(
        metric=metric, t=t, value=excess, null_mean=0, null_sd=1, excess=excess, upper=excess + noise, noise=noise,
        margin=margin, p_value=p,
    )  # fmt: skip


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
def test_names_the_worst_excess_and_the_least_p_value(other: Finding) -> None:
    verdict = judge([other, DRIFTING])
    assert verdict.worst == DRIFTING
    assert verdict.p_value == min(other.p_value, DRIFTING.p_value)


def test_inconclusive_names_what_is_not_bounded() -> None:
    reason = judge([KEPT, finding(0.9, metric="mmd", t=0.25, p=0.2)]).reason
    assert "mmd at t = 0.25" in reason
    assert "emd at t" not in reason


def test_boundaries() -> None:
    assert not finding(0.8, noise=0.2, margin=1.0).keeps, "the bound must lie below the margin, not on it"
    assert not finding(0, noise=1.0, margin=1.0).resolves
    assert not finding(0, p=LEVEL).drifts
    assert finding(0, p=LEVEL - 1e-12).drifts


class TestFind:
    """Findings from draws and observations, recomputed by hand."""

    columns = (("emd", 0.25), ("emd", 0.5))

    def found(self, values: np.ndarray, draws: np.ndarray, *, margin: float = 0.05) -> list[Finding]:
        yardstick = np.array([10.0, -1.0])
        return find(list(self.columns), NullBand(draws), values, yardstick, margin, np.random.default_rng(0))

    @pytest.fixture
    def draws(self) -> np.ndarray:
        return np.random.default_rng(1).standard_normal((99, 2)) * [1, 3] + [5, 7]

    @pytest.mark.parametrize("repeats", [1, 2, 5])
    def test_bound_is_that_of_two_means(self, draws: np.ndarray, repeats: int) -> None:
        values = np.array([[6.0, 8.0], [6.5, 9.0], [5.5, 7.0], [6.1, 7.7], [5.9, 8.2]])[:repeats]
        for k, finding_ in enumerate(self.found(values, draws)):
            null = draws[:, k]
            # No spread between these repeats exceeds that of the null.
            sd = np.std(null, ddof=1)
            assert finding_.value == pytest.approx(values[:, k].mean())
            assert finding_.null_mean == pytest.approx(null.mean())
            assert finding_.null_sd == pytest.approx(sd)
            assert finding_.excess == pytest.approx((values[:, k].mean() - null.mean()) / sd)
            assert finding_.noise == pytest.approx(1.6449 * sd * np.sqrt(1 / repeats + 1 / 99))
            assert finding_.upper == pytest.approx(values[:, k].mean() - null.mean() + finding_.noise)

    def test_spread_between_repeats_widens_the_bound(self, draws: np.ndarray) -> None:
        calm = self.found(np.array([[6.0, 8.0], [6.0, 8.0], [6.0, 8.0]]), draws)[0]
        wild = self.found(np.array([[-44.0, 8.0], [6.0, 8.0], [56.0, 8.0]]), draws)[0]
        assert wild.value == pytest.approx(calm.value)
        assert wild.noise == pytest.approx(ONE_SIDED_95 * np.sqrt(50**2 / 3 + calm.null_sd**2 / 99))

    def test_margin_is_a_share_of_the_yardstick_and_never_negative(self, draws: np.ndarray) -> None:
        first, second = self.found(np.array([[5.0, 7.0]]), draws, margin=0.2)
        assert first.margin == pytest.approx(2)
        assert second.margin == 0
        assert not second.resolves
        assert not second.keeps

    def test_one_observation_has_the_p_values_of_its_rows(self, draws: np.ndarray) -> None:
        value = np.array([7.2, 12.0])
        p_values = [f.p_value for f in self.found(value[None], draws)]
        assert p_values == NullBand(draws).p_adjusted(value).tolist()

    def test_null_without_spread_divides_by_nothing(self) -> None:
        same = self.found(np.array([[5.0, 7.0]]), np.full((19, 2), [5.0, 7.0]))
        assert [f.excess for f in same] == [0, 0]
        assert all(f.p_value == 1 for f in same)
