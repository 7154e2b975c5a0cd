"""Profiles against closed forms: linear midpoints of normal draws shrink by sqrt(t^2 + (1 - t)^2)."""

import functools

import numpy as np
import pytest

import latentot as lot
from latentot.study.spec.study import Study
from latentot.study.work.plan import Plan
from latentot.study.work.profile import MIDDLE, PAIRS, QUANTILES, ProfileCell, positions_of

DIM, N = 8, 4000


def profile(prior: str, method: object, **settings: object) -> dict[str, np.ndarray]:
    study = Study.of(
        prior=prior, dim=DIM, methods=["linear", method], pairs=N, seed=3, repeats=1, null_draws=99, **settings
    )
    plan = Plan("profile", study)
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
    found = profile("cauchy", "cauchy")
    shift, width = found["coordinates"]
    assert np.abs(shift).max() < 0.1
    assert width == pytest.approx(1, abs=0.2)
