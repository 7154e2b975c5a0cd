"""What a prior may have drawn, rounded: every dtype's rounding is inside its support, and every path bears it."""

import ml_dtypes
import numpy as np
import pytest
import scipy.stats
import torch

import latentot as lot

HALF = [np.float16, ml_dtypes.bfloat16]
SMALL = [np.float32, *HALF]
BOUNDED = {
    "uniform(-.1, .1)": lot.Uniform(4, low=-0.1, high=0.1),
    "uniform(0, 1/3)": lot.Uniform(4, low=0, high=1 / 3),
    "uniform(-1000, -999.9)": lot.Uniform(4, low=-1000, high=-999.9),
    "each": lot.Uniform(4, low=[-0.1, 0.3, 0, 7], high=[0.1, 0.7, 1e-3, 7.7]),
    "scipy uniform": lot.ProductPrior(scipy.stats.uniform(-0.1, 0.2), 4),
    "arcsine": lot.ProductPrior(scipy.stats.arcsine(), 4),
    "exponential": lot.ProductPrior(scipy.stats.expon(0.1), 4),
    "mixed": lot.ProductPrior([lot.Uniform(1, high=0.1).marginal, scipy.stats.expon(0.3), *[scipy.stats.norm()] * 2]),
}


def at_the_ends(prior):
    """Rows of draws, and of the support's ends and what is a rounding inside of them."""
    z = prior.sample(500, rng=0)
    low, high = (np.broadcast_to(end, 4) for end in prior.marginal.support)
    for row, (end, other) in enumerate([(low, low), (high, high), (low, high), (high, low)]):
        z[row] = np.where(np.isfinite(end), np.nextafter(end, other), z[row])
    return z


@pytest.mark.parametrize("dtype", [np.float64, *SMALL], ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("prior", BOUNDED.values(), ids=BOUNDED)
def test_what_was_rounded_is_in_the_support(prior, dtype):
    z = at_the_ends(prior).astype(dtype)
    assert not prior.outside(z).any()
    # Two roundings are allowed, eight are not.
    low, high = (np.broadcast_to(end, 4) for end in prior.marginal.support)
    greatest = max(np.abs(end[np.isfinite(end)]).max(initial=0) for end in (low, high))
    beyond = z.copy()
    beyond[:, 0] = (low[0] - 8 * float(ml_dtypes.finfo(dtype).eps) * greatest).astype(dtype)
    assert prior.outside(beyond).all()


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16], ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("prior", BOUNDED.values(), ids=BOUNDED)
def test_every_path_bears_rounded_ends(prior, dtype):
    z = at_the_ends(prior).astype(dtype)
    z0, z1 = z, z[::-1].copy()
    options = {"stable": [{"alpha": a} for a in (0.5, 1.5, 2.0)], "switch": [{"rng": 0}]}
    # By quadrature a sum takes a second a law: Uniform's is in closed form.
    methods = ["linear", "spherical", "normalized", "cdf-linear", "cauchy", "stable", "switch"]
    if "Uniform" in repr(prior):
        methods.append("matched")
    for name in methods:
        for chosen in options.get(name, [{}]):
            points = lot.interpolation(name, prior, **chosen)(z0, z1, [0, 0.3, 0.5, 1])
            assert points.dtype == dtype
            assert np.isfinite(points).all(), (name, chosen)
            if name in {"linear", "cdf-linear", "cauchy", "stable", "switch", "matched"}:
                assert not prior.outside(points).any(), (name, chosen)


def test_torch_tensors_at_rounded_ends_give_finite_points():
    prior = BOUNDED["uniform(-.1, .1)"]
    z = torch.tensor(at_the_ends(prior))
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        for name in ("cauchy", "cdf-linear", "matched"):
            points = lot.interpolation(name, prior)(z.to(dtype), z.flip(0).to(dtype), 0.3)
            assert torch.isfinite(points).all()


@pytest.mark.parametrize("dtype", [np.float64, *SMALL], ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("dim", [2, 3, 8, 64, 512, 4096, 65_536])
def test_rounded_unit_vectors_are_on_the_sphere(dim, dtype):
    for radius in (1.0, dim**0.5):
        prior = lot.Sphere(dim, radius=radius)
        z = prior.sample(20 if dim > 1000 else 500, rng=0)
        assert not prior.outside(z.astype(dtype)).any()
        # Normalised anew in the dtype itself, as models do.
        own = z.astype(dtype)
        own = own * (radius / np.linalg.norm(own.astype(np.float32), axis=1, keepdims=True)).astype(dtype)
        assert not prior.outside(own).any()
        assert prior.outside((1.05 * z).astype(dtype)).all()
        assert prior.outside((0.95 * z).astype(dtype)).all()


@pytest.mark.parametrize("radius", [1e-3, 1.0, 22.6])
@pytest.mark.parametrize("name", ["spherical", "normalized", "spherical-cauchy", "matched"])
def test_paths_keep_a_sphere_of_any_radius(name, radius):
    unit, prior = lot.Sphere(16), lot.Sphere(16, radius=radius)
    z0, z1 = prior.sample(200, rng=1), prior.sample(200, rng=2)
    points = lot.interpolation(name, prior)(z0, z1, 0.3)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), radius, rtol=1e-12)
    expected = lot.interpolation(name, unit)(z0 / radius, z1 / radius, 0.3)
    np.testing.assert_allclose(points / radius, expected, rtol=1e-12, atol=1e-14)
    assert lot.interpolation(name, prior).claims() == lot.interpolation(name, unit).claims()
    half = lot.interpolation(name, prior)(z0.astype(np.float16), z1.astype(np.float16), 0.3)
    assert not prior.outside(half).any()


def test_a_sphere_is_a_value_with_a_radius():
    assert repr(lot.Sphere(4, radius=2)) == "Sphere(4, radius=2)"
    assert lot.Sphere(4) == lot.Sphere(4, radius=1.0) != lot.Sphere(4, radius=2)
    assert lot.Sphere(4, radius=2).radius.support == (2.0, 2.0)
    np.testing.assert_array_equal(lot.Sphere(4).sample(3, rng=0) * 2, lot.Sphere(4, radius=2).sample(3, rng=0))
    with pytest.raises(lot.InputError, match=r"must be in the support of Sphere\(4, radius=2\)"):
        lot.interpolation("spherical", lot.Sphere(4, radius=2))(np.eye(4), np.eye(4)[::-1], 0.5)
