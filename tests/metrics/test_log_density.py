import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.metrics.log_density import expected_log_density


@pytest.mark.parametrize("s", [0.5, 0.82, 2.0])
@pytest.mark.parametrize("d", [2, 64])
def test_a_change_of_scale_is_the_closed_form(s, d):
    prior = lot.Normal((d, 1))
    found = lot.drift("log-density")(prior.sample(20_000, rng=0) * np.sqrt(s), prior, rng=0)
    # The sd of a point's |z|^2 / 2 is s sqrt(d / 2): four of the mean's.
    assert found == pytest.approx(d / 2 * abs(1 - s), abs=4 * s * np.sqrt(d / 2 / 20_000))


PRIORS = [
    lot.Normal(4, mean=1, scale=3),
    lot.Uniform(4),
    lot.Cauchy(4),
    lot.Laplace(4),
    lot.StudentT(4, df=2),
    lot.MultivariateT((2, 2), df=2),
    lot.GammaNorm(4),
]


@pytest.mark.parametrize("prior", PRIORS, ids=repr)
def test_the_expectation_is_the_mean_over_draws(prior):
    log_p = prior.log_prob(prior.sample(100_000, rng=0))
    # Two-sided at four standard errors: false alarm 6e-5.
    expected = pytest.approx(log_p.mean(), abs=4 * log_p.std() / np.sqrt(100_000) + 1e-9)
    assert expected_log_density(prior, np.random.default_rng(0)) == expected


def test_laws_that_are_known_by_their_density_alone_are_integrated_by_draws():
    # One component: the entropy of N(0, C) is known.
    factor = np.array([[1.0, 0.0], [0.8, 0.6]])
    prior = lot.GaussianMixture([[1.0, 2.0]], factors=[factor])
    exact = -(1 + np.log(2 * np.pi)) - np.log(abs(np.linalg.det(factor)))
    # sd(log p) / sqrt(200,000), the stated error: log p has sd 1 in two dimensions. Four of them.
    assert expected_log_density(prior, np.random.default_rng(0)) == pytest.approx(exact, abs=4 / 447)
    z = prior.sample(50_000, rng=1)
    assert lot.drift("log-density")(z, prior, rng=2) < 4 * (1 / 447 + 1 / np.sqrt(50_000))


def test_points_without_density_are_told_in_one_line():
    prior = lot.ProductPrior(scipy.stats.beta(2, 3), 3)
    z = prior.sample(50, rng=0)
    z[7] = 2
    with pytest.raises(lot.InputError, match="1 of 50 points have no density under ProductPrior"):
        lot.drift("log-density")(z, prior, rng=0)


def test_a_law_under_which_all_points_are_alike_is_refused():
    with pytest.raises(lot.InputError, match="sees nothing under Uniform"):
        lot.drift("log-density").against(lot.Uniform(3), rng=0)
