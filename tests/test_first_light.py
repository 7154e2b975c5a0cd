"""What the whole is for, on the prior that everyone uses: N(0, I_64), t = 1/2, 4,000 pairs."""

import numpy as np
import pytest

import latentot as lot

PRIOR = lot.Normal(64)


@pytest.fixture(scope="module", name="result")
def comparison():
    methods = ["linear", "spherical", "cauchy"]
    # With 20 null draws a method that keeps the prior is called drifting with probability 1 / 21; the seed is fixed.
    metrics = ["sliced-wasserstein", "norm-wasserstein", "marginal-ks", "mmd", "emd"]
    return lot.compare(PRIOR, methods, metrics, t=[0.5], n=4_000, repeats=1, null_draws=20, seed=1)


@pytest.fixture(name="rows")
def rows_by_method_and_metric(result):
    return result.results.set_index(["method", "metric"])


def test_linear_shrinks_by_the_square_root_of_a_half_and_drifts(result, rows):
    assert rows.value["linear", "sliced-wasserstein"] == pytest.approx(0.2929, rel=0.02)
    norms = result.outcome.artefacts
    centres = (norms["norms/edges"][1:] + norms["norms/edges"][:-1]) / 2
    mean = {kind: np.average(centres, weights=norms[f"norms/prior/{kind}"].ravel()) for kind in ("linear", "reference")}
    assert mean["linear"] / mean["reference"] == pytest.approx(0.7071, rel=0.002)
    verdict = result.verdict().set_index("method").verdict
    assert verdict["linear"] == "drifts"
    assert verdict["cauchy"] != "drifts"
    assert verdict["spherical"] == "drifts"


def test_spherical_hides_in_projections_and_shows_in_norms(rows):
    sliced, norms = rows.loc[("spherical", "sliced-wasserstein")], rows.loc[("spherical", "norm-wasserstein")]
    assert sliced.value < 1.3 * sliced.null_mean
    assert norms.value == pytest.approx(0.17, abs=0.02)
    assert norms.null_mean < 0.02
    assert norms.drifts


def test_debiased_emd_has_the_right_sign_where_the_raw_one_has_not(rows):
    linear = rows.loc[("linear", "emd")]
    assert linear.value > linear.null_hi
    assert linear.value > 0
    assert linear.raw == pytest.approx(61.9, abs=1.5)
    # Raw, two samples of the prior are farther apart than the midpoints are from the prior.
    assert linear.raw < rows.raw["cauchy", "emd"] == pytest.approx(79.8, abs=1.5)


def test_nothing_is_reported_without_its_null_band(rows):
    for column in ("null_mean", "null_lo", "null_hi", "p_value", "p_adjusted"):
        assert rows[column].notna().all()
    assert (rows.null_lo <= rows.null_hi).all()
    assert (rows.n_null == 20).all()
    assert rows.n_used.xs("mmd", level="metric").eq(2_000).all()
    assert rows.n_used.xs("emd", level="metric").eq(1_000).all()
