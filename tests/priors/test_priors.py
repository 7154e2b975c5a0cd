import numpy as np
import pytest
import scipy.stats
import torch

import latentot as lot
from latentot import priors
from latentot.priors import (
    GammaNorm,
    GaussianMixture,
    Laplace,
    Logistic,
    MultivariateT,
    Sphere,
    StudentT,
    named_prior,
)

MIXTURE = GaussianMixture(
    np.random.default_rng(1).standard_normal((3, 2, 3)),
    factors=0.6 * np.eye(6) + 0.15 * np.random.default_rng(2).standard_normal((3, 6, 6)),
    weights=[1, 2, 3],
)
PRIORS = [
    lot.Normal(6),
    lot.Normal(6, mean=1, scale=0.5),
    Laplace(6),
    Logistic((3, 2)),
    StudentT(6, df=2.5),
    Sphere((2, 3)),
    MultivariateT(6, df=3),
    GammaNorm((1, 6)),
    MIXTURE,
    lot.Normal((2, 3)),
    lot.Uniform(6, low=0, high=2),
    lot.Cauchy((6,)),
    lot.ProductPrior(scipy.stats.gumbel_r(), 6),
    lot.Empirical(np.random.default_rng(0).standard_normal((50, 2, 3))),
]


@pytest.fixture(params=PRIORS, ids=repr, name="prior")
def a_prior(request):
    return request.param


def test_samples_have_the_shape_and_are_those_of_the_seed(prior):
    drawn = prior.sample(7, rng=3)
    assert drawn.shape == (7, *prior.shape)
    assert drawn.dtype == np.float64
    assert prior.dim == 6
    np.testing.assert_array_equal(drawn, prior.sample(7, rng=np.random.default_rng(3)))
    assert not np.array_equal(drawn, prior.sample(7, rng=4))
    assert prior.sample(0, rng=0).shape == (0, *prior.shape)


def test_what_is_drawn_is_in_the_support(prior):
    assert not prior.outside(prior.sample(50, rng=0)).any()
    assert not prior.outside(prior.sample(50, rng=0).astype(np.float32)).any()
    assert prior.outside(prior.sample(0, rng=0)).shape == (0,)


@pytest.mark.parametrize(
    ("prior", "known"),
    [
        (lot.Normal(4), scipy.stats.multivariate_normal(np.zeros(4))),
        (lot.Normal(4, mean=1, scale=2), scipy.stats.multivariate_normal(np.ones(4), 4 * np.eye(4))),
        (MultivariateT(4, df=3), scipy.stats.multivariate_t(np.zeros(4), df=3)),
        (MultivariateT(4, df=1), scipy.stats.multivariate_t(np.zeros(4), df=1)),
        (MultivariateT(1, df=1), scipy.stats.multivariate_t(np.zeros(1), df=1)),
    ],
    ids=lambda value: repr(value) if isinstance(value, lot.Prior) else type(value).__name__,
)
def test_log_prob_is_that_of_scipy(prior, known):
    z = prior.sample(20, rng=0)
    np.testing.assert_allclose(prior.log_prob(z), np.atleast_1d(known.logpdf(z)), rtol=1e-11)
    tensor = torch.tensor(z, requires_grad=True)
    density = prior.log_prob(tensor)
    np.testing.assert_allclose(density.detach().numpy(), prior.log_prob(z), rtol=1e-12)
    density.sum().backward()
    assert torch.isfinite(tensor.grad).all()


def test_log_prob_of_products_and_of_many_axes():
    z = lot.Normal((2, 3)).sample(5, rng=0)
    for prior, known in (
        (lot.Normal((2, 3)), scipy.stats.norm()),
        (Laplace((2, 3)), scipy.stats.laplace()),
        (Logistic((2, 3)), scipy.stats.logistic()),
        (StudentT((2, 3), df=2.5), scipy.stats.t(2.5)),
    ):
        np.testing.assert_allclose(prior.log_prob(z), known.logpdf(z).sum(axis=(1, 2)))
        assert prior.log_prob(z[0]).shape == ()


def test_log_prob_of_an_isotropic_prior_agrees_with_that_of_a_product():
    isotropic = lot.Normal(7)
    z = isotropic.sample(9, rng=0)

    class ByItsNorm(lot.Prior):
        shape, marginal, radius = (7,), None, isotropic.radius

        def _draw(self, n, rng):
            raise NotImplementedError

    np.testing.assert_allclose(ByItsNorm().log_prob(z), isotropic.log_prob(z), rtol=1e-12)
    assert np.isfinite(ByItsNorm().log_prob(np.zeros((1, 7)))).all()


def test_the_gamma_norm_density_is_that_of_its_norm_over_the_area_of_spheres():
    z = np.array([[0.3, 0.4], [3.0, 4.0]])
    r = np.array([0.5, 5.0])
    wanted = scipy.stats.halfnorm.logpdf(r) - np.log(2 * np.pi * r)
    np.testing.assert_allclose(GammaNorm(2).log_prob(z), wanted)


def test_the_density_of_a_mixture_is_the_weighted_sum():
    z = MIXTURE.sample(30, rng=0)
    parts = [
        weight * scipy.stats.multivariate_normal(mean, factor @ factor.T).pdf(z.reshape(30, 6))
        for mean, factor, weight in zip(MIXTURE.means, MIXTURE.factors, MIXTURE.weights, strict=True)
    ]
    np.testing.assert_allclose(MIXTURE.log_prob(z), np.log(sum(parts)), rtol=1e-10)
    np.testing.assert_allclose(MIXTURE.log_prob(torch.tensor(z)).numpy(), MIXTURE.log_prob(z), rtol=1e-12)
    by_covariance = GaussianMixture(
        MIXTURE.means.reshape(3, 2, 3), MIXTURE.factors @ MIXTURE.factors.transpose(0, 2, 1), weights=[1, 2, 3]
    )
    np.testing.assert_allclose(by_covariance.log_prob(z), MIXTURE.log_prob(z), rtol=1e-10)


def test_draws_of_a_mixture_have_its_mean_and_covariance():
    z = MIXTURE.sample(200_000, rng=0).reshape(-1, 6)
    mean = MIXTURE.weights @ MIXTURE.means
    second = sum(
        w * (a @ a.T + np.outer(m, m)) for w, m, a in zip(MIXTURE.weights, MIXTURE.means, MIXTURE.factors, strict=True)
    )
    # Six standard errors: of coordinates of standard deviation below 2, and of products of variance below 20.
    np.testing.assert_allclose(z.mean(axis=0), mean, atol=6 * 2 / np.sqrt(200_000))
    np.testing.assert_allclose(z.T @ z / len(z), second, atol=6 * np.sqrt(20 / 200_000))


@pytest.mark.parametrize("prior", [Sphere(3), lot.Empirical(np.eye(3))], ids=repr)
def test_a_prior_without_a_density_says_so(prior):
    with pytest.raises(lot.InputError, match="no density"):
        prior.log_prob(np.zeros((2, 3)))


@pytest.mark.parametrize(
    "prior", [lot.Normal((5, 2), scale=3), MultivariateT((5, 2), df=2), GammaNorm((5, 2), theta=0.5)], ids=repr
)
def test_norms_follow_the_radius_law_and_directions_are_uniform(prior):
    z = prior.sample(20_000, rng=0).reshape(-1, 10)
    norms = np.linalg.norm(z, axis=1)
    # Three priors, two tests each, at level 1e-6: a false alarm in 6e-6 of all seeds, and the seed is fixed.
    assert scipy.stats.kstest(norms, prior.radius.cdf).pvalue > 1e-6
    # The square of a coordinate of a uniform direction is Beta(1/2, (d - 1)/2).
    share = (z[:, 3] / norms) ** 2
    assert scipy.stats.kstest(share, scipy.stats.beta(0.5, 4.5).cdf).pvalue > 1e-6
    assert abs((z / norms[:, None]).mean(axis=0)).max() < 6 / np.sqrt(10 * 20_000)


def test_the_sphere_is_uniform():
    z = Sphere(3).sample(20_000, rng=0)
    np.testing.assert_allclose(np.linalg.norm(z, axis=1), 1, rtol=1e-14)
    # Archimedes: each coordinate is uniform on [-1, 1].
    assert scipy.stats.kstest(z[:, 1], scipy.stats.uniform(-1, 2).cdf).pvalue > 1e-6


def test_coordinates_of_a_multivariate_t_are_student_t_and_not_independent():
    z = MultivariateT(4, df=3).sample(20_000, rng=0)
    assert scipy.stats.kstest(z[:, 2], scipy.stats.t(3).cdf).pvalue > 1e-6
    # Of independent coordinates the rank correlation of sizes would be below 6 / sqrt(n) = 0.04.
    assert scipy.stats.spearmanr(abs(z[:, 0]), abs(z[:, 1])).statistic > 0.1


def test_outside_marks_the_rows_that_the_prior_cannot_draw():
    rows = np.array([[0.0, 1.0], [0.0, 1.0 + 1e-9], [-1.5, 0.0]])
    np.testing.assert_array_equal(lot.Uniform(2).outside(rows), [False, True, True])
    np.testing.assert_array_equal(Sphere(2).outside(np.array([[0.6, 0.8], [0.6, 0.8001], [0.0, 0.0]])), [0, 1, 1])
    assert not Sphere(2).outside(np.array([[0.6, 0.80005]], dtype=np.float32)).any()
    np.testing.assert_array_equal(lot.ProductPrior(scipy.stats.expon(), 2).outside(rows), [False, False, True])
    assert not lot.Normal(2).outside(1e30 * rows).any()
    assert not lot.Uniform(1, high=0.1).outside(np.array([[0.1]], dtype=np.float32)).any()


def test_only_a_centred_normal_has_a_radius_law():
    assert lot.Normal(3, mean=1).radius is None
    assert lot.Normal(3, scale=2).radius is not None


def test_norms_of_the_normal_prior_follow_its_radius_law():
    norms = np.linalg.norm(lot.Normal(100).sample(20_000, rng=0), axis=1)
    law = lot.Normal(100).radius
    assert norms.mean() == pytest.approx(9.975, abs=0.02)  # sd of the mean 0.005: four of them
    assert scipy.stats.kstest(norms, law.cdf).pvalue > 1e-6


def test_an_empirical_prior_refuses_more_than_it_has_and_draws_different_rows():
    samples = np.arange(20.0).reshape(10, 2)
    drawn = lot.Empirical(samples).sample(10, rng=0)
    np.testing.assert_array_equal(np.sort(drawn, axis=0), samples)
    with pytest.raises(lot.InputError, match="without replacement"):
        lot.Empirical(samples).sample(11, rng=0)
    assert lot.Empirical(samples, replace=True).sample(11, rng=0).shape == (11, 2)


def test_the_halves_of_an_empirical_prior_share_no_sample():
    fit, judge = lot.Empirical(np.arange(22.0).reshape(11, 2)).split(rng=0)
    both = np.concatenate([fit.samples, judge.samples])
    assert len(np.unique(both, axis=0)) == 11


def test_an_empirical_prior_keeps_its_own_copy():
    samples = np.zeros((4, 2))
    prior = lot.Empirical(samples)
    samples += 1
    assert not prior.samples.any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: lot.Normal(0), "positive number"),
        (lambda: lot.Normal(2.5), "positive number"),
        (lambda: lot.Normal(()), "positive number"),
        (lambda: lot.Normal(2, scale=0), "scale > 0"),
        (lambda: lot.Normal(2, mean=np.nan), "finite mean"),
        (lambda: StudentT(2, df=0.1), "between 0.5 and 1000"),
        (lambda: StudentT(2, df=np.nan), "between 0.5 and 1000"),
        (lambda: MultivariateT(2, df=np.inf), "finite degrees"),
        (lambda: GammaNorm(2, theta=-1), "theta > 0"),
        (lambda: GaussianMixture(np.zeros(3), factors=np.zeros(3)), "means have shape"),
        (lambda: GaussianMixture(np.zeros((2, 3))), "either covariances or factors"),
        (lambda: GaussianMixture(np.zeros((2, 3)), factors=np.zeros((2, 2, 2))), r"have shape \(2, 3, 3\)"),
        (lambda: GaussianMixture(np.zeros((1, 2)), [-np.eye(2)]), "positive definite"),
        (lambda: GaussianMixture(np.zeros((1, 2)), [np.eye(2)], weights=[-1]), "positive numbers"),
        (lambda: GaussianMixture([[np.nan, 0.0]], [np.eye(2)]), "finite"),
        (lambda: named_prior("student-t", 2), "df"),
        (lambda: lot.Normal(3).log_prob(np.zeros((2, 4))), r"shape \(\.\.\., "),
        (lambda: lot.Uniform(2, low=1, high=1), "low < high"),
        (lambda: lot.Uniform(2, low=0, high=np.inf), "low < high"),
        (lambda: lot.Empirical(np.zeros(3)), "shape"),
        (lambda: lot.Empirical(np.full((3, 2), np.nan)), "finite"),
        (lambda: lot.Empirical(np.zeros((3, 2), dtype=int)), "floating-point"),
        (lambda: lot.Empirical(np.zeros((3, 2))).split(rng=0), "too few"),
        (lambda: lot.Sphere(1), "two coordinates or more"),
        (lambda: lot.Sphere((1, 1)), "two coordinates or more"),
        (lambda: lot.Normal(2).sample(-1, rng=0), "at least 0"),
        (lambda: lot.Normal(2).sample(1e3, rng=0), "how many latents to draw, is a whole number, got 1000.0"),
        (lambda: lot.Normal(2).sample((3, 2), rng=0), "a whole number, got .3, 2."),
        (lambda: lot.Normal(2).sample(3, rng="0"), "rng is a seed, such as 0, or a numpy.random.Generator, got '0'"),
        (lambda: lot.Normal(2).sample(3, rng=-1), "rng is a seed"),
        (lambda: lot.Normal(2).log_prob([[0.0, 1.0]]), "latents are an array, got list: numpy.asarray"),
        (lambda: named_prior("norml", 2), "did you mean 'normal'"),
        (lambda: named_prior("normal", 2, low=3), "unknown option of the prior .normal. .low."),
    ],
)
def test_bad_input_is_one_clear_line(make, message):
    with pytest.raises(lot.InputError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)


# Samples of a file are Empirical: see test_from_file.py.
@pytest.mark.parametrize("name", [name for name in priors.PRIORS.names() if name != "npz"])
def test_a_named_prior_is_the_public_class_of_that_name(name):
    prior = named_prior(name, 2, **({"df": 3} if name in {"student-t", "multivariate-t"} else {}))
    assert prior.name == name
    assert prior.sample(3, rng=0).shape == (3, 2)
    assert eval(repr(prior), {kind: getattr(priors, kind) for kind in priors.__all__}) == prior  # noqa: S307
