"""What the maps of known solvers obey: they scale and turn with their samples, and are monotone."""

import numpy as np
import pytest

from latentot.transport import Exact, Gaussian, Marginal, Radial, Sinkhorn

ENTROPIC = Sinkhorn(max_points=150, epsilon=0.05, maps=2)
SCALING = [Gaussian(), Marginal(), Radial(), Exact(), ENTROPIC]
TURNING = [Gaussian(), Radial(), Exact(), ENTROPIC]
MONOTONE = [Gaussian(), Marginal(), Radial()]


def samples():
    rng = np.random.default_rng(0)
    return rng.standard_normal((400, 3)), rng.gamma(2.0, size=(400, 3)), rng.standard_normal((50, 3))


@pytest.mark.parametrize("transport", SCALING, ids=lambda transport: transport.name)
@pytest.mark.parametrize("scale", [1e-3, 7.0, 1e3])
def test_a_map_scales_with_its_samples(transport, scale):
    source, target, z = samples()
    plain, scaled = (transport.fit(c * source, c * target, rng=1) for c in (1, scale))
    # The ridge of the gaussian map is 1e-9 squared latent units; entropic weights are single precision.
    np.testing.assert_allclose(scaled(scale * z) / scale, plain(z), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("transport", TURNING, ids=lambda transport: transport.name)
def test_a_map_turns_with_its_samples(transport):
    source, target, z = samples()
    turn = np.linalg.qr(np.random.default_rng(3).standard_normal((3, 3)))[0]
    plain, turned = (transport.fit(source @ one, target @ one, rng=1) for one in (np.eye(3), turn))
    np.testing.assert_allclose(turned(z @ turn), plain(z) @ turn, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("transport", MONOTONE, ids=lambda transport: transport.name)
def test_a_gradient_of_a_convex_function_is_monotone(transport):
    source, target, _ = samples()
    fitted = transport.fit(source, target, rng=1)
    a, b = 2 * np.random.default_rng(2).standard_normal((2, 100_000, 3))
    assert ((fitted(a) - fitted(b)) * (a - b)).sum(axis=1).min() > -1e-9
