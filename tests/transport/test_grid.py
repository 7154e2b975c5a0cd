import numpy as np
import pytest
import torch
from scipy import stats

from latentot.transport.grid import Gridded, gridded
from latentot.transport.monotone import Monotone

LAWS = {"normal": stats.norm(), "cauchy": stats.cauchy(3, 100), "beta": stats.beta(2, 5), "expon": stats.expon()}


def known(source, target, n=4_001):
    shares = stats.norm.cdf(np.linspace(-4.7, 4.7, n))
    return Monotone(source.ppf(shares), target.ppf(shares), (1.5, 0.5)), shares


@pytest.mark.parametrize("source", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("target", LAWS.values(), ids=LAWS)
def test_it_moves_no_probability_and_never_decreases(source, target):
    carry, shares = known(source, target)
    fast = gridded(carry, shares)
    # The logarithm-like map of an exponential law asks for cells at 0 that are finer than its median has.
    assert isinstance(fast, Gridded) or source is LAWS["expon"]
    u = source.rvs(50_000, random_state=0)
    # Between knots lies a probability of 1e-3 at most.
    np.testing.assert_allclose(target.cdf(fast(u)), target.cdf(carry(u)), atol=1e-3)
    assert (np.diff(fast(np.sort(u))) >= -1e-9 * np.abs(fast(np.sort(u))[1:])).all()


def test_other_libraries_and_tails_give_the_same():
    carry, shares = known(stats.norm(), stats.gumbel_r())
    fast = gridded(carry, shares)
    u = np.concatenate([np.random.default_rng(0).standard_normal(1_000), [0.0, -30.0, 40.0, 1e9]])
    np.testing.assert_allclose(fast(torch.tensor(u)).numpy(), fast(u), rtol=1e-9, atol=1e-12)
    assert (fast(np.array([40.0])) - fast(np.array([30.0])))[0] == pytest.approx(5, rel=1e-9)
    assert (fast(np.array([-30.0])) - fast(np.array([-40.0])))[0] == pytest.approx(15, rel=1e-9)


def test_where_probability_would_move_the_knots_stay():
    """Most of this law lies nearer to 0 than the cells are wide."""
    carry, shares = known(stats.gamma(0.02), stats.norm())
    assert gridded(carry, shares) is carry


def test_a_flat_source_stays_as_it_is():
    carry = Monotone(np.array([1.0]), np.array([2.0]), (1.0, 1.0))
    assert gridded(carry, np.array([0.5])) is carry
