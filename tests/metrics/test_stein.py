"""ksd, and the score that it is made of."""

import mpmath
import numpy as np
import pytest
import scipy.integrate
import scipy.stats

import latentot as lot
from latentot.metrics.score import score_of

PRIORS = {
    "normal": lot.Normal(3, mean=1, scale=[0.5, 1, 4]),
    "laplace": lot.Laplace(3),
    "logistic": lot.Logistic(3),
    "student": lot.StudentT(3, df=2),
    "cauchy": lot.Cauchy(3),
    "isotropic": lot.MultivariateT(3, df=1.5),
    "laws": lot.ProductPrior([scipy.stats.gumbel_r(scale=2), scipy.stats.norm(loc=3), scipy.stats.t(df=4)]),
}


@pytest.mark.parametrize("name", PRIORS)
def test_the_score_is_the_gradient_of_the_log_density(name):
    prior = PRIORS[name]
    z = prior.sample(200, rng=0)
    z = z[(np.abs(z) > 0.01).all(axis=1)]  # the Laplace density has a kink at 0
    found = score_of(prior)(z)
    for j in range(3):
        step = 1e-5 * (1 + np.abs(z[:, j]))[:, None] * np.eye(3)[j]
        slope = (prior.log_prob(z + step) - prior.log_prob(z - step)) / (2 * step[:, j])
        np.testing.assert_allclose(found[:, j], slope, atol=2e-6, rtol=1e-5)


def test_scores_in_closed_form():
    z = np.array([[0.3, -2.0], [40.0, 1e-3]])
    np.testing.assert_allclose(score_of(lot.Normal(2, mean=1, scale=2))(z), -(z - 1) / 4, rtol=1e-9)
    np.testing.assert_allclose(score_of(lot.Laplace(2))(z), -np.sign(z), rtol=1e-9)
    np.testing.assert_allclose(score_of(lot.Cauchy(2))(z), -2 * z / (1 + z**2), rtol=1e-8)
    squares = np.square(z).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(score_of(lot.MultivariateT(2, df=3))(z), -5 * z / (3 + squares), rtol=1e-8)


def width_of(prior, rng):
    """Half the median distance as the metric draws it, by another route."""
    from latentot.metrics.metric import stream

    generator = stream(rng)
    generator.integers(2**63)
    return 0.5 * np.median(scipy.spatial.distance.pdist(prior.sample(1_000, rng=generator)))


@pytest.mark.parametrize("name", ["normal", "student", "isotropic"])
def test_the_value_is_that_of_a_double_loop_with_numerical_derivatives(name):
    prior = PRIORS[name]
    z = prior.sample(7, rng=1)
    length = mpmath.mpf(width_of(prior, 5))
    laws = {
        "normal": lambda p: sum(-((c - 1) ** 2) / (2 * s**2) for c, s in zip(p, (0.5, 1, 4), strict=True)),
        "student": lambda p: sum(-mpmath.mpf(3) / 2 * mpmath.log(1 + c**2 / 2) for c in p),
        "isotropic": lambda p: -mpmath.mpf(9) / 4 * mpmath.log(1 + sum(c**2 for c in p) / mpmath.mpf(1.5)),
    }
    log_p = laws[name]

    def kernel(*both):
        return (1 + sum((a - b) ** 2 for a, b in zip(both[:3], both[3:], strict=True)) / length**2) ** -0.5

    def score(p):
        return [mpmath.diff(lambda *q: log_p(q), p, tuple(int(i == j) for i in range(3))) for j in range(3)]

    def stein(x, y):
        at, found = (*x, *y), mpmath.mpf(0)
        for j, (a, b) in enumerate(zip(score(x), score(y), strict=True)):
            by_x, by_y = [int(i == j) for i in range(6)], [int(i == j + 3) for i in range(6)]
            both = tuple(map(sum, zip(by_x, by_y, strict=True)))
            found += a * b * kernel(*at) + a * mpmath.diff(kernel, at, tuple(by_y))
            found += b * mpmath.diff(kernel, at, tuple(by_x)) + mpmath.diff(kernel, at, both)
        return found

    with mpmath.workdps(30):
        rows = [tuple(map(mpmath.mpf, row)) for row in z]
        sums = [[stein(x, y) for y in rows] for x in rows]
    pairs = sum(sums[i][j] for i in range(7) for j in range(7) if i != j) * length**2
    alone = sum(sums[i][i] for i in range(7)) * length**2
    found = lot.drift("ksd").against(prior, rng=5)(z)
    assert found.value == pytest.approx(float(pairs / 42), rel=1e-8)
    assert found.raw == pytest.approx(float((pairs + alone) / 49), rel=1e-8)


@pytest.mark.parametrize(("scale", "shift", "d"), [(0.7, 0.0, 4), (1.0, 0.5, 2), (1.3, 0.2, 8)])
def test_the_mean_over_normal_samples_is_an_integral(scale, shift, d):
    """k is a mixture of Gaussians, (1 + u)^(-1/2) = integral of e^(-w (1 + u)) / sqrt(pi w) dw.

    The Stein operator of N(0, I) takes N(m, s^2 I) to s(x) + x's own score less, so that
    E h = E b(x).b(x') k(x, x'), b(x) = -x + (x - m) / s^2, x, x' ~ N(m, s^2 I).
    """
    prior = lot.Normal(d)
    length, slope, mean = width_of(prior, 3), 1 / scale**2 - 1, -shift

    def integrand(root):
        w = root**2  # w = root^2 takes the singularity at 0 away
        g = 2 * w / length**2  # e^(-g |x - x'|^2 / 2), x - x' ~ N(0, 2 s^2)
        base = (1 + 2 * scale**2 * g) ** (-d / 2)
        # Under that weight x - x' has variance v and x + x' keeps 2 s^2: E x.x' = d (2 s^2 - v) / 4.
        v = 2 * scale**2 / (1 + 2 * scale**2 * g)
        products = d * ((2 * scale**2 - v) / 4 * slope**2 + mean**2)
        return 2 / np.sqrt(np.pi) * np.exp(-w) * base * products

    expected = length**2 * scipy.integrate.quad(integrand, 0, np.inf)[0]
    judge = lot.drift("ksd").against(prior, rng=3)
    values = [judge(prior.sample(400, rng=[d, i]) * scale + shift).value for i in range(100)]
    # Two-sided at four standard errors: false alarm 6e-5.
    assert np.mean(values) == pytest.approx(expected, abs=4 * np.std(values) / 10)


@pytest.mark.parametrize("name", PRIORS)
def test_the_mean_is_0_under_the_prior(name):
    judge = lot.drift("ksd").against(PRIORS[name], rng=0)
    values = np.array([judge(PRIORS[name].sample(100, rng=[1, i])).value for i in range(300)])
    # Two-sided at four standard errors: false alarm 6e-5 each.
    assert abs(values.mean()) < 4 * values.std() / np.sqrt(300)


@pytest.mark.parametrize(
    "drifted",
    [
        lambda z: z / 1.2,
        lambda z: z + 0.12,
        lambda z: z * np.sqrt(3 / np.random.default_rng(9).chisquare(3, (len(z), 1))),
        lambda z: z * np.where(np.arange(8) == 0, 0.4, 1),
    ],
    ids=["shrunk", "shifted", "heavier tails", "one coordinate shrunk"],
)
def test_sees_drift_of_every_kind(drifted):
    prior = lot.Normal(8)
    judge = lot.drift("ksd").against(prior, rng=0)
    null = [judge(prior.sample(1_000, rng=i)).value for i in range(20)]
    # Of 20 null values a further one lies beyond 6 of their standard deviations with a chance of about 1e-5.
    assert judge(drifted(prior.sample(1_000, rng=50))).value > np.mean(null) + 6 * np.std(null)


def test_a_sample_far_from_the_prior_still_knows_its_own_distances():
    prior = lot.Normal(2)
    z = prior.sample(300, rng=0)
    near, far = (lot.drift("ksd")(z + shift, prior, rng=0) / shift**2 for shift in (1e4, 1e8))
    assert far == pytest.approx(near, rel=1e-3)


@pytest.mark.parametrize(
    ("prior", "reason"),
    [
        (lot.Uniform(3), "ends at 1, where Stein's identity fails"),
        (lot.Sphere(3), "ends at 1, where Stein's identity fails"),
        (lot.ProductPrior(scipy.stats.expon(), 3), "ends at 0, where Stein's identity fails"),
        (lot.GammaNorm(3), "no variance, as its density is infinite at the origin"),
        (lot.GaussianMixture([[0.0, 1.0]], factors=[np.eye(2)]), "neither a marginal law nor a law of the norm"),
        (lot.Empirical(np.random.default_rng(0).standard_normal((50, 3))), "neither a marginal law nor"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_priors_without_stein_identity_are_refused_in_one_line(prior, reason):
    for refused in (lambda: lot.drift("ksd").check(prior), lambda: lot.drift("ksd").against(prior, rng=0)):
        with pytest.raises(lot.InputError, match=f"^ksd needs a prior with a score .*{reason}") as caught:
            refused()
        assert "\n" not in str(caught.value)


def test_more_points_than_are_used_are_left_out_at_random():
    prior = lot.Normal(2)
    z = prior.sample(500, rng=0) * np.linspace(0.5, 1.5, 500)[:, None]
    found = lot.drift("ksd", max_points=100).against(prior, rng=0)(z)
    assert found.n_used == 100
    assert found.value != lot.drift("ksd").against(prior, rng=0)(z[:100]).value


def test_few_draws_do_for_the_width_in_many_dimensions():
    """Of N(0, I) in a million dimensions ten draws are taken: their distances are sqrt(2 d) within 1e-3."""
    prior = lot.Normal((1_000, 1_000))
    found = lot.drift("ksd").against(prior, rng=0)(prior.sample(2, rng=1))
    # V-statistic: |s|^2 + d on the diagonal, times l^2 = d / 2 and 1 respectively, in units of l; pairs add little.
    assert found.raw == pytest.approx((1e6 * 0.5e6 + 1e6) / 2, rel=1e-2)
