"""Weighted sums in one pass: NumPy's bits, and nothing that is not finite gets through."""

import subprocess
import sys

import numpy as np
import pytest

import latentot as lot
from latentot.paths import summation as module
from latentot.paths.linear import weighted_sum
from latentot.paths.summation import LARGE, _way

D = 16
# A quarter of LARGE, from which on numbers are summed by the compiled way here.
ENOUGH = LARGE // 4
ROWS = ENOUGH // D + 3
PATH = lot.interpolation("linear", lot.Normal(D))


@pytest.fixture(params=["plain", "compiled", "compiled on two cores"])
def way(request, monkeypatch):
    monkeypatch.setattr(module, "LARGE", ENOUGH)
    if request.param == "plain":
        monkeypatch.setattr(module, "_compiled", lambda: None)
    else:
        pytest.importorskip("numba", reason="the compiled way needs numba, the `fast` extra")
    if request.param == "compiled on two cores":
        monkeypatch.setattr(module, "FRESH", 0)
        monkeypatch.setattr(module, "threads", lambda: 2)
    return request.param


def draws(k, dtype):
    return np.random.default_rng(0).standard_normal((k, ROWS, D)).astype(dtype)


def test_it_is_compiled_where_that_is_worth_it():
    pytest.importorskip("numba")
    from latentot.paths.compiled_summation import compiled

    assert _way(2, np.empty(LARGE)) is compiled
    assert _way(2, np.empty(LARGE, np.float32)) is compiled
    others = [
        _way(2, np.empty(LARGE - 1)),
        _way(1, np.empty(LARGE)),
        _way(2, np.empty(LARGE, ">f8")),
        _way(2, np.empty(LARGE, np.longdouble)),
    ]
    assert compiled not in others


def test_a_small_batch_loads_no_numba():
    code = (
        "import sys, latentot as lot; p = lot.Normal(4); z = p.sample(9, rng=0); "
        "lot.interpolation('linear', p)(z, z, 0.3); assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("weights", [[0.3], [0.7, 0.3], [1, -1, 1], [2, 0, -0.5, 1e-3, 1 / 3]])
def test_the_bits_are_those_of_the_formula(way, dtype, weights):
    z = draws(len(weights), dtype)
    z[0, :3], z[-1, :5] = 0, -0.0
    found, expected = PATH.combine(z, weights), weighted_sum(list(z), weights)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble, np.dtype(">f8")])
def test_any_layout_and_precision(way, dtype):
    z0, z1 = draws(2, dtype)
    bytes_ = np.empty(z0.nbytes + 1, np.uint8)
    unaligned = bytes_[1:].view(dtype).reshape(z0.shape)
    unaligned[:] = z0
    unaligned.flags.writeable = False
    expected = PATH(z0, z1, 0.3)
    np.testing.assert_array_equal(expected[:50], PATH(z0[:50], z1[:50], 0.3))
    np.testing.assert_array_equal(PATH(unaligned, np.asfortranarray(z1), 0.3), expected)
    np.testing.assert_array_equal(PATH(z0[::-1], z1[::-1], 0.3), expected[::-1])
    np.testing.assert_array_equal(PATH.combine(np.stack([z0, z1]), [0.7, 0.3]), expected)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_found_even_at_weight_zero(way, dtype, bad):
    z = draws(3, dtype)
    z[1, [4_000, 9_000], 7] = bad
    with pytest.raises(lot.InputError, match=r"z\[1\] must be finite: .* first in row 4000$"):
        PATH.combine(z, [1, 0, 0.5])
    with pytest.raises(lot.InputError, match=r"z1 must be finite: .* first in row 4000$"):
        PATH(z[0], z[1], 0.3)
    with pytest.raises(lot.InputError, match=r"z0 must be finite"):
        PATH(z[1], z[1], 0.3)


def test_finite_latents_may_overflow(way):
    z = draws(2, np.float32)
    z[:, 5, 5] = 3e38
    with pytest.warns(RuntimeWarning, match="overflow"):
        points = PATH.combine(z, [1, 1])
    assert np.isposinf(points[5, 5])
    assert np.isfinite(points).sum() == points.size - 1


def test_a_bounded_support_is_still_checked(way):
    prior = lot.Uniform(D)
    z = np.full((2, ROWS, D), 0.5)
    z[1, 777] = 1.5
    with pytest.raises(lot.InputError, match=r"z1 must be in the support.*row 777 is not"):
        lot.interpolation("linear", prior)(*z, 0.3)
