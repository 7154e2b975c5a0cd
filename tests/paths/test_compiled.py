"""The compiled path: as exact as it says, and the same as the plain one."""

import numpy as np
import pytest
from mpmath import mp

import latentot as lot
from latentot.paths import stable

pytest.importorskip("numba", reason="the compiled path needs numba, the `fast` extra")

from latentot.paths.compiled import REACH, combine

CLAIM = 1e-15
Z = np.concatenate([np.logspace(-300, -1, 60), np.linspace(0.01, 2, 800), np.linspace(2, 37, 800)])
# Where one chart takes over from the other, forth and back.
Z = np.concatenate([Z, np.nextafter(0.8, [0, 1]), 0.8 + np.arange(-20, 20) * 1e-15])


@pytest.fixture(autouse=True)
def fifty_digits():
    with mp.workdps(50):
        yield


def to_cauchy(z):
    z, x = mp.mpf(float(z)), abs(mp.mpf(float(z)))
    g = mp.tan(mp.pi * mp.erf(x / mp.sqrt(2)) / 2) if x < 1 else mp.cot(mp.pi * mp.erfc(x / mp.sqrt(2)) / 2)
    return mp.sign(z) * g


def off_by(z, g):
    """Relative error of z as g carried back: Newton's correction, exact to second order."""
    z = mp.mpf(float(z))
    image = to_cauchy(z)
    return abs((image - g) / (mp.pi * (1 + image**2) * mp.npdf(z) * z))


def plain(monkeypatch, path, *arguments):
    with monkeypatch.context() as patched:
        patched.setattr(stable, "_compiled", lambda: None)
        return path(*arguments)


def test_it_is_what_the_path_uses():
    assert stable._compiled() is combine


def test_each_direction_is_exact_to_1e_15():
    from latentot.paths.compiled import _add, _carry_back

    g = np.zeros(Z.size)
    _add(Z, 1.0, g)
    assert max(abs(mp.mpf(float(a)) / to_cauchy(z) - 1) for a, z in zip(g, Z, strict=True)) <= CLAIM
    back = g.copy()
    _carry_back(back)
    assert max(off_by(z, mp.mpf(float(a))) for z, a in zip(back, g, strict=True)) <= CLAIM
    np.testing.assert_allclose(back, Z, rtol=CLAIM)


@pytest.mark.parametrize("t", [0.01, 0.3, 0.5])
def test_paths_between_points_of_one_sign_are_exact_to_1e_14(t):
    rng = np.random.default_rng(0)
    z0, z1 = rng.permutation(Z)[:400], rng.permutation(Z)[:400]
    points = combine([z0, z1], [1 - t, t])
    for a, b, z in zip(z0, z1, points, strict=True):
        assert off_by(z, (1 - t) * to_cauchy(a) + mp.mpf(t) * to_cauchy(b)) <= 1e-14


def test_where_endpoints_cancel_the_error_is_that_of_the_greater():
    z0 = np.random.default_rng(1).uniform(0.1, 30, 300)
    z1 = -z0 * (1 + np.logspace(-12, -1, 300))
    points = combine([z0, z1], [0.5, 0.5])
    for a, b, z in zip(z0, z1, points, strict=True):
        g0, g1 = to_cauchy(a) / 2, to_cauchy(b) / 2
        assert off_by(z, g0 + g1) <= CLAIM * (1 + (abs(g0) + abs(g1)) / abs(g0 + g1))


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_it_agrees_with_the_plain_path(monkeypatch, dtype):
    prior = lot.Normal(16)
    z0, z1 = (prior.sample(500, rng=seed).astype(dtype) for seed in (0, 1))
    path = lot.interpolation("cauchy", prior)
    points = path(z0, z1, 0.3)
    assert points.dtype == dtype
    # Between endpoints of opposite sign either path may lose digits of the difference.
    tolerance = max(1e-11, float(np.finfo(dtype).eps))
    np.testing.assert_allclose(points, plain(monkeypatch, path, z0, z1, 0.3), rtol=tolerance, atol=tolerance)


def test_single_precision_is_the_double_one_rounded():
    z0, z1 = np.random.default_rng(2).uniform(-37, 37, (2, 500, 8)).astype(np.float32)
    path = lot.interpolation("cauchy", lot.Normal(8))
    expected = path(z0.astype(np.float64), z1.astype(np.float64), 0.3).astype(np.float32)
    np.testing.assert_array_equal(path(z0, z1, 0.3), expected)


def test_combinations_of_many_points(monkeypatch):
    prior = lot.Normal((2, 3))
    z, weights = prior.sample(4, rng=3), [[1, -1, 1, 0], [1, 1, 1, 1], [-2, 0, 0, 0.5]]
    path = lot.interpolation("cauchy", prior)
    np.testing.assert_allclose(
        path.combine(z, weights), plain(monkeypatch, path.combine, z, weights), rtol=1e-12, atol=1e-13
    )


def test_tails_beyond_reach_end_there_and_opposite_ones_meet():
    far = np.array([38.0, 100.0, 1e300])
    np.testing.assert_allclose(combine([far, far], [0.5, 0.5]), REACH, rtol=CLAIM)
    np.testing.assert_array_equal(combine([far, -far], [0.5, 0.5]), 0)
    assert np.isfinite(combine([np.linspace(-40, 40, 999), np.full(999, -37.0)], [0.1, 0.9])).all()


def test_every_layout_gives_the_same_bits():
    z0, z1 = np.random.default_rng(4).standard_normal((2, 1_003, 6))
    path = lot.interpolation("cauchy", lot.Normal(6))
    batch = path(z0, z1, 0.4)
    np.testing.assert_array_equal(np.stack([path(a, b, 0.4) for a, b in zip(z0, z1, strict=True)]), batch)
    np.testing.assert_array_equal(path(np.asfortranarray(z0), z1[::-1][::-1], 0.4), batch)


def test_any_number_of_threads_gives_the_same_bits_and_the_first_error(monkeypatch):
    z0, z1 = np.random.default_rng(5).standard_normal((2, 9_000, 128))
    path = lot.interpolation("cauchy", lot.Normal(128))
    batches = []
    for count in ("1", "2", "5"):
        monkeypatch.setenv("OMP_NUM_THREADS", count)
        batches.append(path(z0, z1, 0.3))
    assert all((batch == batches[0]).all() for batch in batches)
    z1[[5_000, 8_000], 7] = np.nan
    with pytest.raises(lot.InputError, match=r"z1 must be finite.*row 5000"):
        path(z0, z1, 0.3)


def test_latents_may_be_read_only_and_out_of_line_with_words():
    path, z = lot.interpolation("cauchy", lot.Normal(6)), np.random.default_rng(6).standard_normal((20, 6))
    shifted = np.empty(z.nbytes + 1, np.uint8)[1:].view(np.float64).reshape(z.shape)
    shifted[:] = z
    shifted.flags.writeable = False
    np.testing.assert_array_equal(path(shifted, z[::-1], 0.3), path(z, z[::-1], 0.3))


def test_a_shifted_and_scaled_normal_prior_is_compiled_too():
    z0, z1 = np.random.default_rng(7).standard_normal((2, 50, 6))
    points = lot.interpolation("cauchy", lot.Normal(6, mean=4, scale=0.5))(z0 / 2 + 4, z1 / 2 + 4, 0.3)
    expected = combine([(z / 2 + 4 - 4) / 0.5 for z in (z0, z1)], [0.7, 0.3]) / 2 + 4
    np.testing.assert_array_equal(points, expected)
