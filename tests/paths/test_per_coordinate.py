"""Methods on priors whose coordinates differ: what keeps the prior keeps every coordinate, of scales 1e-3 to 1e3."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats
import torch

import latentot as lot
from latentot.paths.laws import DISTRIBUTION, PERMUTATION, ROTATION
from latentot.priors import Laplace, Logistic

D, N = 6, 4_000
MEAN, SCALE = np.linspace(-5, 5, D), np.geomspace(1e-3, 1e3, D)
OWN = [
    *(lot.Normal(1, mean=3, scale=scale).marginal for scale in (1e-3, 1e3)),
    lot.Cauchy(1).marginal,
    lot.Uniform(1, low=0, high=1e-3).marginal,
    scipy.stats.cauchy(-2, 1e3),
    scipy.stats.norm(scale=1e-3),
]
PRIORS = {
    "normal": lot.Normal(D, mean=MEAN, scale=SCALE),
    "uniform": lot.Uniform((2, 3), low=MEAN.reshape(2, 3), high=(MEAN + SCALE).reshape(2, 3)),
    "scipy": lot.ProductPrior(scipy.stats.logistic(loc=MEAN, scale=SCALE), D),
    "laws": lot.ProductPrior([*OWN[:3], Laplace(1).marginal, OWN[3], Logistic(1).marginal]),
}
METHODS = [
    ("cauchy", {}),
    ("matched", {}),
    *(("stable", {"alpha": alpha}) for alpha in (0.5, 1.5, 2.0)),
    ("switch", {"rng": 0}),
]
# Six coordinates, at most two ways to combine, 24 cases: fewer than 300 tests, each at 1e-9: a false alarm anywhere has
# probability below 3e-7.
LEVEL = 1e-9


def min_p_value(prior, points):
    columns = points.reshape(len(points), -1).T
    laws = [prior.marginal.coordinate(j) for j in range(prior.dim)]
    return min(scipy.stats.kstest(column, law.cdf).pvalue for column, law in zip(columns, laws, strict=True))


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
@pytest.mark.parametrize(("name", "options"), METHODS)
def test_what_claims_to_keep_the_prior_keeps_every_coordinate(name, options, prior):
    path = lot.interpolation(name, prior, **options)
    assert DISTRIBUTION in path.claims()
    z0, z1, z2 = (prior.sample(N, rng=seed) for seed in (1, 2, 3))
    points = path(z0, z1, 0.3)
    assert min_p_value(prior, points) > LEVEL
    assert not prior.outside(points).any()
    # By quadrature a sum of three terms takes seconds.
    if name != "switch" and (name, prior) not in [("matched", PRIORS[other]) for other in ("uniform", "scipy", "laws")]:
        combined = path.combine(np.stack([z0, z1, z2]), [1.0, -1.0, 0.5])
        assert min_p_value(prior, combined) > LEVEL


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_linear_and_what_lies_about_a_scale_would_be_seen(prior):
    z0, z1 = prior.sample(N, rng=1), prior.sample(N, rng=2)
    if prior is not PRIORS["laws"]:
        assert min_p_value(prior, (z0 + z1) / 2) < LEVEL
    assert min_p_value(prior, 1.2 * z0) < LEVEL


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_coordinates_that_differ_cannot_be_permuted_or_turned(prior):
    for name, options in (*METHODS[:-1], ("cdf-linear", {})):
        assert not {PERMUTATION, ROTATION} & lot.interpolation(name, prior, **options).claims()
        alike = lot.interpolation(name, lot.Normal(D), **options).claims()
        assert PERMUTATION in alike


@pytest.mark.parametrize("name", ["cauchy", "cdf-linear", "stable", "matched"])
def test_each_coordinate_is_that_of_a_prior_of_its_own(name):
    prior = PRIORS["laws"]
    z0, z1 = prior.sample(20, rng=1), prior.sample(20, rng=2)
    whole = lot.interpolation(name, prior)(z0, z1, 0.3)
    for j in range(D):
        alone = lot.interpolation(name, lot.ProductPrior(prior.marginal.coordinate(j), 1))
        np.testing.assert_allclose(alone(z0[:, [j]], z1[:, [j]], 0.3), whole[:, [j]], rtol=1e-12)


def test_a_number_for_all_gives_the_bits_of_a_number_each():
    alike, each = lot.Normal(3, mean=0.1, scale=0.7), lot.Normal(4, mean=[0.1, 0.1, 0.1, 0], scale=0.7)
    z0, z1 = each.sample(500, rng=1), each.sample(500, rng=2)
    for name in ("cauchy", "matched", "stable", "cdf-linear"):
        points = lot.interpolation(name, each)(z0, z1, 0.3)[:, :3]
        np.testing.assert_array_equal(points, lot.interpolation(name, alike)(z0[:, :3], z1[:, :3], 0.3))


@pytest.mark.parametrize(("name", "options"), [("cauchy", {}), ("cdf-linear", {}), ("matched", {})])
def test_other_libraries_give_what_numpy_gives_and_gradients(name, options):
    laws = [lot.Normal(1, mean=3, scale=1e-3).marginal, lot.Uniform(1, low=0, high=5).marginal, lot.Cauchy(1).marginal]
    prior = lot.ProductPrior(laws)
    z0, z1 = prior.sample(20, rng=1), prior.sample(20, rng=2)
    path = lot.interpolation(name, prior, **options)
    expected = path(z0, z1, 0.3)
    start = torch.tensor(z0, requires_grad=True)
    points = path(start, torch.tensor(z1), 0.3)
    np.testing.assert_allclose(points.detach().numpy(), expected, rtol=1e-12)
    points.sum().backward()
    assert torch.isfinite(start.grad).all()
    if name == "matched":  # the others take JAX half a minute to compile, and go the same way
        with jax.enable_x64(True):
            slope = jax.grad(lambda z: path(z, jnp.asarray(z1), 0.3).sum())(jnp.asarray(z0))
        np.testing.assert_allclose(start.grad.numpy(), np.asarray(slope), rtol=1e-12)
    single = path(torch.tensor(z0, dtype=torch.float32), torch.tensor(z1, dtype=torch.float32), 0.3)
    assert single.dtype == torch.float32
    # A rounding of z0 or z1, which the scale of 1e-3 around 3 makes a score of 1e-4.
    np.testing.assert_allclose(single.numpy(), expected, rtol=1e-4, atol=1e-3)
