import numpy as np
import ot
import pytest
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.metrics.sinkhorn import sinkhorn_divergence
from latentot.numerics.entropic import annealed, scaled, self_potential


def entropic_cost(x, y, eps, *, barred=False):
    """<P, C> + eps KL(P | uniform) of POT's plan in the log domain."""
    costs = cdist(x, y, "sqeuclidean") / 2
    uniform = np.full(costs.shape, 1 / costs.size)
    if barred:
        np.fill_diagonal(costs, 1e6)
        np.fill_diagonal(uniform, 0)
        uniform /= uniform.sum()
    plan = ot.sinkhorn([], [], costs, eps, method="sinkhorn_log", numItermax=5_000, stopThr=1e-9, warn=False)
    known = plan > 1e-300
    return (plan * costs)[known].sum() + eps * (plan[known] * np.log(plan[known] / uniform[known])).sum()


def gaussian_divergence(d, scale, eps):
    """Between N(0, scale^2 I) and N(0, I): Janati, Muzellec, Peyré, Cuturi, NeurIPS 2020, theorem 1, halved."""

    def cost(a, b):
        root = np.sqrt(4 * a * b + eps**2)
        return d / 2 * (a + b - root + eps * (1 - np.log(2 * eps)) + eps * np.log(root + eps))

    return cost(scale**2, 1) - cost(scale**2, scale**2) / 2 - cost(1, 1) / 2


@pytest.mark.parametrize(("d", "blur"), [(1, 0.5), (2, 0.3), (8, 1.0), (64, 4.0)])
def test_divergence_is_that_of_pots_plan(d, blur):
    rng = np.random.default_rng(d)
    x, y = rng.standard_normal((90, d)) * 0.8 + 0.2, rng.standard_normal((120, d))
    eps = blur**2
    expected = entropic_cost(x, y, eps) - entropic_cost(x, x, eps) / 2 - entropic_cost(y, y, eps) / 2
    # Marginals to 0.1 % leave eps / 2 * 1e-6 in each cost.
    assert sinkhorn_divergence(x, y, blur) == pytest.approx(expected, abs=2e-6 * eps + 1e-6 * d)


@pytest.mark.parametrize("d", [1, 4, 64])
def test_metric_bars_matches_of_a_point_with_itself(d):
    rng = np.random.default_rng(d)
    z, reference = rng.standard_normal((150, d)) * 0.8, rng.standard_normal((150, d))
    eps = 2 * reference.var(axis=0).sum() / 9
    cross = entropic_cost(z, reference, eps)
    raw, value = (
        cross
        - entropic_cost(z, z, eps, barred=barred) / 2
        - entropic_cost(reference, reference, eps, barred=barred) / 2
        for barred in (False, True)
    )
    found = lot.drift("sinkhorn").against(reference, rng=0)(z)
    assert found.raw == pytest.approx(raw, abs=2e-6 * eps + 1e-6 * d)
    assert found.value == pytest.approx(value, abs=2e-6 * eps + 1e-6 * d)
    assert found.n_used == 150


@pytest.mark.parametrize("scale", [0.5, 0.8, 1.25])
def test_value_is_the_closed_form_of_gaussians(scale):
    prior, d = lot.Normal(2), 2
    values = [
        lot.drift("sinkhorn")(prior.sample(1_000, rng=2 * i) * scale, prior.sample(1_000, rng=2 * i + 1), rng=0)
        for i in range(10)
    ]
    # Four standard errors, two-sided, and what barring leaves at n = 1,000: false alarm 6e-5.
    margin = 4 * np.std(values) / np.sqrt(len(values)) + 0.001
    assert np.mean(values) == pytest.approx(gaussian_divergence(d, scale, 2 * d / 9), abs=margin)


@pytest.mark.parametrize("d", [2, 16, 64])
def test_mean_is_near_0_where_nothing_drifts(d):
    prior = lot.Normal(d)
    found = [
        lot.drift("sinkhorn").against(prior.sample(200, rng=2 * i), rng=0)(prior.sample(200, rng=2 * i + 1))
        for i in range(60)
    ]
    values, raw = np.array([f.value for f in found]), np.array([f.raw for f in found])
    # Half of a standard deviation is claimed; four standard errors more: false alarm 6e-5.
    assert abs(values.mean()) < (0.5 + 4 / np.sqrt(60)) * values.std()
    assert raw.mean() > 2 * values.std()


def test_debiased_where_the_raw_value_has_the_wrong_sign():
    prior = lot.Normal(256)
    judge = lot.drift("sinkhorn").against(prior.sample(1_000, rng=0), rng=1)
    null, shrunk = judge(prior.sample(1_000, rng=2)), judge(prior.sample(1_000, rng=3) / 2**0.5)
    assert shrunk.raw < null.raw
    assert shrunk.value > 0.2
    assert abs(null.value) < 0.05


def test_far_and_wide_samples_are_solved_too():
    rng = np.random.default_rng(0)
    reference = rng.standard_normal((300, 4))
    judge = lot.drift("sinkhorn").against(reference, rng=0)
    near = rng.standard_normal((300, 4))
    for z in (near * 10, near + 100, near * 1e-3, np.where(near[:, :1] > 1, near + 50, near - 50)):
        found = judge(z)
        assert found.raw > 0.5
        assert found.value == pytest.approx(found.raw, rel=0.3)


def test_scaling_that_has_not_converged_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(lot.InputError, match=r"entropic transport at a blur of 0\.001 has not converged") as caught:
        sinkhorn_divergence(rng.standard_normal((300, 8)), rng.standard_normal((300, 8)), 0.001)
    assert "\n" not in str(caught.value)


def test_a_reference_of_copies_has_no_blur():
    with pytest.raises(lot.InputError, match="all reference points coincide"):
        lot.drift("sinkhorn")(np.random.default_rng(0).standard_normal((50, 2)), np.ones((50, 2)), rng=0)


def test_potentials_meet_their_marginals():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((80, 2)), rng.standard_normal((50, 2)) + 3
    costs, eps = (cdist(x, y, "sqeuclidean") / 2).astype(np.float32), 0.05
    f, g, error = annealed(costs, eps, tolerance=1e-5)
    plan = np.exp((f[:, None] + g - costs) / eps)
    np.testing.assert_allclose(plan.mean(axis=0), 1, atol=1e-4)
    assert np.sqrt(np.square(plan.mean(axis=1) - 1).mean()) == pytest.approx(error, abs=2e-5)
    assert error <= 1e-5
    stopped = scaled(costs, annealed(costs, 1.0, tolerance=1e-5), eps, rounds=0)
    assert stopped.error <= 1e-5, "no round, no change"
    own = (cdist(y, y, "sqeuclidean") / 2).astype(np.float32)
    f, error = self_potential(own, eps, tolerance=1e-5)
    np.testing.assert_allclose(np.exp((f[:, None] + f - own) / eps).mean(axis=0), 1, atol=1e-4)


@pytest.mark.parametrize("seed", [11, 13, 16])
def test_heavy_tails_are_measured_or_refused_and_overflow_nothing(seed):
    """Warnings are errors in this suite: here the kernel overflowed before its exponents were cut off."""
    rng = np.random.default_rng(seed)
    z, reference = rng.standard_normal((2, 500, 2))
    z *= np.exp(1.2 * rng.standard_normal((500, 1)))
    judge = lot.drift("sinkhorn").against(reference, rng=0)
    try:
        assert judge(z).value > 0
    except lot.InputError as error:
        assert "has not converged" in str(error)  # noqa: PT017
