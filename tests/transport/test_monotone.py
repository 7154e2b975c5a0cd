import numpy as np
import pytest
from ot import emd2_1d
from scipy import stats

import latentot as lot
from latentot.transport.monotone import Monotone


def test_equal_samples_are_matched_in_order():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal(500), rng.gamma(2.0, size=500)
    moved = Monotone.between(x, y, knots=500)(x)
    np.testing.assert_array_equal(np.sort(moved), np.sort(y))
    assert np.square(moved - x).mean() == pytest.approx(emd2_1d(x, y), rel=1e-12)


@pytest.mark.parametrize(("n", "m"), [(400, 300), (300, 400), (100, 1_000)])
def test_samples_of_other_sizes_go_to_the_barycentres_of_the_optimal_plan(n, m):
    from ot import emd_1d

    rng = np.random.default_rng(0)
    x, y = rng.standard_normal(n), rng.gamma(2.0, size=m)
    np.testing.assert_allclose(Monotone.between(x, y, knots=n)(x), n * emd_1d(x, y) @ y, rtol=1e-9)


@pytest.mark.parametrize("knots", [32, 256, 100_000])
def test_a_map_between_known_laws_is_found(knots):
    rng = np.random.default_rng(0)
    carry = Monotone.between(rng.standard_normal(50_000), rng.exponential(size=50_000), knots=knots)
    q = np.linspace(0.01, 0.99, 99)
    # An order statistic at level q has standard error sqrt(q (1 - q) / n) / f: here at most 0.05, two samples 0.07.
    np.testing.assert_allclose(carry(stats.norm.ppf(q)), stats.expon.ppf(q), atol=0.15 if knots < 100 else 0.1)


def test_tails_go_on_in_the_ratio_of_scales():
    x = np.random.default_rng(0).standard_normal(10_000)
    for knots in (50, 10_000):
        np.testing.assert_allclose(Monotone.between(x, 2 * x - 1, knots=knots)(np.array([-9.0, 9.0])), [-19, 17])


@pytest.mark.parametrize("knots", [16, 4_096])
def test_it_never_decreases(knots):
    rng = np.random.default_rng(0)
    x, y = rng.standard_cauchy(20_000), rng.choice([-1.0, 0.0, 5.0], 20_000)
    moved = Monotone.between(x, y, knots=knots)(np.linspace(-100, 100, 10_001))
    assert (np.diff(moved) >= 0).all()


def test_equal_values_go_to_one_place_the_mean_of_their_targets():
    carry = Monotone.between(np.array([1.0, 1.0, 2.0]), np.array([0.0, 4.0, 6.0]), knots=3)
    np.testing.assert_allclose(carry(np.array([1.0, 1.5, 2.0])), [2, 4, 6])
    np.testing.assert_allclose(Monotone.between(np.ones(3), np.arange(3.0), knots=3)(np.array([1.0, 2.0])), [1, 2])


def test_one_knot_is_refused():
    with pytest.raises(lot.InputError, match="at least 2 knots"):
        Monotone.between(np.arange(3.0), np.arange(3.0), knots=1)
