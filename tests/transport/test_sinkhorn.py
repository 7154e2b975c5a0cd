import numpy as np
import pytest
from ot.bregman import sinkhorn
from ot.da import SinkhornTransport
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.transport import Sinkhorn
from latentot.transport.judging import Split


@pytest.fixture(name="split")
def two_laws():
    rng = np.random.default_rng(0)
    return Split.of(rng.standard_normal((300, 3)), rng.gamma(2.0, size=(260, 3)), rng)


def learned(split, **settings):
    return Sinkhorn(**settings)._learn(split, np.random.default_rng(0))


@pytest.mark.parametrize("epsilon", [0.02, 0.2])
def test_points_fitted_go_to_the_barycentres_of_the_plan_of_pot(split, epsilon):
    x, y = split.fitting(None)
    cost = cdist(x, y, "sqeuclidean")
    plan = sinkhorn([], [], cost, epsilon * cost.mean(), method="sinkhorn_log", numItermax=100_000, stopThr=1e-12)
    fitted = learned(split, epsilon=epsilon, tolerance=1e-9)
    np.testing.assert_allclose(fitted(x), plan @ y / plan.sum(axis=1, keepdims=True), atol=1e-6)
    theirs = SinkhornTransport(reg_e=epsilon * cost.mean(), max_iter=100_000, tol=1e-12).fit(Xs=x, Xt=y)
    np.testing.assert_allclose(fitted(x), theirs.transform(Xs=x), atol=1e-5)


def test_unseen_points_are_served_by_the_formula_and_a_batch_equals_a_loop(split):
    y = split.fitting(None)[1]
    fitted = learned(split)
    z = np.random.default_rng(1).standard_normal((3_000, 3))
    g, epsilon = fitted.map.potential, fitted.map.epsilon
    one = np.exp((g - np.square(z[7] - y).sum(axis=1)) / epsilon - 50)
    np.testing.assert_allclose(fitted(z)[7], one @ y / one.sum(), rtol=1e-9)
    np.testing.assert_allclose(fitted(z)[5:6], fitted(z[5:6]), rtol=1e-12)


def test_far_points_and_small_epsilon_stay_finite(split):
    fitted = learned(split, epsilon=0.005, iterations=50_000)
    assert np.isfinite(fitted(np.full((2, 3), 1e6))).all()


def test_much_regularisation_carries_all_to_the_mean(split):
    fitted = learned(split, epsilon=1e4)
    np.testing.assert_allclose(fitted(split.source), np.tile(split.fitting(None)[1].mean(axis=0), (300, 1)), atol=1e-2)


def test_too_few_iterations_are_one_clear_line(split):
    with pytest.raises(lot.InputError, match="did not converge in 3 iterations: raise epsilon"):
        learned(split, iterations=3)


@pytest.mark.parametrize("setting", ["epsilon", "tolerance", "iterations"])
def test_settings_are_positive(setting):
    with pytest.raises(lot.InputError, match=f"{setting} of a sinkhorn transport is positive"):
        Sinkhorn(**{setting: 0})
