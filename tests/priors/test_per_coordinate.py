"""Priors whose coordinates have parameters, or laws, of their own; and parameters that no law has."""

import math
import pickle

import array_api_strict
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats
import torch

import latentot as lot
from latentot.priors import Laplace, StudentT, named_prior
from latentot.priors.law import carry

D = 6
MEAN = np.linspace(-5, 5, D)
SCALE = np.geomspace(1e-3, 1e3, D)
NORMAL, CAUCHY = lot.Normal(1).marginal, lot.Cauchy(1).marginal
norm, gamma, uniform = scipy.stats.norm, scipy.stats.gamma, scipy.stats.uniform

# Each prior, and the laws of its coordinates by SciPy.
PRIORS = {
    "normal": (lot.Normal(D, mean=MEAN, scale=SCALE), [norm(m, s) for m, s in zip(MEAN, SCALE, strict=True)]),
    "mean alone": (lot.Normal((2, 3), mean=[[0], [1]]), [norm(m) for m in (0, 0, 0, 1, 1, 1)]),
    "uniform": (
        lot.Uniform((2, 3), low=MEAN.reshape(2, 3), high=10),
        [uniform(low, 10 - low) for low in MEAN],
    ),
    "scipy": (
        lot.ProductPrior(norm(loc=[0, 1, 2], scale=[1, 2, 3]), 3),
        [norm(0, 1), norm(1, 2), norm(2, 3)],
    ),
    "scipy shapes": (
        lot.ProductPrior(gamma([1, 2, 3], scale=[[1], [1e3]]), (2, 3)),
        [gamma(a, scale=s) for s in (1, 1e3) for a in (1, 2, 3)],
    ),
    "list": (
        lot.ProductPrior([Laplace(1).marginal, norm(3, 1e-3), CAUCHY, gamma(2), norm(), StudentT(1, df=30).marginal]),
        [scipy.stats.laplace(), norm(3, 1e-3), scipy.stats.cauchy(), gamma(2), norm(), scipy.stats.t(30)],
    ),
}


@pytest.fixture(params=PRIORS, name="pair")
def prior_and_laws(request):
    return PRIORS[request.param]


def test_each_coordinate_has_its_own_law(pair):
    prior, known = pair
    law, q = prior.marginal, np.array([1e-9, 0.1, 0.3, 0.5, 0.8])[:, None] * np.ones(prior.dim)
    assert law.size == prior.dim == len(known)
    x = np.stack([one.ppf(q[:, 0]) for one in known], axis=1)
    for own, theirs, at in (
        ("quantile", "ppf", q), ("isf", "isf", q), ("cdf", "cdf", x), ("sf", "sf", x), ("log_pdf", "logpdf", x),
        ("log_cdf", "logcdf", x), ("log_sf", "logsf", x),
    ):  # fmt: skip
        expected = np.stack([getattr(one, theirs)(column) for one, column in zip(known, at.T, strict=True)], axis=1)
        np.testing.assert_allclose(getattr(law, own)(at), expected, rtol=1e-8, atol=1e-12, err_msg=own)
        for j in range(prior.dim):
            alone = getattr(law.coordinate(j), own)(at[:, j])
            np.testing.assert_allclose(alone, getattr(law, own)(at)[:, j], rtol=1e-13, atol=1e-300)
            assert law.coordinate(j).size is None
    np.testing.assert_allclose(law.support, np.array([one.support() for one in known]).T, rtol=1e-15)
    np.testing.assert_allclose(law.mid_inverse(law.mid(x[1:])), x[1:], rtol=1e-12)
    z = x.reshape(-1, *prior.shape)
    by_hand = sum(one.logpdf(column) for one, column in zip(known, x.T, strict=True))
    np.testing.assert_allclose(prior.log_prob(z), by_hand, rtol=1e-9)


def test_draws_follow_the_laws_and_are_inside(pair):
    prior, known = pair
    z = prior.sample(5_000, rng=0)
    assert z.shape == (5_000, *prior.shape)
    # At most six tests of each of six priors at 1e-6: a false alarm in 4e-5 of all seeds, and the seed is fixed.
    flat = z.reshape(5_000, -1)
    assert min(scipy.stats.kstest(x, one.cdf).pvalue for x, one in zip(flat.T, known, strict=True)) > 1e-6
    assert not prior.outside(z).any()
    assert prior.radius is None
    assert np.isfinite(prior.log_prob(z)).all()


def test_a_prior_is_a_value(pair):
    prior, _ = pair
    again = pickle.loads(pickle.dumps(prior))  # noqa: S301 - our own
    np.testing.assert_array_equal(again.sample(2, rng=0), prior.sample(2, rng=0))
    assert "\n" not in repr(prior)
    if "scipy" not in repr(prior):
        assert again == prior
        assert hash(again) == hash(prior)
        assert again.marginal == prior.marginal
    other = lot.Normal(D, mean=MEAN, scale=2 * SCALE)
    assert prior != other
    assert prior.marginal != other.marginal


def test_equal_numbers_are_one_number_and_the_prior_as_it_was():
    same = lot.Normal(3, mean=np.zeros(3), scale=[2, 2, 2])
    assert same == lot.Normal(3, scale=2)
    assert hash(same) == hash(lot.Normal(3, scale=2))
    assert repr(same) == "Normal(3, scale=2)"
    assert same.radius is not None
    assert lot.Uniform(3, low=[0, 0, 0]) == lot.Uniform(3, low=0)
    assert lot.Normal(2, mean=[1, 2]) == eval(repr(lot.Normal(2, mean=[1, 2])), {"Normal": lot.Normal})  # noqa: S307
    assert repr(lot.Normal(9, mean=np.arange(9))) == "Normal(9, mean=float64 array of shape (9,))"
    assert lot.Normal(3, scale=[1, 2, 3]).radius is None


def test_parameters_are_copies_that_nothing_changes():
    scale = np.array([1.0, 2.0])
    prior = lot.Normal(2, scale=scale)
    scale += 1
    np.testing.assert_array_equal(prior.scale, [1, 2])
    with pytest.raises(ValueError, match="read-only"):
        prior.scale[0] = 3


def test_options_of_a_study_may_be_lists():
    assert named_prior("normal", 2, mean=[0, 1], scale=[1, 2]) == lot.Normal(2, mean=[0, 1], scale=[1, 2])
    assert named_prior("sphere", 4, radius=2) == lot.Sphere(4, radius=2)


@pytest.mark.parametrize("name", ["normal", "uniform", "mixed"])
def test_other_libraries_give_what_numpy_gives_and_gradients(name):
    mixed = lot.ProductPrior([CAUCHY, lot.Normal(1, mean=3, scale=1e-3).marginal, lot.Uniform(1).marginal, NORMAL])
    prior = mixed if name == "mixed" else PRIORS[name][0]
    z = prior.sample(4, rng=0)
    expected = prior.log_prob(z)
    tensor = torch.tensor(z, requires_grad=True)
    density = prior.log_prob(tensor)
    np.testing.assert_allclose(density.detach().numpy(), expected, rtol=1e-12)
    density.sum().backward()
    assert torch.isfinite(tensor.grad).all()
    with jax.enable_x64(True):
        np.testing.assert_allclose(np.asarray(prior.log_prob(jnp.asarray(z))), expected, rtol=1e-12)
    strict = prior.log_prob(array_api_strict.asarray(z))
    np.testing.assert_allclose(np.asarray(strict), expected, rtol=1e-12)
    law = prior.marginal
    flat = z.reshape(4, -1).astype(np.float32)
    assert law.cdf(flat).dtype == np.float32
    assert law.cdf(torch.tensor(flat)).dtype == torch.float32


def test_a_law_is_carried_onto_one_law_only():
    with pytest.raises(lot.InputError, match="of all coordinates alike"):
        carry(np.zeros((2, 2)), lot.Normal(2, mean=[0, 1]).marginal, CAUCHY)


class Custom(scipy.stats.rv_continuous):
    def _cdf(self, x):
        return np.clip(x, 0, 1)


def test_histograms_and_distributions_of_users_serve():
    histogram = scipy.stats.rv_histogram(np.histogram([1, 2, 2, 3], bins=3))
    for given in (histogram, histogram.freeze(), Custom(a=0, b=1, name="custom")()):
        assert np.isfinite(lot.ProductPrior(given, 2).sample(3, rng=0)).all()
        assert lot.ProductPrior([given, norm()]).marginal.size == 2


NAN = math.nan


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: lot.ProductPrior(norm(scale=-1), 3), r"norm\(scale=-1\) has no quartiles"),
        (lambda: lot.ProductPrior(norm(scale=0), 3), "no quartiles"),
        (lambda: lot.ProductPrior(norm(scale=NAN), 3), "no quartiles"),
        (lambda: lot.ProductPrior(norm(loc=np.inf), 3), "no quartiles"),
        (lambda: lot.ProductPrior(gamma(-1), 3), "no quartiles"),
        (lambda: lot.ProductPrior(norm(scale=[1, 2, -1]), 3), r"scaled by positive ones, got .*-1\.0\]"),
        (lambda: lot.ProductPrior(norm(scale=[1, 2, 0]), 3), "scaled by positive ones"),
        (lambda: lot.ProductPrior(norm(loc=[1, 2, NAN]), 3), "shifted by finite numbers"),
        (lambda: lot.ProductPrior(gamma([1, 2, -1]), 3), "a=-1.* no quartiles"),
        (lambda: lot.ProductPrior(norm(loc=[0, 1, 2]), 4), r"latents of shape \(4,\), got shape \(3,\)"),
        (lambda: lot.ProductPrior(norm, 3), r"not frozen: write scipy\.stats\.norm\(\)"),
        (lambda: lot.ProductPrior(gamma, 3), r"not frozen: write scipy\.stats\.gamma\(a\)"),
        (lambda: lot.ProductPrior(scipy.stats.poisson(3), 3), "discrete"),
        (lambda: lot.ProductPrior(scipy.stats.poisson, 3), "not frozen"),
        (lambda: lot.ProductPrior(Custom, 3), "Custom is a class"),
        (lambda: lot.ProductPrior(scipy.stats.gaussian_kde([1.0, 2, 4]), 3), "has no cdf"),
        (lambda: lot.ProductPrior(scipy.stats.multivariate_normal([0, 0]), 2), "has no"),
        (lambda: lot.ProductPrior("norm", 3), "'norm' has no"),
        (lambda: lot.ProductPrior(norm()), "needs a shape"),
        (lambda: lot.ProductPrior([]), "positive number"),
        (lambda: lot.ProductPrior([norm(), norm()], (2, 2)), "4 coordinates, got 2 laws"),
        (lambda: lot.ProductPrior([norm(), norm(scale=-1)]), "no quartiles"),
        (lambda: lot.ProductPrior([norm(loc=[0, 1]), norm()]), "got shape"),
        (lambda: lot.ProductPrior(lot.Normal(3, mean=[1, 2, 3]).marginal, 2), "2 coordinates, got 3 laws"),
        (lambda: lot.Normal(3, mean=[1, 2]), r"latents of shape \(3,\), got shape \(2,\)"),
        (lambda: lot.Normal(3, mean=[[1], [2]]), "got shape"),
        (lambda: lot.Normal(3, scale=[1, 2, 0]), r"scale > 0, got .*scale=\[1\.0, 2\.0, 0\.0\]"),
        (lambda: lot.Normal(20, scale=np.linspace(-1, 1, 20)), "<20 numbers from -1 to 1>"),
        (lambda: lot.Normal(3, scale=[1, NAN, 1]), "finite mean"),
        (lambda: lot.Normal(3, mean="a"), "mean is a number"),
        (lambda: lot.Normal(3, mean=[1, [2, 3]]), "mean is a number"),
        (lambda: lot.Normal(3, mean=torch.ones(3, requires_grad=True)), "mean is a number"),
        (lambda: lot.Uniform(2, low=[0, 2], high=1), "low < high"),
        (lambda: lot.Uniform(2, low=[0, NAN]), "low < high"),
        (lambda: lot.Uniform(2, low=-1.5e308, high=1.5e308), "low < high"),
        (lambda: lot.Sphere(2, radius=0), "radius > 0"),
        (lambda: lot.Sphere(2, radius=NAN), "radius > 0"),
        (lambda: lot.Sphere(2, radius=[1, 2]), "radius > 0"),
    ],
)
def test_a_prior_that_cannot_work_is_refused_when_it_is_made(make, message):
    with pytest.raises(lot.InputError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
