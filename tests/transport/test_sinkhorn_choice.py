"""What a mean of entropic maps chooses by points held out: epsilon, and how many maps."""

import numpy as np
import pytest

import latentot as lot
from latentot.transport import Sinkhorn, sinkhorn
from latentot.transport.blur import least_error
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


@pytest.mark.parametrize(
    ("optimal", "d", "tried"),
    [
        (lambda z: z + np.sinh(z), 24, (0.32, 0.08, 0.01)),
        (lambda z: z + 3 * np.tanh(8 * z), 2, (0.04, 0.01, 0.00125)),
        (lambda z: z + 3 * np.tanh(8 * z), 8, (0.04, 0.02, 0.01)),
    ],
    ids=["smooth, 24", "steep, 2", "steep, 8"],
)
def test_the_error_is_near_the_least_of_all_epsilons(optimal, d, tried):
    rng = np.random.default_rng([d, 4])
    x, y, z = rng.standard_normal((3, 4_000, d))
    y, z = optimal(y), z[:1_000]

    def error(**options):
        fitted = Sinkhorn(max_points=1_000, maps=4, **options).fit(x, y, rng=2)
        return np.square(fitted(z) - optimal(z)).sum(axis=1).mean()

    assert error() < 1.2 * min(error(epsilon=share) for share in tried), "1.13 times at most, of three seeds each"


def test_more_maps_are_worth_a_lesser_epsilon():
    z = np.random.default_rng(0).standard_normal((50, 2))

    def fit(shift, epsilon):  # blur is 2 epsilon^2, noise |shift / epsilon|^2
        return lambda z: z * (1 - epsilon) + shift / epsilon

    def chosen(maps):
        shifts = 1e-3 * np.eye(2)
        return least_error(fit, tuple(shifts), [2.0**-k for k in range(12)], z, left=1 / maps)

    assert [chosen(maps) for maps in (1, 16, 256)] == [2.0**-5, 2.0**-6, 2.0**-7]


def test_what_does_not_converge_of_more_points_than_were_tried_is_raised(monkeypatch):
    few = learned(Sinkhorn(max_points=POINTS, maps=2))[1]

    def fitted(x, y, epsilon, **settings):
        if len(x) > N // 4 and epsilon < 3 * few * mean_cost(x, y):
            raise lot.InputError("did not converge")
        return fitted_entropic_map(x, y, epsilon, **settings)

    monkeypatch.setattr(sinkhorn, "fitted_entropic_map", fitted)
    assert learned(Sinkhorn(max_points=2 * N // 3, maps=2))[1] >= 2.5 * few
    with pytest.raises(lot.InputError, match="did not converge"):
        learned(Sinkhorn(max_points=2 * N // 3, maps=2, epsilon=few))


def test_if_none_converges_it_is_an_error():
    with pytest.raises(lot.InputError, match="did not converge in 1 iterations"):
        learned(Sinkhorn(max_points=POINTS, iterations=1, tolerance=1e-3))


def test_a_budget_of_seconds_also_ends_the_search():
    maps, share, _ = learned(Sinkhorn(max_points=POINTS, maps=60, seconds=1e-9))
    assert len(maps) == 1
    assert share == pytest.approx(sinkhorn.UNTRIED, rel=0.2)
