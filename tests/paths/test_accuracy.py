"""Cauchy-linear on N(0, 1) against 60 digits of mpmath: in both tails, at the median, and where endpoints cancel."""

import mpmath
import numpy as np
import pytest
import torch

import latentot as lot

T = 0.3
PATH = lot.interpolation("cauchy", lot.Normal(1))
SIZES = np.concatenate([np.logspace(-300, -1, 25), np.linspace(0.2, 37, 30)])


def to_cauchy(z):
    z = mpmath.mpf(float(z))
    if abs(z) < 1:
        return mpmath.tan(mpmath.pi / 2 * mpmath.erf(z / mpmath.sqrt(2)))
    return mpmath.sign(z) * mpmath.cot(mpmath.pi / 2 * mpmath.erfc(abs(z) / mpmath.sqrt(2)))


def error_of(point, z0, z1):
    """Relative error of a point, to first order: that of its Cauchy number over the slope of its logarithm."""
    g = (1 - mpmath.mpf(T)) * to_cauchy(z0) + mpmath.mpf(T) * to_cauchy(z1)
    back = to_cauchy(point)
    z = mpmath.mpf(float(point))
    # d g / d z = pi phi(z) (1 + g^2)
    slope = mpmath.pi * mpmath.npdf(z) * (1 + back * back)
    return float(abs((back - g) / (slope * z)))


@pytest.fixture(scope="module", autouse=True)
def sixty_digits():
    with mpmath.workdps(60):
        yield


@pytest.mark.parametrize("sign", [-1, 1])
def test_endpoints_of_one_sign(sign):
    z0, z1 = (sign * part.ravel() for part in np.meshgrid(SIZES[::3], SIZES[::2]))
    points = PATH(z0[:, None], z1[:, None], T)[:, 0]
    assert max(error_of(*each) for each in zip(points, z0, z1, strict=True)) <= 1e-14


def test_endpoints_of_two_signs_are_bounded_by_the_condition_number():
    z0, z1 = (part.ravel() for part in np.meshgrid(SIZES[::3], -SIZES[::2]))
    points = PATH(z0[:, None], z1[:, None], T)[:, 0]
    assert np.isfinite(points).all()
    for point, a, b in zip(points, z0, z1, strict=True):
        g0, g1 = (1 - T) * to_cauchy(a), T * to_cauchy(b)
        condition = float((abs(g0) + abs(g1)) / abs(g0 + g1))
        if condition < 1e12:
            assert error_of(point, a, b) <= 1e-14 * condition


@pytest.mark.parametrize("library", [np.asarray, torch.tensor])
def test_single_precision_is_the_double_path_rounded(library):
    size = np.concatenate([np.logspace(-37, 0, 300), np.linspace(0.01, 37, 2_000)]).astype(np.float32)
    rng = np.random.default_rng(0)
    z0, z1 = (rng.permutation(size)[:, None] * rng.choice([-1, 1], (len(size), 1)).astype(np.float32) for _ in "01")
    expected = PATH(z0.astype(np.float64), z1.astype(np.float64), T)
    found = np.asarray(PATH(library(z0), library(z1), T))
    assert found.dtype == np.float32
    assert (np.abs(found - expected) <= np.spacing(np.abs(expected).astype(np.float32))).all()


def test_jax_in_single_precision():
    import jax.numpy as jnp

    z0, z1 = lot.Normal(1).sample(2_000, rng=0), lot.Normal(1).sample(2_000, rng=1)
    same = np.sign(z0) == np.sign(z1)
    z0, z1 = (z[same][:, None].astype(np.float32) for z in (z0, z1))
    found = np.asarray(PATH(jnp.asarray(z0), jnp.asarray(z1), T))
    np.testing.assert_allclose(found, PATH(z0.astype(np.float64), z1.astype(np.float64), T), rtol=1e-5)
