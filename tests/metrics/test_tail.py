"""p-values beyond the ranks: the level that they promise, for tails from light to just heavier than exponential."""

import numpy as np
import pytest
import scipy.stats

from latentot.metrics import NullBand, tail_p_value

STUDIES = 10_000
RARE = 0.001
DRAWS = [19, 99, 199]


def greatest(null: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Of each row, the number u that k others exceed, and the mean of what they exceed it by."""
    ordered = np.sort(null, axis=1)
    k = max(5, null.shape[1] // 10)
    return ordered[:, -k - 1], (ordered[:, -k:] - ordered[:, -k - 1 : -k]).mean(axis=1), k


def critical(null: np.ndarray, p: float) -> np.ndarray:
    """The number whose p-value is p, for each row of draws: the formula solved for x."""
    start, excess, k = greatest(null)
    return start + k * excess * ((p * (null.shape[1] + 1) / (k + 1)) ** (-1 / k) - 1)


@pytest.mark.parametrize("draws", DRAWS)
@pytest.mark.parametrize(
    ("law", "most"),
    [
        (scipy.stats.norm(), RARE),
        (scipy.stats.gumbel_r(), RARE),
        (scipy.stats.expon(), RARE),
        (scipy.stats.chi2(1), 2 * RARE),
    ],
    ids=["normal", "gumbel", "exponential", "chi2(1)"],
)
def test_false_alarms_are_as_rare_as_said(law, most, draws):
    null = law.rvs(size=(STUDIES, draws), random_state=draws)
    beyond = critical(null, RARE)
    for row in range(0, STUDIES, 1_000):
        assert tail_p_value(null[row], beyond[row]) == pytest.approx(RARE)
    # Given the draws, a further one is an alarm with the probability that the law has beyond the critical number: the
    # mean of these has a standard error of 1 to 7 % of RARE. Four of them are exceeded once in 30,000.
    alarm = law.sf(beyond)
    error = alarm.std() / np.sqrt(STUDIES)
    assert error < 0.1 * RARE
    assert alarm.mean() < most + 4 * error


@pytest.mark.parametrize("draws", DRAWS)
@pytest.mark.parametrize("p", [0.0001, RARE, 0.01])
def test_exact_for_exponential_tails(p, draws):
    law = scipy.stats.expon(loc=3, scale=7)
    alarm = law.sf(critical(law.rvs(size=(STUDIES, draws), random_state=draws), p))
    # Four standard errors on either side: a false alarm of 6e-5.
    assert alarm.mean() == pytest.approx(p, abs=4 * alarm.std() / np.sqrt(STUDIES))


def test_level_counted_out():
    rng = np.random.default_rng(0)
    p_values = np.array([tail_p_value(rng.exponential(size=99), rng.exponential()) for _ in range(10_000)])
    for p in (0.01, 0.05, 0.3):
        # Exact at every p below (k + 1) / (B + 1) = 0.1, and at those of ranks. Missed on either side once in 10,000.
        low, high = scipy.stats.binom(10_000, p).ppf([1e-4, 1 - 1e-4])
        assert low <= (p_values <= p).sum() <= high


@pytest.mark.parametrize("draws", DRAWS)
def test_is_the_rank_up_to_the_upper_tenth(draws):
    null = np.random.default_rng(1).standard_normal(draws)
    k = max(5, draws // 10)
    start = np.sort(null)[-k - 1]
    for x in (*null[null <= start], start, -9.0, start - 1e-9):
        assert tail_p_value(null, x) == NullBand(null[:, None]).p_values(np.array([x]))[0]
    assert tail_p_value(null, np.nextafter(start, 9)) == pytest.approx((k + 1) / (draws + 1))


@pytest.mark.parametrize("draws", DRAWS)
def test_falls_with_what_is_observed(draws):
    null = np.random.default_rng(2).gumbel(size=draws)
    p_values = np.array([tail_p_value(null, x) for x in np.linspace(-4, 40, 2_000)])
    assert (np.diff(p_values) <= 0).all()
    assert p_values[0] == 1
    start, _, _ = greatest(null[None])
    beyond = np.linspace(start[0], 40, 100)[1:]
    assert (np.diff([tail_p_value(null, x) for x in beyond]) < 0).all()


def test_does_not_depend_on_the_unit():
    null = np.random.default_rng(3).standard_normal(99)
    for x in (0.0, 2.0, 5.0):
        assert tail_p_value(1e6 * null - 3, 1e6 * x - 3) == pytest.approx(tail_p_value(null, x))
    assert tail_p_value(null[::-1], 5.0) == tail_p_value(null, 5.0), "the order of the draws is nothing"


@pytest.mark.parametrize("observed", [np.nextafter(1, 2), 2.0, 1e300])
def test_draws_that_are_all_alike_have_ranks_only(observed):
    # Metrics of ranks may be: beyond rounding there is no scale to say how far is far.
    assert tail_p_value(np.ones(19), observed) == 1 / 20
    assert tail_p_value(np.ones(19), 1.0) == 1
    few_above = np.r_[np.zeros(15), np.ones(4)]
    assert tail_p_value(few_above, 1.0) < tail_p_value(few_above, 0.0) == 1
