import numpy as np
import ot
import pytest
import scipy.stats

import latentot as lot
from latentot.metrics import drift

NAMES = ["frechet", "gaussian-kl"]


def correlated(n, seed):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, 4)) @ rng.standard_normal((4, 4)) + rng.standard_normal(4)


def test_raw_frechet_is_the_bures_distance_of_pot():
    z, reference = correlated(60, 0), correlated(90, 1)
    expected = ot.gaussian.bures_wasserstein_distance(
        z.mean(axis=0), reference.mean(axis=0), np.cov(z.T), np.cov(reference.T)
    )
    assert drift("frechet").against(reference, rng=0)(z).raw == pytest.approx(expected**2, rel=1e-9)


def test_raw_kl_is_the_expected_log_ratio_of_scipys_normal_laws():
    z, reference = correlated(60, 0), correlated(90, 1)
    own = scipy.stats.multivariate_normal(z.mean(axis=0), np.cov(z.T))
    known = scipy.stats.multivariate_normal(reference.mean(axis=0), np.cov(reference.T))
    # A quadratic function's expectation is its mean over points that have exactly these moments.
    root = np.linalg.cholesky(own.cov_object.covariance) * np.sqrt(4)
    points = own.mean + np.concatenate([root.T, -root.T])
    expected = (own.logpdf(points) - known.logpdf(points)).mean()
    assert drift("gaussian-kl").against(reference, rng=0)(z).raw == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("name", "sd"), [("frechet", 9), ("gaussian-kl", 3)])
@pytest.mark.parametrize(("n", "m"), [(400, 400), (300, 3_000)])
def test_debiased_and_as_noisy_as_stated_where_nothing_drifts(name, sd, n, m):
    d, runs = 16, 100
    rng = np.random.default_rng(n)
    found = []
    for _ in range(runs):
        found.append(drift(name).against(rng.standard_normal((m, d)), rng=rng)(rng.standard_normal((n, d))))
    values, raw, *_ = np.array(found).T
    stated = np.sqrt(d * (d + sd)) * (1 / n + 1 / m) / 2
    left = d / (7 * n) * raw.mean() if name == "frechet" else 0
    # Two-sided at four standard errors: false alarm 6e-5. The sd of 100 values is known to 7 %; five of that.
    assert abs(values.mean()) < 4 * stated / np.sqrt(runs) + left
    assert values.std() == pytest.approx(stated, rel=0.36)
    assert raw.mean() > 4 * stated


def test_kl_is_exactly_unbiased_for_few_normal_points():
    d, n, m, runs = 12, 18, 22, 400
    rng = np.random.default_rng(0)
    found = [
        drift("gaussian-kl").against(rng.standard_normal((m, d)), rng=0)(0.7 * rng.standard_normal((n, d)) + 0.2)
        for _ in range(runs)
    ]
    values, raw, *_ = np.array(found).T
    expected = d / 2 * (0.49 + 0.04 - 1 - np.log(0.49))
    # Two-sided at four standard errors: false alarm 6e-5.
    assert abs(values.mean() - expected) < 4 * values.std() / np.sqrt(runs)
    assert raw.mean() > 4 * expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("law", ["laplace", "on a sphere"])
@pytest.mark.parametrize(("n", "m"), [(400, 400), (200, 2_000)])
def test_debiased_for_laws_that_are_not_normal(name, law, n, m):
    d, runs = 16, 100
    rng = np.random.default_rng(1)

    def draw(n):
        if law == "laplace":
            return rng.laplace(size=(n, d)) / np.sqrt(2)
        z = rng.standard_normal((n, d))
        return z / np.linalg.norm(z, axis=1, keepdims=True) * 4

    found = np.array([drift(name).against(draw(m), rng=0)(draw(n))[:2] for _ in range(runs)])
    # With only what is right for normal points taken off KL is 0.06 of Laplace's and -0.033 of the sphere's points, for
    # the reference's sake in the first case and for the points' in the second; the standard error is 0.006.
    assert abs(found[:, 0].mean()) < 0.025
    assert found[:, 1].mean() > 0.35


@pytest.mark.parametrize("name", NAMES)
def test_a_shift_alone_is_its_square(name):
    z, reference = lot.Normal(4).sample(4_000, rng=0), lot.Normal(4).sample(40_000, rng=1)
    z[:, 0] += 1
    expected = {"frechet": 1.0, "gaussian-kl": 0.5}[name]
    # The shift has sd 0.0166 and counts twice: four of it.
    assert drift(name)(z, reference, rng=0) == pytest.approx(expected, rel=0.14)


def test_kl_does_not_depend_on_the_coordinates():
    rng = np.random.default_rng(0)
    z, reference = rng.standard_normal((300, 4)) * 0.8, rng.standard_normal((900, 4))
    mixing = rng.standard_normal((4, 4)) * [1e-4, 1.0, 1.0, 1e4]
    first, second = (
        drift("gaussian-kl")(z, reference, rng=0),
        drift("gaussian-kl")(z @ mixing, reference @ mixing, rng=0),
    )
    assert first == pytest.approx(second, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("frechet", lambda z: z[:19], "needs at least 2 d points, 20 here, got 19"),
        ("gaussian-kl", lambda z: z[:12], r"needs at least d \+ 3 points, 13 here, got 12"),
        ("gaussian-kl", lambda z: z * ([0] + [1] * 9), "is infinite: 1 of 10 coordinates of the points are constant"),
        ("gaussian-kl", lambda z: z[:, [0, *range(9)]], "of the points are linear functions of others"),
    ],
)
def test_what_cannot_be_measured_is_told_in_one_line(name, change, message):
    z, reference = lot.Normal(10).sample(50, rng=0), lot.Normal(10).sample(50, rng=1)
    with pytest.raises(lot.InputError, match=message):
        drift(name)(change(z), reference, rng=0)
    with pytest.raises(lot.InputError, match=message.replace("points", "(reference )?points")):
        drift(name).against(change(reference), rng=0)(z)


def test_frechet_takes_coordinates_that_are_constant_or_the_same():
    z, reference = lot.Normal(3).sample(500, rng=0), lot.Normal(3).sample(5_000, rng=1)
    z[:, 1], z[:, 2] = 0, z[:, 0]
    # |C^1/2 - C'^1/2|^2 with C = [[1, 0, 1], [0, 0, 0], [1, 0, 1]]: tr C + 3 - 2 sqrt(2).
    assert drift("frechet")(z, reference, rng=0) == pytest.approx(5 - 2 * np.sqrt(2), abs=0.3)
