import math

import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats
import torch
from lolatents.lol_numpy import lol_gaussian

import latentot as lot
from latentot.paths import METHODS, Combination

COMBINING = [name for name in METHODS.own if issubclass(METHODS.find(name), Combination)]
WEIGHTS = [[1.0], [0.3, 0.7], [1, -1, 1], [0.5, -0.5], [0.2, 0.3, 0.5], [2, 0, -0.5, 1e-3]]


def combining(name, prior):
    return lot.interpolation(name, prior, **({"rng": 0, "n_fit": 2_000} if name == "earth-mover" else {}))


def test_these_methods_combine():
    assert COMBINING == ["linear", "cauchy", "matched", "stable", "earth-mover"]


@pytest.mark.parametrize("name", COMBINING)
def test_two_points_are_the_path(name):
    prior = lot.Normal((2, 3))
    z = prior.sample(10, rng=0).reshape(2, 5, 2, 3)
    path = combining(name, prior)
    np.testing.assert_allclose(path.combine(z, [0.7, 0.3]), path(z[0], z[1], 0.3), rtol=1e-12)
    rows = path.combine(z, [[0.7, 0.3], [1, 1]])
    assert rows.shape == (2, 5, 2, 3)
    np.testing.assert_array_equal(rows[1], path.combine(z, [1, 1]))


PRIORS = [
    lot.Normal((2, 2)),
    lot.Uniform(4, low=0, high=3),
    lot.Cauchy(4),
    lot.Laplace(4),
    lot.MultivariateT(4, df=1),
    lot.Sphere(4),
]


CASES = [
    *(("linear", prior, 70) for prior in PRIORS),
    *(("matched", prior, 70) for prior in PRIORS if not isinstance(prior, lot.Uniform | lot.Laplace)),
    *((name, prior, 70) for name in ("cauchy", "stable") for prior in PRIORS if prior.marginal),
    # A table or a map for each row takes a tenth of a second or more.
    ("matched", lot.Laplace(4), 3),
    ("matched", lot.Uniform(4, low=0, high=3), 3),
    ("earth-mover", lot.Normal((2, 2)), 2),
]


@pytest.mark.parametrize(("name", "prior", "m"), CASES)
def test_many_rows_of_weights_are_each_row_alone(name, prior, m):
    rng, path = np.random.default_rng(0), combining(name, prior)
    for k, batch in ((3, ()), (1, ()), (2, (5,)), (2, (0,)), (2, (20_000,))):
        z = prior.sample(k * math.prod(batch), rng=rng).reshape(k, *batch, *prior.shape)
        weights = rng.standard_normal((m if math.prod(batch) < 1_000 else 2, k)).round(1)
        weights[0], weights[1] = 1, [1, *[0] * (k - 1)]
        weights[~weights.any(axis=1)] = 1
        alone = np.stack([path.combine(z, row) for row in weights])
        np.testing.assert_allclose(path.combine(z, weights), alone, rtol=1e-12, atol=1e-14)


TORCH = [
    *(("linear", prior) for prior in PRIORS),
    *(("cauchy", prior) for prior in PRIORS if prior.marginal),
    *(("matched", prior) for prior in PRIORS if prior != lot.Laplace(4)),
    ("earth-mover", lot.Normal((2, 2))),
    ("matched", lot.Empirical(np.random.default_rng(5).gamma(2.0, size=(500, 4)))),
]


@pytest.mark.parametrize(("name", "prior"), TORCH)
def test_many_rows_of_weights_for_tensors_and_their_gradients(name, prior):
    z, weights = prior.sample(2, rng=0), [[1.0, -1.0], [0.3, 0.7], [1.0, 0.0]]
    path, tensor = combining(name, prior), torch.tensor(z, requires_grad=True)
    found = path.combine(tensor, weights)
    assert found.dtype == tensor.dtype
    np.testing.assert_allclose(found.detach().numpy(), path.combine(z, weights), rtol=1e-6, atol=1e-6)
    assert torch.autograd.grad(found.sum(), tensor)[0].isfinite().all()


def test_many_rows_of_weights_for_jax():
    prior, weights = lot.Normal(4), np.random.default_rng(1).standard_normal((10, 3))
    z, path = prior.sample(3, rng=0), lot.interpolation("matched", prior)
    found = path.combine(jnp.asarray(z, dtype=jnp.float32), weights)
    np.testing.assert_allclose(np.asarray(found), path.combine(z, weights), rtol=1e-4, atol=1e-4)


def test_no_rows_of_weights_are_no_points():
    prior = lot.Normal(3)
    assert lot.interpolation("matched", prior).combine(prior.sample(2, rng=0), np.empty((0, 2))).shape == (0, 3)


def test_a_point_that_is_not_finite_is_named_among_many_rows():
    z = np.ones((2, 3, 3))
    z[1, 2, 0] = np.nan
    for weights in ([1, 1], [[1, 1]] * 5):
        with pytest.raises(lot.InputError, match=r"z\[1\].*2"):
            lot.interpolation("matched", lot.Normal(3)).combine(z, weights)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_on_the_normal_prior_it_is_lol(weights):
    prior = lot.Normal(6)
    z = prior.sample(len(weights), rng=1)
    expected = lol_gaussian(w=np.array([weights], dtype=float), X=z)[0]
    for path in (lot.interpolation("matched", prior), lot.interpolation("stable", prior, alpha=2)):
        np.testing.assert_allclose(path.combine(z, weights), expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["cauchy", "matched", "stable"])
@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("prior", [lot.Normal(2), lot.Uniform(2, low=0, high=3), lot.Cauchy(2)], ids=repr)
def test_combinations_follow_the_prior(name, weights, prior):
    z = prior.sample(10_000 * len(weights), rng=2).reshape(len(weights), 10_000, 2)
    points = combining(name, prior).combine(z, weights)
    # 54 cases of two coordinates, and of both, which are independent, at level 1e-8: a false alarm has probability
    # below 2e-6.
    samples = (*points.T, points.ravel())
    assert min(scipy.stats.kstest(numbers, prior.marginal.cdf).pvalue for numbers in samples) > 1e-8


def test_a_single_latent_of_a_vector_prior_and_equal_points():
    prior = lot.Normal(3)
    z = np.ones((4, 3))
    np.testing.assert_allclose(lot.interpolation("linear", prior).combine(z, [0.25] * 4), np.ones(3))
    np.testing.assert_allclose(lot.interpolation("cauchy", prior).combine(z, [0.25] * 4), np.ones(3))
    np.testing.assert_allclose(lot.interpolation("matched", prior).combine(z, [0.25] * 4), 2 * np.ones(3))


def test_an_empty_batch_is_empty():
    prior = lot.Normal(3)
    assert lot.interpolation("matched", prior).combine(np.empty((2, 0, 3)), [1, 1]).shape == (0, 3)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([0, 0], "must not all be zero"),
        ([[1, 1], [0, 0]], "must not all be zero"),
        ([1, 2, 3], "one weight a point, got 3 weights and 2 points"),
        ([1, math.nan], "finite numbers"),
        (["a", "b"], "weights are numbers"),
        ([[[1, 1]]], "finite numbers, shape"),
    ],
)
def test_bad_weights_are_one_clear_line(weights, message):
    z = lot.Normal(3).sample(2, rng=0)
    with pytest.raises(lot.InputError, match=message):
        lot.interpolation("matched", lot.Normal(3)).combine(z, weights)


def test_bad_points_are_one_clear_line():
    path = lot.interpolation("matched", lot.Normal(3))
    with pytest.raises(lot.InputError, match=r"z\[1\] must be finite"):
        path.combine(np.array([[1.0, 2, 3], [1, np.nan, 3]]), [1, 1])
    with pytest.raises(lot.InputError, match="one weight a point"):
        path.combine(np.ones(3), [1, 1, 1])
