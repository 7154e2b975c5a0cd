import itertools

import numpy as np
import pytest
from sklearn.covariance import EmpiricalCovariance

import latentot as lot


def u_statistic(z):
    """Mean of ((z_i - z_j)^T (z_k - z_l))^2 / 4 over all i, j, k, l that differ."""
    return np.mean(
        [((z[i] - z[j]) @ (z[k] - z[h])) ** 2 / 4 for i, j, k, h in itertools.permutations(range(len(z)), 4)]
    )


@pytest.mark.parametrize("d", [1, 2, 12])
def test_the_value_is_the_u_statistic(d):
    rng = np.random.default_rng(d)
    z, reference = rng.laplace(size=(7, d)) + 1, rng.standard_normal((8, d)) * 2
    found = lot.drift("covariance").against(reference, rng=0)(z)
    cross = (np.cov(z.T) * np.cov(reference.T)).sum()
    size = u_statistic(reference)
    assert found.value == pytest.approx((u_statistic(z) - 2 * cross + size) / size, rel=1e-9)


def test_the_raw_value_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    z, reference = rng.standard_normal((60, 5)) * 0.7, rng.standard_normal((90, 5))
    found = lot.drift("covariance").against(reference, rng=0)(z)
    theirs = EmpiricalCovariance().fit(reference)
    # Theirs divide by the number of points.
    theirs.covariance_ = theirs.covariance_ * 90 / 89
    expected = theirs.error_norm(np.cov(z.T), squared=True, scaling=False)
    assert found.raw == pytest.approx(expected / np.square(theirs.covariance_).sum(), rel=1e-9)


@pytest.mark.parametrize("draw", ["standard_normal", "laplace"])
def test_it_is_unbiased_where_nothing_drifts(draw):
    rng = np.random.default_rng(0)
    found = []
    for _ in range(200):
        z, reference = (getattr(rng, draw)(size=(30, 20)) for _ in range(2))
        found.append(lot.drift("covariance").against(reference, rng=0)(z))
    values, raw, *_ = np.array(found).T
    # Two-sided at four standard errors: false alarm 6e-5. The denominator is of the sample: a second-order effect.
    assert abs(values.mean()) < 4 * values.std() / np.sqrt(200)
    assert raw.mean() > 0.5


@pytest.mark.parametrize("d", [2, 64])
def test_shrinkage_is_the_closed_form(d):
    prior = lot.Normal(d)
    y = (prior.sample(10_000, rng=0) + prior.sample(10_000, rng=1)) / 2
    found = lot.drift("covariance").against(prior.sample(100_000, rng=2), rng=0)(y)
    # d(1 - s)^2 = 2 (1 - s) ds, and s has sd s sqrt(2 / (n d)): four of it.
    assert found.value == pytest.approx(0.25, abs=4 * 0.5 * np.sqrt(2 / (10_000 * d)))


def test_correlation_that_no_coordinate_shows_is_seen():
    prior, rho = lot.Normal(8), 0.3
    z, reference = prior.sample(10_000, rng=0), prior.sample(50_000, rng=1)
    z[:, 1] = rho * z[:, 0] + np.sqrt(1 - rho**2) * z[:, 1]
    # 2 rho^2 / d; rho has sd 0.01 and counts 4 rho / d: four of it.
    assert lot.drift("covariance")(z, reference, rng=0) == pytest.approx(2 * rho**2 / 8, abs=0.006)
    assert lot.drift("marginal-ks")(z, reference, rng=0) < 0.02


def test_a_reference_without_spread_is_refused():
    with pytest.raises(lot.InputError, match="needs reference points that vary"):
        lot.drift("covariance").against(np.ones((20, 3)), rng=0)
