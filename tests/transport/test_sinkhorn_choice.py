"""What a mean of entropic maps chooses by points held out: epsilon, and how many maps."""

import numpy as np
import pytest

import latentot as lot
from latentot.transport import Sinkhorn, sinkhorn
from latentot.transport.entropic import fitted_entropic_map, mean_cost

N, POINTS = 2_000, 300


def learned(transport, d=1):
    x, y = np.random.default_rng(0).standard_normal((2, N, d))
    fitted = transport.fit(x, 2 * y, rng=1)
    maps = fitted.map.maps[0].maps
    return maps, maps[0].onto.epsilon / mean_cost(x, 2 * y), fitted.report.limit


def test_no_more_maps_are_fitted_than_there_is_noise():
    maps, _, limit = learned(Sinkhorn(max_points=POINTS, maps=60))
    assert 2 <= len(maps) < 60
    noise = float(limit.split("noise of ")[1].split(" of")[0])
    assert noise <= sinkhorn.QUIET
    assert f"{len(maps)} maps" in limit


def test_many_coordinates_have_noise_for_all_maps():
    assert len(learned(Sinkhorn(max_points=POINTS, maps=4), d=8)[0]) == 4


@pytest.mark.parametrize("least", [0.002, 0.008])
def test_an_epsilon_that_does_not_converge_is_left_out(monkeypatch, least):
    def fitted(x, y, epsilon, **settings):
        if epsilon < least * mean_cost(x, y):
            raise lot.InputError("did not converge")
        return fitted_entropic_map(x, y, epsilon, **settings)

    monkeypatch.setattr(sinkhorn, "fitted_entropic_map", fitted)
    assert learned(Sinkhorn(max_points=POINTS, maps=2))[1] > least


def test_if_none_converges_it_is_an_error():
    with pytest.raises(lot.InputError, match="did not converge in 1 iterations"):
        learned(Sinkhorn(max_points=POINTS, iterations=1, tolerance=1e-3))


def test_a_budget_of_seconds_also_ends_the_search():
    maps, share, _ = learned(Sinkhorn(max_points=POINTS, maps=60, seconds=1e-9))
    assert len(maps) == 1
    assert share == pytest.approx(max(sinkhorn.EPSILONS), rel=0.2)
