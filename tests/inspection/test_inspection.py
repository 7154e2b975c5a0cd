"""The numbers of an inspection: reconstruction, coordinates, surroundings, grids."""

import numpy as np
import pytest
import scipy.integrate
import scipy.stats

import latentot as lot
from latentot.errors import InputError
from latentot.inspection import around, coordinates, latent_grid, reconstruction

RNG = np.random.default_rng(0)


def test_reconstruction_errors_and_the_worst():
    x, d = RNG.random((50, 1, 4, 4)), RNG.random((50, 1, 4, 4))
    each = np.array([np.mean((a - b) ** 2) for a, b in zip(x, d, strict=True)])
    found = reconstruction(x, d)
    np.testing.assert_allclose(found.each, each)
    low, high = scipy.stats.t.interval(0.95, 49, each.mean(), scipy.stats.sem(each))
    assert (found.error, found.low, found.high) == pytest.approx((each.mean(), low, high))
    assert list(found.worst(3)) == list(np.argsort(-each)[:3])
    assert np.isnan(reconstruction(x[:1], d[:1]).low)


def test_the_interval_covers_the_mean_as_often_as_it_says():
    covered = 0
    for _ in range(400):
        found = reconstruction(np.zeros((40, 8)), RNG.standard_normal((40, 8)))
        covered += found.low <= 1 <= found.high
    # Of 400 at 95 %: 380, four standard deviations of 4.4, and somewhat fewer as errors are skewed.
    assert 355 <= covered <= 398


@pytest.mark.parametrize(("loc", "scale"), [(0.0, 1.0), (1.5, 2.0)])
def test_kl_from_a_normal_prior_is_the_closed_form(loc, scale):
    mean, sd = RNG.standard_normal((30, 4)), RNG.uniform(0.1, 1.5, (30, 4))
    expected = np.log(scale / sd) + (sd**2 + (mean - loc) ** 2) / (2 * scale**2) - 0.5
    found = coordinates((mean, sd), lot.Normal(4, mean=loc, scale=scale))
    np.testing.assert_allclose(found.kl, expected.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(found.moved, mean.var(axis=0) / scale**2, rtol=1e-10)


@pytest.mark.parametrize("prior", [lot.Cauchy(1), lot.Laplace(1), lot.StudentT(1, df=5)])
def test_kl_from_other_priors_is_the_integral(prior):
    q = scipy.stats.norm(0.7, 0.4)
    expected, _ = scipy.integrate.quad(lambda z: q.pdf(z) * (q.logpdf(z) - prior.log_prob(np.array([[z]]))[0]), -5, 6)
    # A kink at 0, of Laplace, costs quadrature digits.
    assert coordinates(([[0.7]], [[0.4]]), prior).kl[0] == pytest.approx(expected, abs=2e-3)


def test_coordinates_that_are_not_used_are_not_active():
    x = RNG.standard_normal((500, 2))
    mean = np.column_stack([x[:, 0], 0.01 * x[:, 1], 0.2 * x[:, 1]])
    scale = np.column_stack([np.full(500, 0.1), np.ones(500), np.ones(500)])
    found = coordinates((mean, scale), lot.Normal(3))
    assert found.active.tolist() == [True, False, True]
    assert found.kl[1] == pytest.approx(0, abs=1e-4)
    assert coordinates((mean, scale), lot.Cauchy(3)).active.tolist() == [True, False, True]


def test_each_coordinate_has_its_own_law():
    prior = lot.ProductPrior([scipy.stats.norm(), scipy.stats.norm(2, 3)])
    found = coordinates((np.array([[0.0, 2.0]]), np.array([[1.0, 3.0]])), prior)
    np.testing.assert_allclose(found.kl, 0, atol=1e-9)


def test_a_posterior_beyond_the_support_is_infinitely_far():
    assert coordinates(([[0.9]], [[1.0]]), lot.Uniform(1, low=-1, high=1)).kl[0] == np.inf


def test_draws_around_an_example_go_out_along_the_same_lines():
    mean, scale = RNG.standard_normal((1, 2, 3)), RNG.uniform(0.5, 1, (1, 2, 3))
    found = around((mean, scale), 1_000, scales=(0.5, 2), rng=0)
    assert found.shape == (2, 1_000, 2, 3)
    np.testing.assert_allclose(found[1] - mean, 4 * (found[0] - mean))
    np.testing.assert_allclose(found[1].std(axis=0), 2 * scale[0], rtol=0.1)


def test_the_grid_goes_through_its_three_latents_and_is_flat():
    z = RNG.standard_normal((3, 2, 4))
    grid, at = latent_grid(*z, steps=7, margin=0.25)
    assert grid.shape == (7, 7, 2, 4)
    zero, one = int(np.abs(at).argmin()), int(np.abs(at - 1).argmin())
    assert at[[0, -1]].tolist() == [-0.25, 1.25]
    np.testing.assert_allclose([grid[zero, zero], grid[zero, one], grid[one, zero]], z, atol=1e-12)
    flat = (grid - z[0]).reshape(49, -1)
    assert np.linalg.matrix_rank(flat) == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: reconstruction(np.ones((3, 2)), np.ones((2, 2))), r"of the data, \(3, 2\), got \(2, 2\)"),
        (lambda: reconstruction(np.ones((3, 2)), np.full((3, 2), np.nan)), "3 of 3 are not"),
        (lambda: coordinates(([[0.0]], [[1.0]]), lot.Sphere(2)), "independent coordinates"),
        (lambda: coordinates(([[0.0]], [[1.0]]), lot.Normal(2)), r"have shape \(n, 2\)"),
        (lambda: coordinates(([[0.0]], [[0.0]]), lot.Normal(1)), "scales above 0"),
        (
            lambda: coordinates(lot.Posterior(np.zeros((1, 1)), np.ones((1, 1)), law="cauchy"), lot.Normal(1)),
            "these are cauchy",
        ),
        (lambda: around((np.zeros((2, 3)), np.ones((2, 3))), 5, rng=0), "of one example"),
        (lambda: around((np.zeros((1, 3)), np.ones((1, 3))), 5, scales=(0,), rng=0), "at scales above 0"),
        (lambda: latent_grid(np.zeros(2), np.ones(2), 2 * np.ones(2)), "do not lie on a line"),
        (lambda: latent_grid(np.zeros(2), np.ones(3), np.ones(2)), "latents of one shape"),
        (lambda: latent_grid(*np.eye(3), steps=1), "2 steps or more"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
