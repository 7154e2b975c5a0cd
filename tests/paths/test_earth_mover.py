import pickle

import numpy as np
import pytest
import torch
from scipy import stats

import latentot as lot
from latentot.transport import TRANSPORTS, Exact


def test_on_a_normal_prior_the_map_is_the_known_one():
    prior = lot.Normal(8)
    z0, z1 = prior.sample(4_000, rng=0), prior.sample(4_000, rng=1)
    for t in (0.25, 0.5):
        points = lot.interpolation("earth-mover", prior, rng=2)(z0, z1, t)
        expected = ((1 - t) * z0 + t * z1) / np.sqrt((1 - t) ** 2 + t**2)
        # The map is learned from 20,000 points: its entries have a standard error of 1 / sqrt(20,000) = 0.007.
        np.testing.assert_allclose(points, expected, atol=0.3)
        assert np.sqrt(np.mean((points - expected) ** 2)) < 0.05


def test_points_are_never_those_fitted_on():
    prior = lot.Normal(4)
    path = lot.interpolation("earth-mover", prior, transport="exact", n_fit=500, rng=0)
    unseen = lot.interpolation("linear", prior)(prior.sample(4_000, rng=1), prior.sample(4_000, rng=2), 0.5)
    judge = lot.drift("sliced-wasserstein").against(prior.sample(40_000, rng=3), rng=0)
    carried = path.map_at(0.5)(unseen)
    assert judge(carried).value < 0.5 * judge(unseen).value
    assert judge(carried).value > judge(prior.sample(4_000, rng=4)).value


def test_the_same_seed_gives_the_same_map_in_whatever_order():
    prior = lot.Normal(4)
    z0, z1 = prior.sample(10, rng=0), prior.sample(10, rng=1)
    first = lot.interpolation("earth-mover", prior, rng=5, n_fit=1_000)
    second = lot.interpolation("earth-mover", prior, rng=5, n_fit=1_000)
    forward = [first(z0, z1, t) for t in (0.1, 0.5)]
    backward = [second(z0, z1, t) for t in (0.5, 0.1)][::-1]
    np.testing.assert_array_equal(forward, backward)


def test_maps_at_nearby_positions_agree():
    prior = lot.Normal(4)
    z0, z1 = prior.sample(1_000, rng=0), prior.sample(1_000, rng=1)
    path = lot.interpolation("earth-mover", prior, rng=5)
    step = np.abs(path(z0, z1, 0.5) - path(z0, z1, 0.501)).max()
    assert step < 0.02


def test_an_empirical_prior_is_fitted_on_its_own_samples_and_a_transport_may_be_given():
    samples = np.random.default_rng(0).gamma(2.0, size=(600, 3))
    path = lot.interpolation("earth-mover", lot.Empirical(samples), transport=Exact(max_points=100), rng=0)
    z0, z1 = np.random.default_rng(1).gamma(2.0, size=(2, 50, 3))
    assert np.isfinite(path(z0, z1, 0.5)).all()


def test_t_and_one_minus_t_share_a_map_and_its_report_is_at_hand():
    path = lot.interpolation("earth-mover", lot.Normal(4), n_fit=2_000, rng=0)
    for t in (0.1, 0.3, 0.45):
        assert path.map_at(t) is path.map_at(1 - t)
    fitted = path.map_at(0.1)
    # Held out, 400 points: squared displacement of the true map is 4 (1 - sqrt(0.82))^2 = 0.036.
    assert fitted.report.held_out.displacement == pytest.approx(0.036, rel=0.3)
    assert fitted.map.choice in fitted.map.reports
    assert fitted.map.choice in fitted.map.reason


EXACT = [
    lot.Uniform(3),
    lot.Laplace(3),
    lot.StudentT(3, df=3),
    lot.Cauchy(3),
    lot.Sphere(3),
    lot.MultivariateT(3, df=3),
    lot.GammaNorm(3),
    lot.Normal(3, scale=[1e-3, 1, 1e3]),
]


# One t for each prior, both for a law of coordinates and one of norms.
@pytest.mark.parametrize(
    ("prior", "t"),
    [*((prior, (0.1, 0.5)[k % 2]) for k, prior in enumerate(EXACT)), (EXACT[0], 0.5), (EXACT[4], 0.5)],
    ids=str,
)
def test_what_is_known_of_the_prior_makes_the_map_the_closed_form(prior, t):
    path = lot.interpolation("earth-mover", prior, n_fit=5_000, rng=0)
    z0, z1 = prior.sample(2_000, rng=1), prior.sample(2_000, rng=2)
    points, known = path(z0, z1, t), lot.interpolation("matched", prior)(z0, z1, t)
    assert not prior.outside(points).any()
    scale = np.median(np.abs(known), axis=0)
    # A quantile of 280,000 draws is right to 0.3 % of the scale; the table of a norm in three dimensions as much.
    assert (np.median(np.abs(points - known), axis=0) < 0.01 * scale).all()
    report = path.map_at(t).report
    assert report.n_fitted == 280_000
    assert "280,000 draws of a" in report.limit
    assert report.limit in str(report)


@pytest.mark.parametrize("transport", sorted(set(TRANSPORTS.names()) - {"auto", "marginal"}))
@pytest.mark.parametrize("prior", [lot.Uniform(3), lot.Sphere(3), lot.ProductPrior(stats.expon(), 3)])
def test_other_transports_keep_the_support(transport, prior):
    path = lot.interpolation("earth-mover", prior, transport=transport, n_fit=300, rng=0)
    assert not prior.outside(path(prior.sample(500, rng=1), prior.sample(500, rng=2), 0.5)).any()


def test_latents_of_many_coordinates_need_no_points_to_fit():
    prior = lot.Normal((4, 128, 128))
    path = lot.interpolation("earth-mover", prior, n_fit=20_000, rng=0)
    z0, z1 = prior.sample(2, rng=1), prior.sample(2, rng=2)
    np.testing.assert_allclose(path(z0, z1, 0.5), (z0 + z1) / 2**0.5, atol=0.2)


def test_torch_latents_go_through_with_gradients():
    prior = lot.Laplace(3)
    path = lot.interpolation("earth-mover", prior, n_fit=2_000, rng=0)
    ends = [torch.tensor(prior.sample(20, rng=seed), requires_grad=True) for seed in (1, 2)]
    points = path(*ends, 0.3)
    np.testing.assert_allclose(points.detach().numpy(), path(*(end.detach().numpy() for end in ends), 0.3), rtol=1e-9)
    points.sum().backward()
    assert all((end.grad > 0).all() for end in ends)


@pytest.mark.parametrize("t", [0, 1, -0.5, float("nan")])
def test_no_map_is_learned_at_endpoints(t):
    path = lot.interpolation("earth-mover", lot.Normal(4), n_fit=100, rng=0)
    with pytest.raises(lot.InputError, match="0 < t < 1"):
        path.map_at(t)


def test_endpoints_come_back_bit_for_bit():
    prior = lot.Normal(4)
    z0, z1 = prior.sample(20, rng=0), prior.sample(20, rng=1)
    at_0, at_1 = lot.interpolation("earth-mover", prior, n_fit=100, rng=0)(z0, z1, [0, 1])
    np.testing.assert_array_equal(at_0, z0)
    np.testing.assert_array_equal(at_1, z1)


@pytest.mark.parametrize("replace", [False, True])
def test_latents_known_by_float32_samples_only(replace):
    samples = np.random.default_rng(0).gamma(2.0, size=(3_000, 2, 2)).astype(np.float32)
    path = lot.interpolation("earth-mover", lot.Empirical(samples, replace=replace), n_fit=1_500, rng=0)
    z0, z1 = np.random.default_rng(1).gamma(2.0, size=(2, 2_000, 2, 2)).astype(np.float32)
    points = path(z0, z1, 0.5)
    assert points.dtype == np.float32
    assert path.map_at(0.5).report.n_fitted == (1_500 if replace else 1_200)  # else a fifth is held out
    # Of gamma(2) the midpoint has half the variance, 1; of 8,000 values the estimate has a standard error of 2 %, the
    # map's own is 5 %.
    assert points.var() == pytest.approx(2, rel=0.25)


@pytest.mark.parametrize("transport", TRANSPORTS.names())
def test_every_transport_serves(transport):
    prior = lot.Normal(3)
    path = lot.interpolation("earth-mover", prior, transport=transport, n_fit=600, rng=0)
    points = path(prior.sample(4_000, rng=1), prior.sample(4_000, rng=2), 0.5)
    # The entropic map keeps points in, by its regularisation.
    assert points.std() == pytest.approx(1, abs=0.25 if transport == "sinkhorn" else 0.1)


@pytest.mark.parametrize("transport", TRANSPORTS.names())
def test_what_one_has_learned_another_knows(transport):
    """As processes and workers of a cluster do: plain pickles travel to both."""
    prior = lot.Normal(4)
    one, other = (lot.interpolation("earth-mover", prior, transport=transport, n_fit=200, rng=seed) for seed in (0, 1))
    key = one.fit_key(0.5)
    other.set_fitted(key, pickle.loads(pickle.dumps(one.fit(key))))  # noqa: S301 - made here
    z0, z1 = prior.sample(50, rng=2), prior.sample(50, rng=3)
    np.testing.assert_array_equal(other(z0, z1, 0.5), one(z0, z1, 0.5))
