import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.priors import named_prior, prior_names

PRIORS = [
    lot.Normal(6),
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


def test_log_prob_is_that_of_scipy():
    z = lot.Normal((2, 3)).sample(5, rng=0)
    expected = scipy.stats.norm.logpdf(z).sum(axis=(1, 2))
    np.testing.assert_allclose(lot.Normal((2, 3)).log_prob(z), expected)
    with pytest.raises(lot.InputError, match="no density"):
        PRIORS[-1].log_prob(z)


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
        (lambda: lot.Uniform(2, low=1, high=1), "low < high"),
        (lambda: lot.Uniform(2, low=0, high=np.inf), "low < high"),
        (lambda: lot.Empirical(np.zeros(3)), "shape"),
        (lambda: lot.Empirical(np.full((3, 2), np.nan)), "finite"),
        (lambda: lot.Empirical(np.zeros((3, 2), dtype=int)), "floating-point"),
        (lambda: lot.Empirical(np.zeros((3, 2))).split(rng=0), "too few"),
        (lambda: lot.Normal(2).sample(-1, rng=0), "at least 0"),
        (lambda: named_prior("norml", 2), "did you mean 'normal'"),
        (lambda: named_prior("normal", 2, low=3), "does not take"),
    ],
)
def test_bad_input_is_one_clear_line(make, message):
    with pytest.raises(lot.InputError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_named_priors_are_the_public_ones():
    assert {type(named_prior(name, 2)) for name in prior_names()} == {lot.Normal, lot.Uniform, lot.Cauchy}
