"""Laws work alike on NumPy, torch, JAX and array-api-strict, and gradients flow through them."""

import array_api_strict
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import latentot as lot
from latentot.errors import InputError
from latentot.priors import Laplace, Logistic, MultivariateT, StudentT
from latentot.priors.gamma_norm import HalfNormalLaw
from latentot.priors.law import carry

CAUCHY = lot.Cauchy(1).marginal
LAWS = {
    "normal": lot.Normal(1).marginal,
    "normal(2, 3)": lot.Normal(1, mean=2, scale=3).marginal,
    "cauchy": CAUCHY,
    "laplace": Laplace(1).marginal,
    "logistic": Logistic(1).marginal,
    "t(1)": StudentT(1, df=1).marginal,
    "t(3)": StudentT(1, df=3).marginal,
    "t(40)": StudentT(1, df=40).marginal,
    "uniform": lot.Uniform(1, low=-1, high=3).marginal,
    "half-normal": HalfNormalLaw(),
    "chi(64)": lot.Normal(64).radius,
    "t-norm(4, 1)": MultivariateT(4, df=1).radius,
}
TABULATED = {"chi(64)", "t-norm(4, 1)"}
CLOSE = {
    **{name: {"rtol": 1e-9, "atol": 1e-11} for name in TABULATED},
    # XLA divides by 3 as it multiplies by 1/3, and in the tail the map multiplies what is rounded by z^2.
    "normal(2, 3)": {"rtol": 2e-12, "atol": 1e-13},
}
FUNCTIONS = {
    "to cauchy": lambda law, x: carry(x, law, CAUCHY),
    "to cauchy and back": lambda law, x: carry(carry(x, law, CAUCHY), CAUCHY, law),
    "cdf": lambda law, x: law.cdf(x),
    "sf": lambda law, x: law.sf(x),
    "mid": lambda law, x: law.mid(x),
    "log_cdf": lambda law, x: law.log_cdf(x),
    "log_sf": lambda law, x: law.log_sf(x),
    "log_pdf": lambda law, x: law.log_pdf(x),
    "quantile": lambda law, x: law.quantile(law.cdf(x)),
    "isf": lambda law, x: law.isf(law.sf(x)),
    "isf_log": lambda law, x: law.isf_log(law.log_sf(x)),
    "mid_inverse": lambda law, x: law.mid_inverse(law.mid(x)),
}
TAILS = np.array([1e-290, 1e-100, 1e-20, 1e-6, 0.01, 0.1])
MOST = 2 * len(TAILS) + 6


@pytest.fixture(params=LAWS, name="named")
def a_law(request):
    return request.param, LAWS[request.param]


@pytest.fixture(params=FUNCTIONS, name="function")
def a_function(request):
    return FUNCTIONS[request.param]


def points(law):
    """Both tails, the median, and the quartiles, where one chart hands over to the other."""
    low, high = law.quartiles
    edges = [low, np.nextafter(low, high), high, np.nextafter(high, low), low / 2 + high / 2, 0.6 * low + 0.4 * high]
    x = np.concatenate([law.quantile(TAILS), edges, law.isf(TAILS)])
    least, greatest = law.support
    # Of a law on an interval the very ends are no inner points. As many for each law, some more than once: JAX compiles
    # every step anew for arrays of another length.
    return np.resize(x[(x > least + 1e-9 * (abs(least) < np.inf)) & (x < greatest)], MOST)


def moderate(law):
    return law.quantile(np.array([0.001, 0.1, 0.24, 0.26, 0.4, 0.6, 0.8, 0.999]))


def test_every_library_gives_what_numpy_gives(named, function):
    name, law = named
    x = moderate(law) if name in TABULATED else points(law)
    expected = function(law, x)
    close = CLOSE.get(name, {"rtol": 2e-14, "atol": 2e-14})
    from_torch = function(law, torch.tensor(x))
    assert isinstance(from_torch, torch.Tensor)
    assert from_torch.dtype == torch.float64
    np.testing.assert_allclose(from_torch.numpy(), expected, **close)
    with jax.enable_x64(True):
        from_jax = function(law, jnp.asarray(x))
        assert isinstance(from_jax, jax.Array)
        np.testing.assert_allclose(np.asarray(from_jax), expected, **close)
    strict = function(law, array_api_strict.asarray(x))
    assert isinstance(strict, type(array_api_strict.asarray(x)))
    np.testing.assert_allclose(np.asarray(strict), expected, **close)


def test_single_precision_stays_single(named, function):
    _, law = named
    x = np.asarray(moderate(law), dtype=np.float32)
    assert function(law, x).dtype == np.float32
    assert function(law, torch.tensor(x)).dtype == torch.float32
    assert jax.eval_shape(lambda x: function(law, x), jnp.asarray(x)).dtype == jnp.float32


@pytest.mark.parametrize("call", ["to cauchy and back", "log_sf", "log_pdf"])
def test_gradients_are_finite_in_the_tails_at_the_median_and_where_charts_meet(named, call):
    _, law = named
    x, function = points(law), FUNCTIONS[call]
    tensor = torch.tensor(x, requires_grad=True)
    function(law, tensor).sum().backward()
    assert torch.isfinite(tensor.grad).all(), x[~torch.isfinite(tensor.grad).numpy()]
    with jax.enable_x64(True):
        slope = np.asarray(jax.grad(lambda v: function(law, v).sum())(jnp.asarray(x)))
    assert np.isfinite(slope).all(), x[~np.isfinite(slope)]
    np.testing.assert_allclose(slope, tensor.grad.numpy(), rtol=1e-7, atol=1e-9)


def test_the_gradient_of_a_round_trip_is_one(named):
    name, law = named
    tensor = torch.tensor(points(law), requires_grad=True)
    FUNCTIONS["to cauchy and back"](law, tensor).sum().backward()
    np.testing.assert_allclose(tensor.grad.numpy(), 1, rtol=1e-5 if name in TABULATED else 1e-9)


def test_the_gradient_of_the_map_is_the_ratio_of_densities(named):
    name, law = named
    x = torch.tensor(moderate(law), requires_grad=True)
    g = carry(x, law, CAUCHY)
    g.sum().backward()
    ratio = torch.exp(law.log_pdf(x) - CAUCHY.log_pdf(g))
    np.testing.assert_allclose(x.grad.numpy(), ratio.detach().numpy(), rtol=1e-6 if name in TABULATED else 1e-11)


def assert_gradient_is_that_of_differences(function, x, eps):
    """As torch's gradcheck, of all numbers at once: each goes its own way."""
    at = torch.tensor(x, requires_grad=True)
    function(at).sum().backward()
    slopes = (function(at.detach() + eps) - function(at.detach() - eps)) / (2 * eps)
    np.testing.assert_allclose(at.grad.numpy(), slopes.numpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("call", ["to cauchy", "to cauchy and back", "cdf", "log_sf"])
def test_gradients_are_those_of_differences(named, call):
    _, law = named
    assert_gradient_is_that_of_differences(lambda v: FUNCTIONS[call](law, v), moderate(law), 1e-7)


@pytest.mark.parametrize("name", ["normal", "cauchy", "laplace", "logistic", "t(3)", "t(40)"])
def test_gradients_are_those_of_differences_in_the_tails(name):
    tails = np.concatenate([LAWS[name].quantile(TAILS), LAWS[name].isf(TAILS)])
    x = tails[np.abs(tails) < 1e3]
    assert_gradient_is_that_of_differences(lambda v: FUNCTIONS["to cauchy and back"](LAWS[name], v), x, 1e-6)
    assert_gradient_is_that_of_differences(LAWS[name].log_sf, x, 1e-6)


def test_jax_in_single_precision_is_right_to_1e_5():
    normal, z = LAWS["normal"], np.linspace(-12, 12, 4001, dtype=np.float32)
    with jax.enable_x64(False):  # as JAX starts
        g = carry(jnp.asarray(z), normal, CAUCHY)
        assert g.dtype == jnp.float32
        np.testing.assert_allclose(np.asarray(g), carry(z.astype(np.float64), normal, CAUCHY), rtol=1e-5)
        np.testing.assert_allclose(np.asarray(carry(g, CAUCHY, normal)), z, rtol=1e-5, atol=1e-30)


def test_carry_works_under_jit():
    with jax.enable_x64(True):
        z = jnp.asarray([-30.0, -0.5, 0.0, 3.0])
        g = jax.jit(lambda v: carry(v, LAWS["normal"], CAUCHY))(z)
        np.testing.assert_allclose(np.asarray(g), carry(np.asarray(z), LAWS["normal"], CAUCHY), rtol=1e-13)


def test_a_block_boundary_and_a_shape_change_nothing():
    z = lot.Normal((3, 7)).sample(1_000, rng=0)
    g = carry(z, LAWS["normal"], CAUCHY)
    assert g.shape == z.shape
    np.testing.assert_array_equal(g[-1, 2, 3:], carry(z[-1, 2, 3:], LAWS["normal"], CAUCHY))
    assert carry(np.array(0.5), LAWS["normal"], CAUCHY).shape == ()
    assert carry(np.zeros((0, 3)), LAWS["normal"], CAUCHY).shape == (0, 3)


def test_scipy_marginals_say_that_they_work_on_numpy_only():
    import scipy.stats

    law = lot.ProductPrior(scipy.stats.gumbel_r(), 2).marginal
    with pytest.raises(InputError, match=r"works on NumPy arrays only, got torch\.Tensor"):
        carry(torch.zeros(2), law, CAUCHY)
