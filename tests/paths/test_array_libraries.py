"""Paths with closed-form laws take any array library, keep kind, dtype and device, and let gradients through."""

import array_api_strict
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import latentot as lot

D = 5
CASES = [
    ("linear", lot.Normal(D), {}),
    ("spherical", lot.Normal(D), {}),
    ("normalized", lot.Normal(D), {}),
    ("cdf-linear", lot.Normal(D), {}),
    ("cdf-linear", lot.Logistic(D), {}),
    ("cauchy", lot.Normal(D), {}),
    ("cauchy", lot.Laplace(D), {}),
    ("cauchy", lot.StudentT(D, df=3), {}),
    ("cauchy", lot.Cauchy(D), {}),
    ("spherical-cauchy", lot.Normal(D), {}),
    ("matched", lot.Normal(D), {}),
    ("matched", lot.Normal(D, mean=1.0, scale=2.0), {}),
    ("matched", lot.Uniform(D), {}),
    ("matched", lot.Sphere(D), {}),
    ("stable", lot.Normal(D), {"alpha": 1}),
    ("stable", lot.Uniform(D, low=0, high=1), {"alpha": 2}),
    ("switch", lot.Normal(D), {"rng": 0}),
]

# JAX compiles some for seconds: test_gradients has the points and derivatives of what takes directions, and tests of
# priors have those of Student's law.
IN_JAX = [
    case
    for case in CASES
    if case[0] not in {"spherical", "normalized", "spherical-cauchy"} and not isinstance(case[1], lot.StudentT)
]


def named(case):
    return f"{case[0]}-{case[1]!r}"


@pytest.fixture(params=CASES, ids=named, name="case")
def a_path_with_endpoints(request):
    name, prior, options = request.param
    path = lot.interpolation(name, prior, **options)
    return path, prior.sample(7, rng=1), prior.sample(7, rng=2)


def test_torch_gives_what_numpy_gives_and_gradients_pass(case):
    path, z0, z1 = case
    ends = [torch.tensor(z, requires_grad=True) for z in (z0, z1)]
    points = path(*ends, 0.3)
    assert points.dtype == torch.float64
    # Norm laws go through a table where there is no SciPy.
    np.testing.assert_allclose(points.detach().numpy(), path(z0, z1, 0.3), rtol=1e-8, atol=1e-10)
    points.sum().backward()
    assert all(torch.isfinite(end.grad).all() for end in ends)
    if path.name != "switch":
        # Rows are apart: two show all that seven do.
        few = [torch.tensor(z[:2], requires_grad=True) for z in (z0, z1)]
        assert torch.autograd.gradcheck(lambda *z: path(*z, 0.3), few, atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_torch_keeps_its_dtype(case, dtype):
    path, z0, z1 = case
    if path.prior.name == "sphere" and dtype != torch.float32:
        pytest.skip("what is on the sphere in half precision is not in double, where the right value comes from")
    ends = [torch.tensor(z).to(dtype) for z in (z0, z1)]
    points = path(*ends, [0, 0.3, 1])
    assert points.dtype == dtype
    assert torch.equal(points[0], ends[0])
    assert torch.equal(points[2], ends[1])
    # Units in the last place of the coarsest dtype, with room for the steepness of a map.
    expected = path(*(end.double().numpy() for end in ends), 0.3)
    tolerance = 8 * torch.finfo(dtype).eps
    np.testing.assert_allclose(points[1].double().numpy(), expected, rtol=tolerance, atol=4 * tolerance)


@pytest.mark.parametrize("case", IN_JAX, ids=named, indirect=True)
def test_jax_follows_in_single_precision(case):
    path, z0, z1 = case
    ends = [jnp.asarray(z, dtype=jnp.float32) for z in (z0, z1)]

    def total(z):
        points = path(z, ends[1], 0.3)
        return points.sum(), points

    # Compiled as a whole: operation by operation takes three times as long.
    gradient, points = jax.jit(jax.grad(total, has_aux=True))(ends[0])
    assert isinstance(points, jax.Array)
    assert points.dtype == jnp.float32
    expected = path(*(np.asarray(end, dtype=np.float64) for end in ends), 0.3)
    np.testing.assert_allclose(np.asarray(points), expected, rtol=1e-5, atol=1e-5)
    assert jnp.isfinite(gradient).all()


def test_the_array_standard_is_all_that_is_used(case):
    path, z0, z1 = case
    ends = [array_api_strict.asarray(z) for z in (z0, z1)]
    points = path(*ends, 0.3)
    assert points.__array_namespace__() is array_api_strict.asarray(0).__array_namespace__()
    np.testing.assert_allclose(np.asarray(points), path(z0, z1, 0.3), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("name", ["spherical", "normalized", "cauchy", "matched", "spherical-cauchy"])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_large_half_precision_latents_do_not_overflow(name, dtype):
    prior = lot.Normal((4, 128, 128))
    z0, z1 = (torch.tensor(prior.sample(2, rng=seed)).to(dtype) for seed in (0, 1))
    points = lot.interpolation(name, prior)(z0, z1, 0.5)
    assert points.dtype == dtype
    assert torch.isfinite(points).all()
    assert float(points.float().flatten(1).norm(dim=1).mean()) == pytest.approx(256, rel=0.05)


def test_values_on_other_libraries_are_not_looked_at():
    path = lot.interpolation("linear", lot.Normal(2))
    assert torch.isnan(path(torch.tensor([np.nan, 0.0]), torch.zeros(2, dtype=torch.float64).float(), 0.5)[0])


def test_what_works_on_the_host_only_says_so():
    z = torch.tensor(lot.Normal(D).sample(2, rng=0))
    with pytest.raises(lot.InputError, match="works on NumPy arrays"):
        lot.interpolation("nao", lot.Normal(D))(z, z, 0.5)
    with pytest.raises(lot.InputError, match="one t a pair works on NumPy arrays only"):
        lot.interpolation("earth-mover", lot.Normal(D))(z, z, torch.tensor([[0.2], [0.3]], dtype=z.dtype))
