"""Gradients of paths about the origin where directions meet, oppose or vanish, against 40 digits of mpmath."""

import functools
import math

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
import torch
from mpmath import mp

import latentot as lot

T = 0.3
ANGLES = [0.0, *(10.0**-k for k in range(8, 0, -1)), 0.45, 1.0, 2.5, math.pi - 0.1, math.pi - 1e-3]
NORMS = [(1.0, 1.0), (0.4, 2.5)]
SCALES = [(1e-20, 2e-20), (3e20, 1e20), (1e-12, 1e12)]
PAIRS = [(angle, *norms) for angle in ANGLES for norms in NORMS] + [(1.0, *scales) for scales in SCALES]
PATHS = {name: lot.interpolation(name, lot.Normal(3)) for name in ("spherical", "normalized")}
PATHS["spherical-cauchy"] = lot.interpolation("spherical-cauchy", lot.Normal(2))


def ends(d, pairs, dtype=np.float64):
    """Pairs at given angles and norms, in a plane that no axis lies in."""
    plane = np.linalg.qr(np.random.default_rng(0).standard_normal((d, 2)))[0].T
    angle, norm0, norm1 = np.array(pairs).T[:, :, None]
    z0 = norm0 * plane[0] + 0 * angle
    return z0.astype(dtype), (norm1 * (np.cos(angle) * plane[0] + np.sin(angle) * plane[1])).astype(dtype)


def in_digits(name, z0, z1):
    """The point at T by the formula, in mpmath."""
    size = [mp.sqrt(mp.fsum(x * x for x in z)) for z in (z0, z1)]
    if name == "normalized":
        y = [(1 - mp.mpf(T)) * a + mp.mpf(T) * b for a, b in zip(z0, z1, strict=True)]
        norm = mp.sqrt(mp.fsum(x * x for x in y))
        return [x / norm * ((1 - mp.mpf(T)) * size[0] + mp.mpf(T) * size[1]) for x in y]
    chord = mp.sqrt(mp.fsum((a / size[0] - b / size[1]) ** 2 for a, b in zip(z0, z1, strict=True)))
    w = 2 * mp.asin(chord / 2)
    shares = [mp.sin(s * w) / mp.sin(w) if w else s for s in (1 - mp.mpf(T), mp.mpf(T))]
    if name == "spherical":
        return [shares[0] * a + shares[1] * b for a, b in zip(z0, z1, strict=True)]
    # The norm of two normal numbers has F(r) = 1 - exp(-r^2 / 2).
    h = [-mp.cot(mp.pi * -mp.expm1(-r * r / 2)) for r in size]
    carried = mp.acot(-((1 - mp.mpf(T)) * h[0] + mp.mpf(T) * h[1])) / mp.pi
    radius = mp.sqrt(-2 * mp.log1p(-(carried if carried > 0 else carried + 1)))
    return [radius * (shares[0] * a / size[0] + shares[1] * b / size[1]) for a, b in zip(z0, z1, strict=True)]


def jacobians_in_digits(name, z0, z1):
    """Derivatives of each point in its endpoints, shape (n, d, 2 d), by central differences."""
    found = np.empty((*z0.shape, 2 * z0.shape[1]))
    with mpmath.workdps(60):
        for row, both in enumerate(np.concatenate([z0, z1], axis=1).tolist()):
            d = len(both) // 2
            for j in range(2 * d):
                step = mp.mpf(10) ** -25 * (max(map(abs, both[:d] if j < d else both[d:])) or 1)
                moved = [[mp.mpf(x) + sign * step * (i == j) for i, x in enumerate(both)] for sign in (1, -1)]
                up, down = (in_digits(name, both_[:d], both_[d:]) for both_ in moved)
                found[row, :, j] = [float((a - b) / (2 * step)) for a, b in zip(up, down, strict=True)]
    return found


def jacobians_in_torch(path, z0, z1):
    """The same by torch, in the precision of the endpoints."""
    tensors = [torch.tensor(z, requires_grad=True) for z in (z0, z1)]
    points = path(*tensors, T)
    rows = [torch.autograd.grad(points[:, i].sum(), tensors, retain_graph=True) for i in range(points.shape[1])]
    return np.stack([np.concatenate([part.numpy() for part in row], axis=1) for row in rows], axis=1)


LIBRARIES = pytest.mark.parametrize("library", ["torch float64", "torch float32", "jax float32"])
ODD = ["zero start", "zero end", "zeros", "opposite", "opposite, twice the norm"]


def all_ends(name, dtype):
    """The pairs, then those whose ends are zero or opposite."""
    d = PATHS[name].prior.dim
    # Norms beyond what a law's table holds have no derivative.
    pairs = PAIRS if name != "spherical-cauchy" else PAIRS[: 2 * len(ANGLES)]
    (z0, z1), (z, other) = ends(d, pairs), ends(d, [(1.0, 1.5, 2.0)])
    odd = zip(*[(0 * z, other), (z, 0 * z), (0 * z, 0 * z), (z, -z), (z, -2 * z)], strict=True)
    return [np.concatenate([end, *others]).astype(dtype) for end, others in zip((z0, z1), odd, strict=True)]


@functools.cache
def in_jax(name):
    """All Jacobians and points by JAX, compiled, pair by pair: once, since compiling is what takes time."""

    def twice(a, b):
        point = PATHS[name](a, b, T)
        return point, point

    each = jax.vmap(jax.jacrev(twice, argnums=(0, 1), has_aux=True))
    parts, points = jax.jit(each)(*map(jnp.asarray, all_ends(name, np.float32)))
    return np.concatenate([np.asarray(part) for part in parts], axis=2), points


def jacobians(library, name):
    dtype = np.dtype(library.split()[1])
    found = in_jax(name)[0] if "jax" in library else jacobians_in_torch(PATHS[name], *all_ends(name, dtype))
    assert np.isfinite(found).all()
    return found[: -len(ODD)], found[-len(ODD) :]


@pytest.mark.parametrize("name", PATHS)
@LIBRARIES
def test_they_are_right_at_any_angle_and_norm(name, library):
    dtype = np.dtype(library.split()[1])
    found, _ = jacobians(library, name)
    z0, z1 = (end[: -len(ODD)].astype(np.float64) for end in all_ends(name, dtype))
    expected = jacobians_in_digits(name, z0, z1)
    # The law of the norm goes through a table.
    eps = max(float(np.finfo(dtype).eps), 1e-10 if name == "spherical-cauchy" else 0)
    for row, (angle, norm0, norm1) in enumerate(PAIRS[: len(found)]):
        for part, norm in ((np.s_[:, : z0.shape[1]], norm0), (np.s_[:, z0.shape[1] :], norm1)):
            # Unit vectors are known to eps, their sum relatively to eps / (pi - angle), and its square divides.
            tolerance = 40 * eps * max(1, norm0 / norm, norm1 / norm) / min(1.0, math.pi - angle) ** 3
            np.testing.assert_allclose(found[row][part], expected[row][part], rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", PATHS)
def test_jax_gives_the_points_of_numpy(name):
    points = in_jax(name)[1]
    assert points.dtype == jnp.float32
    # Of the last angles, near pi, the rounding of an endpoint decides which way round the path goes.
    near = 2 * (len(ANGLES) - 1)
    expected = PATHS[name](*(end[:near].astype(np.float64) for end in all_ends(name, np.float32)), T)
    np.testing.assert_allclose(points[:near], expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", PATHS)
@LIBRARIES
def test_zero_and_opposite_ends_have_finite_ones(name, library):
    _, found = jacobians(library, name)
    d, u = PATHS[name].prior.dim, all_ends(name, np.float64)[1][-len(ODD)] / 2
    straight = np.concatenate([(1 - T) * np.eye(d), T * np.eye(d)], axis=1)
    if name == "spherical":
        np.testing.assert_allclose(found[:3], np.stack([straight] * 3), atol=1e-6)
    if name == "normalized":
        # |z0| turns around at 0: only what is across the direction of y moves the point.
        straight[:, :d] -= (1 - T) * np.outer(u, u)
        np.testing.assert_allclose(found[0], straight, atol=1e-6)


@LIBRARIES
def test_opposite_ends_turn_with_their_endpoints(library):
    """Moved together they stay opposite, and the points turn: finite differences of NumPy's path say how."""
    found = jacobians(library, "spherical")[1][-1]
    z = all_ends("spherical", np.float64)[0][-1:]
    for j, h in enumerate(1e-6 * np.eye(3)):
        up, down = (PATHS["spherical"](z + step, -2 * (z + step), T) for step in (h, -h))
        np.testing.assert_allclose(found[:, j] - 2 * found[:, 3 + j], (up - down)[0] / 2e-6, atol=2e-5)


@pytest.mark.parametrize("name", PATHS)
def test_a_gradient_flows_through_one_t_a_pair(name):
    rng = np.random.default_rng(5)
    z0, z1 = (torch.tensor(rng.standard_normal((4, PATHS[name].prior.dim)), requires_grad=True) for _ in "01")
    t = torch.tensor([[0.1], [0.5], [0.9], [0.3]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(PATHS[name], (z0, z1, t), atol=1e-5, rtol=1e-4)


LAWS = [
    ("cauchy", lot.Normal(3), {}),
    ("cauchy", lot.Laplace(3), {}),
    ("cdf-linear", lot.Normal(3), {}),
    ("matched", lot.Normal(3, mean=1.0, scale=2.0), {}),
    ("stable", lot.Normal(3), {"alpha": 2}),
    ("linear", lot.Normal(3), {}),
]


@pytest.mark.parametrize(("name", "prior", "options"), LAWS, ids=str)
def test_equal_and_opposite_coordinates_have_finite_ones(name, prior, options):
    path = lot.interpolation(name, prior, **options)
    quartile = prior.marginal.quartiles[1]
    z = np.array([[0.0, 1.0, -2.0], [quartile, -quartile, 1e-20], [9.0, -9.0, 5.0]], dtype=np.float32)
    for z0, z1 in ((z, z), (z, -z), (z, 0 * z), (0 * z, z)):
        expected = jacobians_in_torch(path, z0.astype(np.float64), z1.astype(np.float64))
        assert np.isfinite(expected).all()
        np.testing.assert_allclose(jacobians_in_torch(path, z0, z1), expected, rtol=1e-5, atol=1e-6)
    if name in {"cauchy", "cdf-linear", "linear"}:
        both = jacobians_in_torch(path, z.astype(np.float64), z.astype(np.float64))
        weights = np.concatenate([(1 - T) * np.eye(3), T * np.eye(3)], axis=1)
        np.testing.assert_allclose(both, np.stack([weights] * 3), rtol=1e-9, atol=1e-12)
