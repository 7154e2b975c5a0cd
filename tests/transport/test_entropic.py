import numpy as np
import pytest
from ot.bregman import sinkhorn
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.transport.entropic import fitted_entropic_map, mean_cost


@pytest.fixture(name="samples")
def two_samples():
    rng = np.random.default_rng(0)
    return rng.standard_normal((300, 3)) + 5, rng.gamma(2.0, size=(260, 3))


@pytest.mark.parametrize("share", [0.005, 0.02, 0.2])
def test_points_fitted_go_to_the_barycentres_of_the_plan_of_pot(samples, share):
    x, y = samples
    cost = cdist(x, y, "sqeuclidean")
    centred = cdist(x - x.mean(axis=0), y - y.mean(axis=0), "sqeuclidean").mean()
    assert mean_cost(x, y) == pytest.approx(centred)
    epsilon = share * cost.mean()
    plan = sinkhorn([], [], cost, epsilon, method="sinkhorn_log", numItermax=100_000, stopThr=1e-10)
    carry = fitted_entropic_map(x, y, epsilon, tolerance=1e-5, rounds=20_000)
    # Single precision: exponents of some hundreds are right to 1e-5 of the plan, 1e-4 of a point.
    np.testing.assert_allclose(carry(x), plan @ y / plan.sum(axis=1, keepdims=True), atol=1e-3)


def test_unseen_points_are_served_by_the_formula_and_a_batch_equals_a_loop(samples):
    x, y = samples
    carry = fitted_entropic_map(x, y, 0.3, tolerance=1e-3, rounds=2_000)
    z = np.random.default_rng(1).standard_normal((3_000, 3)) + 5
    target = carry.unit * carry.target
    g = carry.potential + np.square(target).sum(axis=1)
    weights = np.exp((g - np.square(z[7] - x.mean(axis=0) - target).sum(axis=1) - 20) / carry.epsilon)
    np.testing.assert_allclose(carry(z)[7], y.mean(axis=0) + weights @ target / weights.sum(), rtol=1e-4)
    np.testing.assert_allclose(carry(z)[5:6], carry(z[5:6]), rtol=1e-5)


def test_it_is_the_gradient_of_a_convex_function(samples):
    x, y = samples
    carry = fitted_entropic_map(x, y, 0.1, tolerance=0.05, rounds=2_000)
    a, b = np.random.default_rng(1).standard_normal((2, 100_000, 3)) + 5
    slack = ((carry(a) - carry(b)) * (a - b)).sum(axis=1)
    assert slack.min() > -1e-4, "single precision leaves rounding, no more"


def test_far_points_and_small_epsilon_stay_finite(samples):
    carry = fitted_entropic_map(*samples, 0.001, tolerance=0.2, rounds=50_000)
    assert np.isfinite(carry(np.full((2, 3), 1e6))).all()


def test_much_regularisation_carries_all_to_the_mean(samples):
    carry = fitted_entropic_map(*samples, 1e6, tolerance=1e-3, rounds=10)
    np.testing.assert_allclose(carry(samples[0]), np.tile(samples[1].mean(axis=0), (300, 1)), atol=1e-2)


def test_too_few_rounds_are_one_clear_line(samples):
    with pytest.raises(lot.InputError, match=r"did not converge in 3 iterations .*: raise epsilon"):
        fitted_entropic_map(*samples, 0.05, tolerance=1e-3, rounds=3)


def clusters(rng, n, share):
    """Two clusters, ten widths apart."""
    return rng.standard_normal((n, 2)) + 10 * (rng.random((n, 1)) < share)


def mixed(rng, n, k):
    """A mixture of k normal laws in four coordinates."""
    return (3 * np.random.default_rng(k).standard_normal((k, 4)))[rng.integers(k, size=n)] + rng.standard_normal((n, 4))


LAWS = {
    "clusters": lambda rng: (clusters(rng, 300, 0.3), clusters(rng, 500, 0.6)),
    "normal": lambda rng: (rng.standard_normal((500, 4)), 2 * rng.standard_normal((500, 4))),
    "heavy tails": lambda rng: (rng.standard_cauchy((400, 4)), rng.standard_cauchy((400, 4))),
    "three laws and ten": lambda rng: (mixed(rng, 600, 3), mixed(rng, 600, 10)),
    "atoms": lambda rng: (rng.poisson(2.0, (400, 3)) * 1.0, rng.poisson(3.0, (400, 3)) * 1.0),
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("tolerance", [0.2, 0.02])
@pytest.mark.parametrize("share", [0.002, 0.01])
def test_weights_of_the_target_are_as_right_as_asked_after_few_rounds(law, tolerance, share):
    x, y = LAWS[law](np.random.default_rng(4))
    epsilon = share * mean_cost(x, y)
    # Plain rounds take 400 of two clusters.
    carry = fitted_entropic_map(x, y, epsilon, tolerance=tolerance, rounds=100)
    assert error_of(carry, x, len(y)) < 1.02 * tolerance + 1e-4


def error_of(carry, x, m):
    """Mean relative error of the target's weights, in a plan that has those of the source."""
    target = carry.unit * carry.target.astype(np.float64)
    logits = (carry.potential + 2 * (x - x.mean(axis=0)) @ target.T) / carry.epsilon
    plan = np.exp(logits - logits.max(axis=1, keepdims=True))
    plan /= plan.sum(axis=1, keepdims=True)
    return np.abs(plan.mean(axis=0) * m - 1).mean()


@pytest.mark.parametrize("n", [2, 3, 20])
def test_of_few_points_too(n):
    rng = np.random.default_rng(0)
    for _ in range(60):
        x, y = rng.standard_normal((n, 2)), 2 * rng.standard_normal((n, 2))
        epsilon = rng.choice([0.02, 0.1, 0.3]) * mean_cost(x, y)
        carry = fitted_entropic_map(x, y, epsilon, tolerance=0.01, rounds=1_000)
        assert error_of(carry, x, n) < 1.02 * 0.01 + 1e-4


@pytest.mark.parametrize("scale", [1e-100, 1e-25, 1e30, 1e100])
def test_a_map_is_scaled_with_its_samples(samples, scale):
    x, y = samples
    near, far = (
        fitted_entropic_map(a * x, a * y, 0.05 * mean_cost(a * x, a * y), tolerance=0.01, rounds=500)
        for a in (1.0, scale)
    )
    assert far(scale * x) / scale == pytest.approx(near(x), abs=1e-4)
