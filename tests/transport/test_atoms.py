import numpy as np
import pytest
import torch

import latentot as lot
from latentot.transport.atoms import atoms_map

N = 6_000


def counts(n, rng):
    return rng.poisson(3.0, (n, 2)).astype(float)


def with_zeros(n, rng):
    return np.where(rng.random((n, 2)) < 0.3, 0.0, rng.standard_normal((n, 2)))


@pytest.mark.parametrize("law", [counts, with_zeros], ids=lambda law: law.__name__)
def test_a_smooth_map_is_brought_onto_the_atoms(law):
    rng = np.random.default_rng(0)
    carry = atoms_map(lambda: law(N, rng) + 0.3 * rng.standard_normal((N, 2)), law(N, rng))
    carried, target = carry(law(N, rng) + 0.3 * rng.standard_normal((N, 2))), law(N, rng)
    values, shares = np.unique(target[:, 0], return_counts=True)
    for value, share in zip(values[shares > 0.01 * N], shares[shares > 0.01 * N] / N, strict=True):
        # Two shares of 6,000 differ by chance by 0.009 at most (sd); fitting adds as much. Five of these.
        assert (carried[:, 0] == value).mean() == pytest.approx(share, abs=5 * 0.009 * 2**0.5)


def test_coordinates_without_atoms_stay():
    rng = np.random.default_rng(0)
    target = np.stack([rng.standard_normal(N), rng.integers(0, 2, N).astype(float)], axis=1)
    z = rng.standard_normal((N, 2))
    carry = atoms_map(lambda: z, target)
    carried = carry(z)
    np.testing.assert_array_equal(carried[:, 0], z[:, 0])
    assert (np.isin(carried[:, 1], [0, 1])).mean() > 0.999
    assert atoms_map(lambda: z, rng.standard_normal((N, 2))) is None
    gradient = torch.tensor(z, requires_grad=True)
    carry(gradient).sum().backward()
    assert (gradient.grad[:, 0] == 1).all()


def test_earth_mover_keeps_the_atoms_of_samples():
    samples = np.random.default_rng(0).poisson(3.0, (8_000, 2)).astype(float)
    path = lot.interpolation("earth-mover", lot.Empirical(samples), transport="gaussian", rng=0)
    z0, z1 = np.random.default_rng(1).poisson(3.0, (2, 4_000, 2)).astype(float)
    points = path(z0, z1, 0.3)
    # At t = 0.3 sums take values 0.1 apart, each of which goes to one place: between two atoms lie few.
    assert (points == np.rint(points)).mean() > 0.85
