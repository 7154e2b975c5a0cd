import numpy as np
import ot
import pytest

import latentot as lot

D = 16


def stretched(z, scale):
    return z * np.r_[scale, np.ones(z.shape[1] - 1)]


@pytest.mark.parametrize("d", [2, 64])
@pytest.mark.parametrize("scale", [0.6, 1.5])
def test_one_stretched_direction_is_the_closed_form_whatever_the_dimension(d, scale):
    prior = lot.Normal(d)
    value = lot.drift("max-sliced")(stretched(prior.sample(20_000, rng=0), scale), prior.sample(100_000, rng=1), rng=2)
    # The sd of the stretched coordinate's standard deviation is 1.5 / sqrt(40,000) = 0.0075: four of them below; the
    # search adds what chance has elsewhere, at most sqrt(64 / 20,000) = 0.06 in quadrature.
    assert abs(1 - scale) - 0.03 < value < np.hypot(abs(1 - scale), 0.06) + 0.03


@pytest.mark.parametrize("d", [2, 64])
def test_a_shift_along_any_direction_is_its_length(d):
    prior, rng = lot.Normal(d), np.random.default_rng(d)
    shift = rng.standard_normal(d)
    shift *= 0.5 / np.linalg.norm(shift)
    value = lot.drift("max-sliced")(prior.sample(20_000, rng=0) + shift, prior.sample(100_000, rng=1), rng=2)
    assert 0.5 - 0.03 < value < np.hypot(0.5, 0.06) + 0.03


def test_a_direction_that_neither_means_nor_variances_show_is_climbed_to():
    rng = np.random.default_rng(0)
    z, reference = rng.standard_normal((5_000, 4)), rng.standard_normal((5_000, 4))
    # Two atoms at -1 and 1 have the variance of N(0, 1), W2^2 = 2 - 2 E|N| = 0.404 away.
    z[:, 0] = rng.choice([-1.0, 1.0], 5_000)
    rotation = np.linalg.qr(rng.standard_normal((4, 4)))[0]
    value = lot.drift("max-sliced")(z @ rotation, reference, rng=0)
    assert value == pytest.approx(np.sqrt(2 - 2 * np.sqrt(2 / np.pi)), rel=0.05)


@pytest.mark.parametrize("drift", [lambda z: z, lambda z: z + 0.1, lambda z: z * 0.9])
def test_at_least_the_largest_of_pots_random_directions(drift):
    rng = np.random.default_rng(0)
    z, reference = drift(rng.standard_normal((2_000, D))), rng.standard_normal((3_000, D))
    value = lot.drift("max-sliced")(z, reference, rng=0)
    assert value >= ot.max_sliced_wasserstein_distance(z, reference, n_projections=500, seed=1)
    # No direction is farther than the best of a long search from many starts, up to what a local maximum misses.
    assert value < 1.05 * longest_search(z, reference[:2_000]) + 0.02


def longest_search(z, reference):
    rng = np.random.default_rng(7)
    v, farthest = rng.standard_normal((20, z.shape[1])), 0.0
    for _ in range(30):
        v /= np.linalg.norm(v, axis=1, keepdims=True)
        x, y = z @ v.T, reference @ v.T
        pairs = z[x.argsort(axis=0)] - reference[y.argsort(axis=0)]
        gaps = np.sort(x, axis=0) - np.sort(y, axis=0)
        farthest = max(farthest, np.square(gaps).mean(axis=0).max())
        v += 0.5 * np.einsum("nk,nkd->kd", gaps, pairs) / np.square(gaps).sum(axis=0)[:, None]
    return np.sqrt(farthest)


def test_bias_where_nothing_drifts_is_as_stated():
    for n, d in ((1_000, 16), (4_000, 64)):
        prior = lot.Normal(d)
        judge = lot.drift("max-sliced").against(prior.sample(10 * n, rng=0), rng=1)
        null = np.mean([judge(prior.sample(n, rng=seed)).value for seed in range(2, 7)])
        assert 0.7 < null / np.sqrt(d / n) < 1.4


def test_coordinates_beyond_the_eigenvectors_are_climbed_without_them():
    prior = lot.Normal(600)
    z, reference = prior.sample(300, rng=0), prior.sample(400, rng=1)
    value = lot.drift("max-sliced")(z + 0.2, reference, rng=2)
    assert value > 0.2 * np.sqrt(600)


def test_a_sample_against_itself_is_0():
    z = lot.Normal(3).sample(100, rng=0)
    assert lot.drift("max-sliced")(z, z, rng=0) == pytest.approx(0, abs=1e-3)


def test_a_constant_coordinate_stops_no_search():
    prior = lot.Normal(3)
    z, reference = (np.pad(prior.sample(2_000, rng=seed), ((0, 0), (0, 2))) for seed in (0, 1))
    z[:, 0] *= 0.5
    assert lot.drift("max-sliced")(z, reference, rng=2) == pytest.approx(0.5, abs=0.06)
