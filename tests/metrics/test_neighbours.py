import numpy as np
import pytest
from scipy.spatial.distance import cdist

import latentot as lot


@pytest.mark.parametrize("d", [1, 3, 40])
def test_value_is_the_formula_by_brute_force(d):
    rng = np.random.default_rng(d)
    z, reference = rng.standard_normal((200, d)) * 0.8, rng.standard_normal((199, d))
    rho = np.sort(cdist(z, z), axis=1)[:, 5]  # the first is the point itself
    nu = np.sort(cdist(z, reference), axis=1)[:, 4]
    found = lot.drift("knn-kl").against(reference, rng=0)(z)
    assert found.value == pytest.approx(d * np.log(nu / rho).mean(), rel=1e-9)
    assert found.n_used == 200


@pytest.mark.parametrize(("n", "m", "used"), [(300, 200, 201), (200, 300, 200), (6, 100, 6), (6_000, 9_000, 5_000)])
def test_as_many_neighbours_to_find_in_both_samples(n, m, used):
    prior = lot.Normal(1)
    assert lot.drift("knn-kl").against(prior.sample(m, rng=0), rng=0)(prior.sample(n, rng=1)).n_used == used


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize(("scale", "shift"), [(0.5**0.5, 0), (1, 0.5), (0.8, 0.3)])
def test_value_is_the_closed_form_in_few_dimensions(d, scale, shift):
    prior, s = lot.Normal(d), scale**2
    judge = [lot.drift("knn-kl").against(prior.sample(5_000, rng=seed), rng=0) for seed in range(10)]
    values = [j(prior.sample(5_000, rng=100 + seed) * scale + shift).value for seed, j in enumerate(judge)]
    # Four standard errors, two-sided (6e-5), and a bias of up to a tenth.
    expected = d / 2 * (s - 1 - np.log(s) + shift**2)
    assert np.mean(values) == pytest.approx(expected, abs=4 * np.std(values) / np.sqrt(10) + 0.1 * expected)


@pytest.mark.parametrize("d", [2, 32])
def test_mean_is_0_where_nothing_drifts_in_any_dimension(d):
    prior = lot.Normal(d)
    values = np.array(
        [lot.drift("knn-kl")(prior.sample(200, rng=2 * i), prior.sample(200, rng=2 * i + 1), rng=0) for i in range(100)]
    )
    # Two-sided at four standard errors: false alarm 6e-5.
    assert abs(values.mean()) < 4 * values.std() / np.sqrt(len(values))


def test_negative_where_z_spreads_in_many_dimensions_as_the_metric_says():
    prior = lot.Normal(32)
    assert lot.drift("knn-kl")(prior.sample(1_000, rng=0) * 1.3, prior.sample(1_000, rng=1), rng=0) < -1
    assert "negative where z spreads" in lot.drift("knn-kl").error


def test_copies_end_in_one_line():
    z = lot.Normal(2).sample(100, rng=0)
    with pytest.raises(lot.InputError, match="96 points coincide with 5 or more points of the same sample") as caught:
        lot.drift("knn-kl")(np.repeat(z, 6, axis=0)[:100], lot.Normal(2).sample(100, rng=1), rng=0)
    assert "\n" not in str(caught.value)
    with pytest.raises(lot.InputError, match="points coincide with 5 or more reference points"):
        lot.drift("knn-kl")(z, np.repeat(z[:20], 5, axis=0), rng=0)


def test_fewer_copies_than_neighbours_do_no_harm():
    z = lot.Normal(2).sample(500, rng=0)
    assert np.isfinite(lot.drift("knn-kl")(z, z, rng=0))
