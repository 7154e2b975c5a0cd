"""Maps of samples that are far from the origin are those of the same samples near it."""

import numpy as np
import pytest

from latentot.transport import Exact, Gaussian, Marginal, Sinkhorn, Sliced
from latentot.transport.judging import Split

MAPS = [
    Exact(),
    Gaussian(),
    Marginal(),
    Sinkhorn(max_points=100, epsilon=0.1, maps=2),
    Sliced(legs=1, rounds=3, candidates=30),
]


def samples():
    """Multiples of 2^-10, so that an offset of whole numbers is exact."""
    rng = np.random.default_rng(0)
    draws = rng.standard_normal((400, 3)) * 0.8 + 0.5, rng.gamma(2.0, size=(400, 3)), rng.standard_normal((50, 3))
    return [np.round(draw * 2**10) / 2**10 for draw in draws]


@pytest.mark.parametrize("transport", MAPS, ids=lambda transport: transport.name)
@pytest.mark.parametrize("offset", [1e6, 1e9])
def test_a_map_moves_with_its_samples(transport, offset):
    source, target, z = samples()
    near, far = (transport.fit(source + b, target + b, rng=1) for b in (0, offset))
    # Some ten numbers near the offset are rounded one after the other, and maps stretch what that leaves up to tenfold.
    rounding = 100 * 2.0**-52 * offset
    # A number that this takes to another one in single precision is 2^-23 away.
    single = 10 * 2.0**-23 if transport.name == "sinkhorn" else 0.0
    assert far(z + offset) - offset == pytest.approx(near(z), abs=rounding + single)
    assert far.report.held_out.drift == pytest.approx(near.report.held_out.drift, rel=1e-4)


@pytest.mark.parametrize("transport", MAPS, ids=lambda transport: transport.name)
@pytest.mark.parametrize("offset", [1e3, 1e6])
def test_how_far_a_target_is_away_does_not_blur_its_map(transport, offset):
    source, target, z = samples()
    near, far = (transport.fit(source, target + b, rng=1) for b in (0, offset))
    assert far(z) - offset == pytest.approx(near(z), abs=1e-3)
    assert far.report.held_out.drift == pytest.approx(near.report.held_out.drift, rel=1e-3)


@pytest.mark.parametrize("offset", [1e6, 1e9])
def test_maps_are_ordered_alike(offset):
    source, target, _ = samples()
    near, far = (Split(source + b, target + b, seed=1).without_each(lambda z: z) for b in (0, offset))
    assert far == pytest.approx(near, rel=1e-5)
