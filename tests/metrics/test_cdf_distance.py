import itertools
from inspect import signature

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.metrics.cdf_distance import (
    anderson_darling,
    anderson_darling_to_law,
    kolmogorov_smirnov,
    kolmogorov_smirnov_to_law,
    largest_kolmogorov_smirnov,
)

# Its name before SciPy 1.17.
RIGHT = {"variant": "right"} if "variant" in signature(scipy.stats.anderson_ksamp).parameters else {"midrank": False}


def two_samples(n, m, ties, seed=0):
    rng = np.random.default_rng(seed)
    z, reference = np.sort(rng.standard_normal(n) * 0.9 + 0.1), np.sort(rng.standard_normal(m))
    return (z.round(1), reference.round(1)) if ties else (z, reference)


def standard_deviation(n, m):
    """Of A^2 where nothing drifts: Scholz and Stephens (1987), equation 4, for two samples."""
    total = n + m
    h, big_h = (1 / np.arange(1, total)).sum(), 1 / n + 1 / m
    i = np.arange(1, total - 1)
    g = ((1 / (total - i)) * (h - np.cumsum(1 / np.arange(1, total))[i - 1])).sum()
    k = 2
    a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * big_h
    b = (2 * g - 4) * k**2 + 8 * h * k + (2 * g - 14 * h - 4) * big_h - 8 * h + 4 * g - 6
    c = (6 * h + 2 * g - 2) * k**2 + (4 * h - 4 * g + 6) * k + (2 * h - 6) * big_h + 4 * h
    d = (2 * h + 6) * k**2 - 4 * h * k
    return np.sqrt((a * total**3 + b * total**2 + c * total + d) / ((total - 1) * (total - 2) * (total - 3)))


@pytest.mark.parametrize("shape", [(20, 30), (300, 200), (50, 500), (7, 4)])
@pytest.mark.parametrize("ties", [False, True])
def test_two_sample_distances_are_those_of_scipy(shape, ties):
    z, reference = two_samples(*shape, ties)
    assert kolmogorov_smirnov(z, reference) == pytest.approx(scipy.stats.ks_2samp(z, reference).statistic, abs=1e-12)
    method = scipy.stats.PermutationMethod(n_resamples=9, rng=0)
    theirs = scipy.stats.anderson_ksamp([z, reference], **RIGHT, method=method).statistic
    assert (anderson_darling(z, reference)[0] - 1) / standard_deviation(*shape) == pytest.approx(theirs, rel=1e-10)


@pytest.mark.parametrize("kind", ["normal", "ties", "shifted"])
def test_bounds_leave_out_no_coordinate_that_is_largest(kind):
    for seed in range(100):
        rng = np.random.default_rng(seed)
        z, reference = rng.standard_normal((6, rng.integers(2, 400))), rng.standard_normal((6, rng.integers(100, 3000)))
        if kind == "ties":
            z, reference = z.round(1), reference.round(1)
        if kind == "shifted":
            z += rng.normal(0, 0.3, (6, 1))
        z, reference = np.sort(z), np.sort(reference)
        each = [kolmogorov_smirnov(*pair) for pair in zip(z, reference, strict=True)]
        assert largest_kolmogorov_smirnov(z, reference) == pytest.approx(max(each), abs=1e-12)


@pytest.mark.parametrize("pooled", [[1, 2, 3, 4, 5, 6, 7], [1, 1, 2, 3, 3, 3, 9], [1, 1, 1, 1, 2, 2, 2], [5] * 7])
def test_mean_by_chance_is_that_of_all_permutations(pooled):
    values = np.array(pooled, dtype=np.float64)
    found = []
    for chosen in itertools.combinations(range(7), 3):
        inside = np.isin(np.arange(7), chosen)
        found.append(anderson_darling(values[inside], values[~inside]))
    statistics, by_chance = np.array(found).T
    np.testing.assert_allclose(statistics.mean(), by_chance, rtol=1e-12)


@pytest.mark.parametrize("n", [5, 200])
@pytest.mark.parametrize(
    ("prior", "theirs"),
    [
        (lot.Normal(1, mean=1, scale=2), scipy.stats.norm(1, 2)),
        (lot.Uniform(1), scipy.stats.uniform(-1, 2)),
        (lot.Cauchy(1), scipy.stats.cauchy()),
        (lot.ProductPrior(scipy.stats.gumbel_r(), 1), scipy.stats.gumbel_r()),
    ],
)
def test_distances_to_a_law_are_those_of_scipy(n, prior, theirs):
    z = np.sort(theirs.rvs(n, random_state=n) * 0.9)
    assert kolmogorov_smirnov_to_law(z, prior.marginal) == pytest.approx(
        scipy.stats.kstest(z, theirs.cdf).statistic, abs=1e-12
    )
    known = dict(zip(("loc", "scale"), theirs.args, strict=False))
    known = {"loc": 0, "scale": 1, **known}
    fit = scipy.stats.goodness_of_fit(theirs.dist, z, known_params=known, statistic="ad", n_mc_samples=9, rng=0)
    assert anderson_darling_to_law(z, prior.marginal) == pytest.approx(fit.statistic, rel=1e-9)


def test_one_number_has_the_closed_form_of_anderson_and_darling():
    # -1 - log F(z) - log(1 - F(z)): the mean over u of -log u - log(1 - u) is 2.
    assert anderson_darling_to_law(np.array([0.25]), lot.Uniform(1, low=0, high=1).marginal) == pytest.approx(
        -1 - np.log(0.25) - np.log(0.75)
    )


def test_numbers_at_the_end_of_the_support_and_beyond_are_unlikely_and_not_infinitely_so():
    law = lot.Uniform(1).marginal
    inside = np.linspace(-0.999, 0.999, 500)
    one = [anderson_darling_to_law(np.append(inside[:-1], end), law) for end in (1.0, 1.5)]
    assert one[0] == one[1] > anderson_darling_to_law(inside, law)
    # Of the law's mean distance of 1 by chance one point in two beyond the end is a thousandfold.
    assert 1_000 < anderson_darling_to_law(np.append(inside[:250], np.full(250, 1.5)), law) < np.inf


def test_distances_to_a_law_are_exact_in_the_tails():
    law = lot.Normal(1).marginal
    # log(1 - Phi(40)) = -804.6, where 1 - Phi(40) is less than any float.
    assert anderson_darling_to_law(np.array([40.0]), law) == pytest.approx(-1 - scipy.stats.norm.logsf(40), rel=1e-12)
