import numpy as np
import pytest
from scipy.optimize import minimize

import latentot as lot

PRIOR = lot.Normal(16)


def cost(points, law):
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    norms = np.linalg.norm((points[1:] + points[:-1]) / 2, axis=1)
    return float((-law.log_pdf(norms) * steps).sum())


def test_it_costs_less_than_its_rivals_and_about_as_little_as_a_general_optimiser_finds():
    z0, z1 = PRIOR.sample(1, rng=0)[0], PRIOR.sample(1, rng=1)[0] * 0.6
    t = np.linspace(0, 1, 81)[:, None]  # one a pair: for each of a sequence of t it would be found anew
    ends = [np.tile(z, (81, 1)) for z in (z0, z1)]
    found, *rivals = (
        cost(lot.interpolation(name, PRIOR)(*ends, t), PRIOR.radius)
        for name in ("nao", "linear", "spherical", "normalized")
    )
    assert found < min(rivals)

    unit = [z / np.linalg.norm(z) for z in (z0, z1)]
    turned = np.linspace(0, np.arccos(unit[0] @ unit[1]), 21)

    def chain(inner):
        radii = np.concatenate([[np.linalg.norm(z0)], inner, [np.linalg.norm(z1)]])
        points = radii[:, None] * np.stack([np.cos(turned), np.sin(turned)], axis=1)
        fine = np.linspace(0, 1, 8, endpoint=False)[:, None]
        between = points[:-1, None] + fine * np.diff(points, axis=0)[:, None]
        return cost(np.concatenate([between.reshape(-1, 2), points[-1:]]), PRIOR.radius)

    start = np.linspace(np.linalg.norm(z0), np.linalg.norm(z1), 21)[1:-1]
    general = minimize(chain, start, method="L-BFGS-B", options={"maxfun": 100_000})
    assert found == pytest.approx(general.fun, rel=0.02)


def test_norms_along_the_way_are_likely_ones():
    z0, z1 = 0.5 * PRIOR.sample(200, rng=0), 0.5 * PRIOR.sample(200, rng=1)
    middle = np.linalg.norm(lot.interpolation("nao", PRIOR)(z0, z1, 0.5), axis=1)
    assert (middle > np.linalg.norm(z0, axis=1)).mean() > 0.9


def test_odd_rows():
    z0 = np.vstack([PRIOR.sample(1, rng=0), np.zeros(16), PRIOR.sample(1, rng=2), np.zeros(16)])
    z1 = np.vstack([-z0[:1], PRIOR.sample(1, rng=1), 2 * z0[2:3], np.zeros(16)])
    path = lot.interpolation("nao", PRIOR)
    points = path(z0, z1, 0.5)
    assert np.isfinite(points).all()
    np.testing.assert_allclose(points[2], 1.5 * z0[2])
    np.testing.assert_allclose(points[3], 0)
    for row in range(4):
        np.testing.assert_allclose(path(z0[row], z1[row], 0.5), points[row], rtol=1e-9, atol=1e-12)
