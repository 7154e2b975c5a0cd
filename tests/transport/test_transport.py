import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.transport import Auto, Exact, Gaussian, named_transport, transport_names


@pytest.fixture(name="laws")
def two_normal_laws():
    rng = np.random.default_rng(0)
    source, target = rng.standard_normal((2, 20_000, 3))
    return source @ np.diag([1.0, 2.0, 0.5]) + 1, target @ np.array([[1, 0.5, 0], [0.5, 2, 0], [0, 0, 1]]) - 2


def test_gaussian_carries_moments_exactly_onto_those_of_the_target(laws):
    source, target = laws
    carried = Gaussian().fit(source, target, rng=0)(source)
    np.testing.assert_allclose(carried.mean(axis=0), target.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(np.cov(carried.T), np.cov(target.T), atol=1e-6)


def test_gaussian_map_is_symmetric_positive_hence_optimal(laws):
    matrix = Gaussian().fit(*laws, rng=0).matrix
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-9)
    assert np.linalg.eigvalsh(matrix).min() > 0


def test_exact_is_the_optimal_matching_on_the_points_fitted():
    rng = np.random.default_rng(0)
    source, target = rng.standard_normal((2, 200, 4))
    carried = Exact().fit(source, target, rng=1)(source)
    cost = cdist(source, target, "sqeuclidean")
    rows, columns = linear_sum_assignment(cost)
    np.testing.assert_allclose(carried[rows], target[columns], atol=1e-9)


def test_exact_moves_a_new_point_as_its_nearest_fitted_one():
    source = np.array([[0.0, 0.0], [10.0, 0.0]])
    target = np.array([[0.0, 1.0], [10.0, 2.0]])
    moved = Exact().fit(source, target, rng=0)(np.array([[1.0, 0.5], [9.0, 0.0]]))
    np.testing.assert_allclose(moved, [[1.0, 1.5], [9.0, 2.0]])


def test_auto_keeps_what_drifts_least_on_points_held_out():
    prior = lot.Normal(16)
    midpoints = (prior.sample(20_000, rng=0) + prior.sample(20_000, rng=1)) / 2
    chosen = Auto().fit(midpoints, prior.sample(20_000, rng=2), rng=3)
    assert chosen.choice == "gaussian"
    assert chosen.held_out["gaussian"] < chosen.held_out["exact"]


def test_auto_prefers_matching_where_a_law_is_far_from_normal():
    rng = np.random.default_rng(0)
    corners = rng.choice([-3.0, 3.0], (4_000, 2)) + 0.1 * rng.standard_normal((4_000, 2))
    source = rng.standard_normal((4_000, 2))
    assert Auto().fit(source, corners, rng=1).choice == "exact"


@pytest.mark.parametrize("name", transport_names())
def test_bad_input_is_one_clear_line(name):
    transport = named_transport(name)
    good = np.random.default_rng(0).standard_normal((20, 2))
    for source, target, message in [
        (good[:1], good, "source of a transport"),
        (good, good[:, 0], "target of a transport"),
        (good, good[:, :1], "2 and 1 coordinates"),
        (good, good * np.nan, "finite"),
    ]:
        with pytest.raises(lot.InputError, match=message):
            transport.fit(source, target, rng=0)


def test_unknown_transport_names_the_nearest():
    with pytest.raises(lot.InputError, match="did you mean 'gaussian'"):
        named_transport("gausian")
