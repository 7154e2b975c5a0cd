"""One t a pair: the points of single calls, to the last bit on NumPy, and endpoints bit for bit."""

import time

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import latentot as lot

D = 6
T = np.array([0, 0.25, 1, 0.5, 0.25, 0.75, 0.5])[:, None]
CASES = [
    *[(name, lot.Normal(D), {}) for name in ("linear", "spherical", "normalized", "cdf-linear", "cauchy", "nao")],
    ("spherical-cauchy", lot.MultivariateT(D, df=3), {}),
    ("cauchy", lot.StudentT(D, df=3), {}),
    *[("stable", lot.Normal(D), {"alpha": alpha}) for alpha in (1.0, 1.5, 2.0)],
    *[("matched", prior, {}) for prior in (lot.Normal(D, mean=1, scale=2), lot.Uniform(D), lot.Cauchy(D))],
    *[("matched", prior, {}) for prior in (lot.Sphere(D), lot.MultivariateT(D, df=1), lot.GammaNorm(D))],
    ("switch", lot.Normal(D), {"rng": 0}),
    ("earth-mover", lot.Normal(D), {"rng": 0, "n_fit": 200, "transport": "gaussian"}),
]
NORMAL = lot.Normal(D)
Z0, Z1 = NORMAL.sample(7, rng=1), NORMAL.sample(7, rng=2)


@pytest.fixture(params=CASES, ids=str, name="case")
def a_path_with_endpoints(request):
    name, prior, options = request.param
    return lot.interpolation(name, prior, **options), prior.sample(7, rng=1), prior.sample(7, rng=2)


def one_by_one(path, z0, z1):
    return [path(z0, z1, t)[row] for row, t in enumerate(T[:, 0].tolist())]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_it_is_what_single_calls_give(case, dtype):
    path, *ends = case
    z0, z1 = (end.astype(dtype) for end in ends)
    points, alone = path(z0, z1, T), np.stack(one_by_one(path, z0, z1))
    assert points.dtype == dtype
    if path.name in {"stable", "matched", "earth-mover"}:
        # Powers and roots of a column, and products with a matrix, may round otherwise than those of one row.
        np.testing.assert_array_max_ulp(points, alone, 8)
    else:
        np.testing.assert_array_equal(points, alone)
    for row, end in ((0, z0), (2, z1)):
        np.testing.assert_array_equal(points[row], end[row])
    every = path(z0, z1, np.ones((1, 1)))
    np.testing.assert_array_equal(every, z1)


@pytest.mark.parametrize("library", [torch.tensor, jnp.asarray], ids=["torch", "jax"])
def test_other_libraries_give_it_too(case, library):
    path, *ends = case
    if library is jnp.asarray and path.name not in {"linear", "matched", "switch"}:
        pytest.skip("the same code as in torch, which JAX compiles for seconds")
    z0, z1 = (library(end.astype(np.float32)) for end in ends)
    if path.name in {"nao", "earth-mover"} or path.prior.name == "gamma-norm" or getattr(path, "alpha", 1) == 1.5:
        with pytest.raises(lot.InputError, match="works on NumPy arrays"):
            path(z0, z1, library(T))
        return
    alone = np.stack([np.asarray(point) for point in one_by_one(path, z0, z1)])
    for t in (T, library(T.astype(np.float32)), T.tolist()):
        points = path(z0, z1, t)
        assert type(points) is type(z0)
        np.testing.assert_allclose(np.asarray(points), alone, rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(np.asarray(points)[[0, 2]], np.stack([np.asarray(z0)[0], np.asarray(z1)[2]]))


@pytest.mark.parametrize("name", ["linear", "spherical"])
def test_a_t_that_is_traced_or_differentiated_stays_an_array(name):
    path = lot.interpolation(name, NORMAL)
    z0, z1, t = (jnp.asarray(part, dtype=jnp.float32) for part in (Z0, Z1, T[:, 0]))
    points = jax.jit(jax.vmap(path))(z0, z1, t)
    np.testing.assert_allclose(points, path(z0, z1, t[:, None]), rtol=1e-5, atol=1e-5)
    slope = (float(path(Z0[1], Z1[1], 0.26)[0]) - float(path(Z0[1], Z1[1], 0.24)[0])) / 0.02
    assert float(jax.jit(jax.grad(lambda at: path(z0[1], z1[1], at)[0]))(t[1])) == pytest.approx(slope, rel=2e-2)
    tensor = torch.tensor(0.25, requires_grad=True)
    path(torch.tensor(Z0[1]), torch.tensor(Z1[1]), tensor)[0].backward()
    assert float(tensor.grad) == pytest.approx(slope, rel=2e-2)


@pytest.mark.parametrize(
    ("shape", "leading", "t"),
    [((D,), (7,), (7, 1)), ((D,), (7,), (1, 1)), ((D,), (2, 7), (2, 7, 1)), ((D,), (2, 7), (7, 1))]
    + [((2, 3), (7,), t) for t in ((7, 1), (7, 1, 1), (1, 1))]
    + [((2, 3), (2, 7), (2, 7, 1, 1)), ((2, 3), (2, 7), (2, 1, 1, 1)), ((1,), (7,), (7, 1)), ((D,), (0,), (0, 1))],
)
def test_any_leading_shape(shape, leading, t):
    prior, rng = lot.Normal(shape), np.random.default_rng(0)
    z0, z1 = rng.standard_normal((2, *leading, *shape))
    given = rng.random(t)
    batch = t[: -len(shape)] if t[-len(shape) :] == (1,) * len(shape) else t[:-1]
    each = np.broadcast_to(given.reshape(batch), leading).reshape(*leading, *[1] * len(shape))
    points = lot.interpolation("linear", prior)(z0, z1, given)
    np.testing.assert_allclose(points, (1 - each) * z0 + each * z1, rtol=1e-15, atol=1e-15)


def test_a_sequence_keeps_its_meaning():
    path = lot.interpolation("linear", NORMAL)
    assert path(Z0, Z1, T[:, 0]).shape == (7, 7, D)
    assert path(Z0, Z1, []).shape == (0, 7, D)
    np.testing.assert_array_equal(path(torch.tensor(Z0), torch.tensor(Z1), torch.tensor([0.25, 1.0]))[1], Z1)


@pytest.mark.parametrize("name", ["linear", "spherical", "cauchy"])
def test_ten_thousand_positions_take_little_more_than_one(name):
    path, (z0, z1) = lot.interpolation(name, lot.Normal(64)), np.random.default_rng(0).standard_normal((2, 10_000, 64))
    each = np.random.default_rng(1).random((10_000, 1))

    def least(t):
        seconds = []
        for _ in range(7):
            start = time.perf_counter()
            path(z0, z1, t)
            seconds.append(time.perf_counter() - start)
        return min(seconds)

    # As one column 1 to 2 times; a call for each would be a hundred times.
    assert least(each) < 10 * least(0.3)


@pytest.mark.parametrize(
    ("name", "t", "message"),
    [
        ("linear", 1.5, r"t lies between 0 and 1, got 1\.5: combine\(\[z0, z1\], \[1 - t, t\]\) goes beyond"),
        ("spherical", [0, -0.1], r"spherical has no combine.*use that of linear, cauchy, matched"),
        ("linear", torch.tensor(1.5), "got tensor.*combine"),
        ("linear", torch.tensor(0.5, requires_grad=True), r"number a pair.*requires_grad"),
        ("linear", np.full((7, D), 0.5), r"for these latents \(7, 1\), got shape \(7, 6\)"),
        ("linear", np.full((6, 1), 0.5), r"got shape \(6, 1\)"),
        ("linear", np.full((7, 1), 2.0), "between 0 and 1.*combine"),
        ("linear", [[0.5], [0.1, 0.2]], "number a pair"),
        ("linear", 0.5j, "number or a sequence"),
        ("linear", np.ma.masked_equal([0.0, 0.5], 0), "fill or drop the masked values"),
        ("linear", object(), "number or a sequence"),
    ],
)
def test_what_is_no_position_is_one_clear_line(name, t, message):
    with pytest.raises(lot.InputError, match=message) as caught:
        lot.interpolation(name, NORMAL)(Z0, Z1, t)
    assert "\n" not in str(caught.value)


def test_many_maps_are_refused_before_any_is_fitted():
    prior = lot.Laplace(1)
    z, t = prior.sample(100, rng=0), np.linspace(0.1, 0.9, 100)[:, None]
    with pytest.raises(lot.InputError, match="at most 64 different t a batch, got 100"):
        lot.interpolation("matched", prior)(z, z, t)


def test_methods_without_combine_say_so():
    path = lot.interpolation("spherical", NORMAL)
    assert not hasattr(path, "combine")
    with pytest.raises(lot.InputError, match=r"spherical has no combine.*use linear, cauchy, matched"):
        path.combine(np.stack([Z0, Z1]), [1, 1])
    with pytest.raises(AttributeError, match="no attribute 'combin'"):
        path.combin  # noqa: B018


@pytest.mark.parametrize("library", [np.asarray, torch.tensor, jnp.asarray])
def test_a_list_of_points_combines(library):
    path = lot.interpolation("linear", NORMAL)
    z0, z1 = library(Z0.astype(np.float32)), library(Z1.astype(np.float32))
    expected = 1.5 * np.asarray(z0) - 0.5 * np.asarray(z1)
    np.testing.assert_allclose(np.asarray(path.combine([z0, z1], [1.5, -0.5])), expected, rtol=1e-6, atol=1e-6)
