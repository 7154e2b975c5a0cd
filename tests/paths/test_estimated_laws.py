"""Methods that need laws, on priors that are known by samples only."""

import pickle

import numpy as np
import pytest
import torch
from scipy import stats

import latentot as lot
from latentot.paths.laws import DISTRIBUTION
from latentot.paths.sample_sum import sample_sum
from latentot.priors.sample_law import SampleLaw

RNG = np.random.default_rng(0)
NUMBER = {"gamma": stats.gamma(2), "bimodal": None, "Student t": stats.t(3)}


def drawn(law, size, rng):
    if law == "bimodal":
        return rng.choice([-2.0, 2.0], size) + 0.1 * rng.standard_normal(size)
    return NUMBER[law].rvs(size, random_state=rng)


@pytest.mark.parametrize("law", NUMBER)
@pytest.mark.parametrize("weights", [(0.5, 0.5), (0.25, 0.75), (1.0, -1.0), (0.2, 0.3, 0.5)])
def test_the_law_of_a_sum_is_that_of_sums_drawn(law, weights):
    own = SampleLaw.of(drawn(law, 20_000, np.random.default_rng(0)))
    sums = sum(weight * own.sample((40_000,), rng=np.random.default_rng(i)) for i, weight in enumerate(weights))
    # Kolmogorov: above 1.95 / sqrt(n) once in a thousand; the table adds what cubic pieces leave.
    assert stats.kstest(sums, sample_sum(own, weights).cdf).statistic < 1.95 / 200 + 0.002


def empirical(n=12_000):
    return lot.Empirical(np.stack([drawn(law, n, RNG) for law in NUMBER], axis=1))


@pytest.fixture(name="halves", scope="module")
def _halves():
    return empirical().split(rng=1)


@pytest.mark.parametrize(
    ("name", "options"), [("cauchy", {}), ("matched", {}), ("stable", {}), ("stable", {"alpha": 2})]
)
def test_independent_coordinates_are_kept_within_the_error_of_the_samples(name, options, halves):
    fit, judge = halves
    path = lot.interpolation(name, fit, **options)
    z0, z1 = np.split(judge.sample(6_000, rng=2), 2)
    fresh = empirical(20_000).samples
    for t in (0.25, 0.5):
        distance = max(stats.ks_2samp(path(z0, z1, t)[:, j], fresh[:, j]).statistic for j in range(3))
        # Above 1.95 sqrt(1/3,000 + 1/20,000 + 1/6,000) once in a thousand, for each of three coordinates.
        assert distance < 1.95 * (1 / 3_000 + 1 / 20_000 + 1 / 6_000) ** 0.5
    assert DISTRIBUTION not in path.claims()
    assert "generalised Pareto" in repr(path)


def test_norms_are_kept_where_directions_are_uniform():
    fit, judge = lot.Empirical(lot.MultivariateT(5, df=3).sample(8_000, rng=0)).split(rng=1)
    path = lot.interpolation("spherical-cauchy", fit)
    z0, z1 = np.split(judge.sample(4_000, rng=2), 2)
    norms = np.linalg.norm(path(z0, z1, 0.5), axis=1)
    # Above 1.95 sqrt(1/2,000 + 1/4,000) once in a thousand.
    assert stats.kstest(norms, lot.MultivariateT(5, df=3).radius.cdf).statistic < 1.95 * (1 / 2_000 + 1 / 4_000) ** 0.5
    assert DISTRIBUTION not in path.claims()


def test_of_dependent_coordinates_only_a_normal_copula_is_kept_and_by_alpha_2_alone():
    factor = np.array([[1.0, 0.0], [0.9, np.sqrt(1 - 0.81)]])
    codes = lot.Empirical(np.exp(np.random.default_rng(0).standard_normal((20_000, 2)) @ factor.T))
    fit, judge = codes.split(rng=1)
    z0, z1 = np.split(judge.sample(10_000, rng=2), 2)
    found = {}
    for name, options in {"stable": {"alpha": 2}, "cauchy": {}}.items():
        points = lot.interpolation(name, fit, **options)(z0, z1, 0.5)
        found[name] = stats.spearmanr(points).statistic
    known = 6 / np.pi * np.arcsin(0.9 / 2)
    # A standard error of about (1 - rho^2) / sqrt(5,000) = 0.003.
    assert found["stable"] == pytest.approx(known, abs=0.01)
    assert found["cauchy"] < known - 0.02


def test_points_beyond_all_samples_have_a_way(halves):
    fit, _ = halves
    far = np.full((1, 3), 1e3)
    for name in ("cauchy", "matched", "stable"):
        points = lot.interpolation(name, fit)(far, -far, [0.0, 0.1, 0.5, 1.0])
        assert np.isfinite(points).all()
        np.testing.assert_array_equal(points[[0, -1]], [far, -far])


def test_they_travel_and_serve_torch(halves):
    fit, judge = halves
    z0, z1 = np.split(judge.sample(20, rng=2), 2)
    for name in ("cauchy", "matched"):
        path = lot.interpolation(name, fit)
        there = pickle.loads(pickle.dumps(path))  # noqa: S301 - our own
        np.testing.assert_array_equal(there(z0, z1, 0.3), path(z0, z1, 0.3))
        points = path(torch.tensor(z0), torch.tensor(z1), 0.3)
        np.testing.assert_allclose(points.numpy(), path(z0, z1, 0.3), rtol=1e-9, atol=1e-9)


def test_the_verdict_calls_them_approximate():
    codes = lot.Empirical(np.random.default_rng(0).gamma(2.0, size=(8_000, 2)))
    result = lot.compare(codes, ["linear", "cauchy"], metrics=["marginal-ks"], t=0.5, n=300, repeats=1, null_draws=20)
    verdicts = result.verdict().set_index("method")
    assert verdicts.loc["cauchy", "theory"] == "approximate"
    assert verdicts.loc["linear", "theory"] == "not claimed"


def test_samples_that_tell_no_law_are_refused_in_one_line():
    with pytest.raises(lot.InputError, match="60 samples or more, got 50"):
        lot.interpolation("cauchy", lot.Empirical(RNG.standard_normal((50, 2))))
    dead = RNG.standard_normal((100, 2)) * [1, 0]
    with pytest.raises(
        lot.InputError, match="coordinate 1 of the samples: no law is estimated from a sample that does"
    ):
        lot.interpolation("matched", lot.Empirical(dead))
    assert "cauchy" not in lot.interpolations(lot.Empirical(dead))
