"""Neighbours, held to SciPy's distances of all pairs."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from latentot.errors import InputError
from latentot.judges import neighbours
from latentot.judges.neighbours import Cloud, nearest, overlap, radii, within

RNG = np.random.default_rng(0)


def spread(n, d):
    return RNG.standard_normal((n, d))


CASES = {
    "few": (spread(5, 1), spread(7, 1)),
    "wide": (spread(300, 200), 1.1 * spread(400, 200)),
    "narrow": (spread(900, 3), spread(700, 3)),
    "float32": (spread(300, 20).astype(np.float32), spread(400, 20).astype(np.float32)),
    # Many distances are equal, so that which lies within is a matter of <= alone.
    "whole numbers": (RNG.integers(0, 3, (300, 6)).astype(float), RNG.integers(0, 3, (500, 6)).astype(float)),
    "far from 0": (1e9 + spread(300, 4), 1e9 + spread(200, 4)),
    "copies": (np.zeros((200, 4)), np.zeros((300, 4))),
    "an outlier": (spread(300, 4), np.vstack([spread(200, 4), np.full((1, 4), 1e7)])),
    "tiny": (1e-120 * spread(100, 4), 1e-120 * spread(90, 4)),
    "huge": (1e120 * spread(100, 4), 1e120 * spread(90, 4)),
}


@pytest.fixture(params=[None, 1_000], ids=["one block", "many blocks"])
def blocks(request, monkeypatch):
    if request.param:
        monkeypatch.setattr(neighbours, "BLOCK", request.param)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("name", CASES)
def test_distances_are_those_of_all_pairs(name):
    x, y = CASES[name]
    k = min(5, len(y) - 1)
    cloud = Cloud.of(y)
    other = Cloud.of(x, cloud)
    pairs, own = cdist(x, y), cdist(y, y)
    distances, which = nearest(other, cloud, k)
    np.testing.assert_allclose(distances, np.sort(pairs, axis=1)[:, :k], rtol=1e-13, atol=0)
    np.testing.assert_allclose(np.take_along_axis(pairs, which, axis=1), distances, rtol=1e-13, atol=0)
    assert all(len(set(row)) == k for row in which.tolist())
    reach = radii(cloud, k)
    np.testing.assert_allclose(reach, np.sort(own, axis=1)[:, k], rtol=1e-13, atol=0)
    held, holding = within(other, cloud, reach)
    np.testing.assert_array_equal(held, (pairs <= reach).sum(axis=1))
    np.testing.assert_array_equal(holding, (pairs <= reach).sum(axis=0))


def test_a_neighbour_lies_on_the_surface_of_the_ball_that_reaches_to_it():
    x = spread(500, 12)
    cloud = Cloud.of(x)
    for k in (1, 4):
        # Itself and k neighbours, none of them lost to rounding, at any offset.
        assert within(cloud, cloud, radii(cloud, k))[1].tolist() == [k + 1] * 500
        far = Cloud.of(x + 1e6)
        assert within(far, far, radii(far, k))[1].tolist() == [k + 1] * 500


def test_those_on_a_surface_share_the_places_that_are_left():
    x, y = np.array([[0.0], [1.0], [1.0], [1.0], [5.0]]), np.array([[0.0]])
    cloud = Cloud.of(y)
    # One inside, and three on the surface for two places that are left.
    found = overlap(Cloud.of(x, cloud), cloud, np.array([1.0]), 3)
    assert found.in_balls.tolist() == pytest.approx([1, 2 / 3, 2 / 3, 2 / 3, 0])
    assert found.holding.tolist() == [4]
    assert overlap(Cloud.of(x, cloud), cloud, np.array([2.0]), 3).in_balls.tolist() == [1, 1, 1, 1, 0]


def test_whole_numbers_of_seven_digits_are_told_apart():
    cloud = Cloud.of(np.array([[512695.0], [512804.0]], np.float32))
    assert radii(cloud, 1).tolist() == [109, 109]


def test_a_product_in_single_precision_alone_would_not_do():
    x, y = CASES["far from 0"]
    single = x.astype(np.float32) @ y.astype(np.float32).T
    assert np.abs(np.sqrt(np.maximum(((x**2).sum(1)[:, None] + (y**2).sum(1) - 2 * single), 0)) - cdist(x, y)).max() > 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: radii(Cloud.of(spread(5, 2)), 5), "5 points have no 5 neighbours each"),
        (lambda: nearest(Cloud.of(spread(5, 2)), Cloud.of(spread(3, 2)), 4), "3 reference points are fewer than 4"),
        (lambda: Cloud.of(1e30 * spread(5, 2), Cloud.of(spread(5, 2))), "leave out outliers"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
