"""Profiles against closed forms: linear midpoints of normal draws shrink by sqrt(t^2 + (1 - t)^2)."""

import functools

import numpy as np
import pytest
from scipy import stats

import latentot as lot
from latentot.study.spec.study import Study
from latentot.study.work.plan import Plan
from latentot.study.work.profile import MIDDLE, PAIRS, QUANTILES, ProfileCell, positions_of

DIM, N = 8, 4000


def profile(prior: str, method: object, **settings: object) -> dict[str, np.ndarray]:
    study = Study.of(
        prior=prior, dim=DIM, methods=["linear", method], pairs=N, seed=3, repeats=1, null_draws=99, **settings
    )
    plan = Plan(f"profile {prior} {method} {settings}", study)  # what plans have is kept by their names
    population = plan.populations()[0]
    return dict(ProfileCell(population, study.methods[-1]).compute(plan))


def test_norms_and_drift_of_linear_follow_its_law():
    found, t = linear(), positions_of()
    scale = np.sqrt(t**2 + (1 - t) ** 2)
    expected = scale[:, None] * lot.Normal(DIM).radius.quantile(np.array(QUANTILES))
    assert found["norms"] == pytest.approx(expected, rel=0.06)  # a 5 % quantile of 4,000 norms is good to 1 %, 4 sd
    # Between N(0, s^2 I) and N(0, I), every direction has W2 = 1 - s.
    away = 1 - scale > 0.1
    assert found["drift/sliced-wasserstein"][away] == pytest.approx((1 - scale)[away], abs=0.03)
    assert (found["spread/sliced-wasserstein"] > 0).all()
    assert found["walks"].shape == (PAIRS, len(t))
    assert "drift/norm-wasserstein" not in found


def test_displacement_is_a_share_of_the_distance_whatever_the_tails():
    assert linear()["displacement"] == pytest.approx(np.zeros(9), abs=1e-12)
    # Half way between normal draws, matched is |z0 + z1| (1 / sqrt(2) - 1 / 2) off, and |z0 + z1| is as long as
    # |z1 - z0| by law, and independent of it: the mean of the ratio of two independent norms of 8 numbers.
    norm = stats.chi(DIM)
    ratio = norm.mean() * norm.expect(lambda x: 1 / x)
    matched = profile("normal", "matched", metrics=["norm-ks"])["displacement"]
    sd = np.sqrt(norm.expect(lambda x: x**2) * norm.expect(lambda x: x**-2) - ratio**2)
    assert matched[4] == pytest.approx((np.sqrt(0.5) - 0.5) * ratio, abs=5 * 0.21 * sd / np.sqrt(N))
    assert (matched[[0, -1]] < 1e-12).all()
    heavy = profile("cauchy", "spherical", metrics=["norm-ks"])["displacement"]
    assert (heavy[[0, -1]] < 1e-9).all()
    assert 0.05 < heavy[4] < 1


@functools.cache
def linear() -> dict[str, np.ndarray]:
    study = Study.of(prior="normal", dim=DIM, methods=["linear"], metrics=["sliced-wasserstein"], pairs=N, seed=3)
    plan = Plan("linear", study)
    return dict(ProfileCell(plan.populations()[0], study.methods[0]).compute(plan))


def test_coordinates_at_the_middle_have_the_width_of_the_method():
    shift, width = linear()["coordinates"]
    # Standard errors of a median and of the width between quartiles, in widths: 0.93 / sqrt(n) and 1.17 / sqrt(n), of
    # two samples; five of them.
    assert np.abs(shift).max() < 5 * 0.93 * np.sqrt(1.1 / N)
    assert width == pytest.approx(np.sqrt(MIDDLE), abs=5 * 1.17 * np.sqrt(1.1 / N))
    correlations = linear()["correlations"]
    assert np.diag(correlations) == pytest.approx(1)
    assert np.abs(correlations - np.eye(DIM)).max() < 5 / np.sqrt(N)


def test_a_method_is_not_fitted_for_its_profile():
    method = {"name": "earth-mover", "options": {"transport": "gaussian", "n_fit": 500}}
    found = profile("normal", method, t=[0.5], metrics=["norm-wasserstein"])
    # At the ends nothing is fitted; in between only the judged position is.
    assert np.isfinite(found["drift/norm-wasserstein"]).tolist() == [True, *[False] * 3, True, *[False] * 3, True]
    assert np.isfinite(found["norms"][4]).all()


def test_a_prior_without_moments_has_a_profile():
    found = profile("cauchy", "cauchy", metrics=["norm-ks"])
    shift, width = found["coordinates"]
    assert np.abs(shift).max() < 0.1
    assert width == pytest.approx(1, abs=0.2)
