"""Fitted maps carry arrays of any library, keep kind and dtype, and let gradients through."""

import array_api_strict
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

from latentot.transport import TRANSPORTS, Auto, Gaussian, Marginal, Sliced, named_transport

SHORT = {"sliced": Sliced(legs=1, rounds=5), "auto": Auto((Marginal(), Gaussian()))}


@pytest.fixture(name="fitted", scope="module", params=TRANSPORTS.names())
def every_fitted_map(request):
    rng = np.random.default_rng(0)
    source, target = rng.standard_normal((600, 3)), rng.gamma(2.0, size=(600, 3))
    return SHORT.get(request.param, named_transport(request.param)).fit(source, target, rng=1)


@pytest.fixture(name="z", scope="module")
def points():
    return np.random.default_rng(2).standard_normal((40, 3))


def test_torch_gives_what_numpy_gives(fitted, z):
    carried = fitted(torch.tensor(z))
    assert isinstance(carried, torch.Tensor)
    assert carried.dtype == torch.float64
    np.testing.assert_allclose(carried.numpy(), fitted(z), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_torch_keeps_its_dtype(fitted, z, dtype):
    carried = fitted(torch.tensor(z).to(dtype))
    assert carried.dtype == dtype
    if fitted.map.__class__.__name__ != "NearestResidual":  # another nearest point is another residual
        rough = {torch.float32: 1e-3, torch.float16: 0.05, torch.bfloat16: 0.3}[dtype]
        np.testing.assert_allclose(carried.double().numpy(), fitted(z), rtol=rough, atol=rough)


def test_gradients_are_those_of_small_steps(fitted, z):
    ends = torch.tensor(z, requires_grad=True)
    fitted(ends).sum().backward()
    step, at = 1e-6, torch.tensor(z)
    for j in range(3):
        shift = torch.zeros(3, dtype=torch.float64)
        shift[j] = step
        slope = (fitted(at + shift) - fitted(at - shift)).sum(dim=1) / (2 * step)
        # A knot, or a border between nearest points, within the step is met with probability 1e-3.
        close = torch.isclose(slope, ends.grad[:, j], rtol=1e-3, atol=1e-3)
        assert close.double().mean() > 0.9


def test_gradients_at_the_origin_are_finite(fitted):
    origin = torch.zeros((1, 3), dtype=torch.float64, requires_grad=True)
    fitted(origin).sum().backward()
    assert torch.isfinite(origin.grad).all()


def test_jax_gives_what_numpy_gives_also_compiled(fitted, z):
    single = jnp.asarray(z, dtype=jnp.float32)
    carried = fitted(single)
    assert isinstance(carried, jax.Array)
    assert carried.dtype == jnp.float32

    def total(z):
        points = fitted(z)
        return points.sum(), points

    slope = jax.jit(jax.grad(total, has_aux=True))
    gradient, compiled = slope(single)
    if fitted.map.__class__.__name__ != "NearestResidual":
        np.testing.assert_allclose(carried, fitted(z), rtol=1e-3, atol=1e-3)
        np.testing.assert_allclose(compiled, carried, rtol=1e-3, atol=1e-3)
    assert np.isfinite(gradient).all()


def test_it_asks_no_more_than_the_array_api(fitted, z):
    carried = fitted(array_api_strict.asarray(z))
    np.testing.assert_allclose(np.asarray(carried), fitted(z), rtol=1e-5, atol=1e-5)
