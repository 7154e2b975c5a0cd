import numpy as np
import pytest

import latentot as lot
from latentot.transport import Sinkhorn
from latentot.transport.judging import Split


def curved(n, rng):
    """Normal draws, and where the optimal map x + tanh(2 x) / 2 in each of four turned directions carries them."""
    turn = np.linalg.qr(np.random.default_rng(5).standard_normal((4, 4)))[0]
    z = rng.standard_normal((n, 4))
    return z, z + np.tanh(2 * z @ turn) @ turn.T / 2


@pytest.fixture(name="laws", scope="module")
def a_known_map():
    rng = np.random.default_rng(0)
    return curved(3_000, rng)[0], curved(3_000, rng)[1], *curved(4_000, rng)


def error(fitted, laws):
    """L2-UVP, %."""
    return 100 * np.square(fitted(laws[2]) - laws[3]).sum(axis=1).mean() / laws[3].var(axis=0).sum()


def test_a_mean_of_maps_is_nearer_to_the_optimal_map(laws):
    one, several = (Sinkhorn(maps=maps, epsilon=0.005).fit(*laws[:2], rng=1) for maps in (1, 4))
    assert error(several, laws) < 0.8 * error(one, laws)
    assert error(several, laws) < 4, "3.2 % here, a linear map has 8.7 %"


def test_less_blur_at_large_epsilon_is_nearer_too(laws):
    blurred, debiased = (
        Sinkhorn(maps=2, epsilon=0.1, share=share)._fit(
            Split.of(*laws[:2], np.random.default_rng(0)), np.random.default_rng(1)
        )
        for share in (0.0, 0.5)
    )
    assert error(debiased.map.maps[0], laws) < 0.8 * error(blurred.map.maps[0], laws)


def test_mean_and_covariance_are_brought_back(laws):
    fitted = Sinkhorn(maps=2, epsilon=0.05).fit(*laws[:2], rng=1)
    carried = fitted(laws[2])
    # 4,000 points judge what 1,000 have set: variances have a standard error of 5 %.
    np.testing.assert_allclose(carried.var(axis=0), laws[3].var(axis=0), rtol=0.15)
    assert fitted.map.maps[0](laws[2]).var(axis=0).sum() < 0.97 * laws[3].var(axis=0).sum()


def test_few_points_have_a_greater_epsilon(laws):
    chosen, least = (Sinkhorn(maps=1, epsilon=epsilon).fit(*laws[:2], rng=1) for epsilon in (None, 0.00125))
    assert error(chosen, laws) < 0.6 * error(least, laws)


def test_a_budget_of_seconds_ends_it_after_the_first_map(laws):
    fitted = Sinkhorn(maps=50, epsilon=0.05, seconds=1e-9).fit(*laws[:2], rng=1)
    assert len(fitted.map.maps[0].maps) == 1


def test_each_sample_is_gone_through_before_it_repeats():
    x, y = np.arange(80.0)[:, None], np.arange(40.0)[:, None]
    subsets = Sinkhorn(max_points=10)._subsets(x, y, np.random.default_rng(0))
    first = [next(subsets) for _ in range(4)]
    np.testing.assert_array_equal(np.sort(np.concatenate([np.concatenate(one[:2]) for one in first]), axis=0), x)
    np.testing.assert_array_equal(np.sort(np.concatenate([one[2] for one in first]), axis=0), y)


@pytest.mark.parametrize("setting", ["epsilon", "tolerance", "iterations", "maps", "seconds"])
def test_settings_are_positive(setting):
    with pytest.raises(lot.InputError, match=f"{setting} of a sinkhorn transport is positive"):
        Sinkhorn(**{setting: 0})


def test_the_share_is_a_share():
    with pytest.raises(lot.InputError, match="share of a sinkhorn transport lies in"):
        Sinkhorn(share=1.5)
