"""Kinds of arrays that callers give: each is right, or refused in one line that says what to do."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import torch

import latentot as lot
from latentot.transport import Gaussian

PRIOR = lot.Normal(3)
Z, W = PRIOR.sample(20, rng=0), PRIOR.sample(20, rng=1)
METHODS = ["linear", "spherical", "normalized", "cdf-linear", "cauchy", "spherical-cauchy", "matched", "stable", "nao"]
FITTED = Gaussian().fit(Z, W, rng=0)
METRICS = ("sliced-wasserstein", "frechet", "norm-ks")


class Unit(np.ndarray):
    """As astropy's arrays with a unit are."""


def readonly(z):
    z = z.copy()
    z.flags.writeable = False
    return z


def mapped(z, file):
    np.save(file, z)
    return np.load(file, mmap_mode="r")


GOOD = {
    "big-endian": lambda z: z.astype(">f8"),
    "longdouble": lambda z: z.astype(np.longdouble),
    "every second": lambda z: np.repeat(z, 2, axis=1)[:, ::2],
    "Fortran": np.asfortranarray,
    "read-only": readonly,
}
BAD = {
    "masked": (lambda z: np.ma.masked_greater(z, 1), "fill or drop the masked values first"),
    "masked, no mask": (np.ma.array, "fill or drop the masked values first"),
    "matrix": (np.matrix, r"got matrix: give numpy\.asarray\(z\)"),
    "subclass": (lambda z: z.view(Unit), r"got Unit: give numpy\.asarray\(z\)"),
    "sparse": (scipy.sparse.csr_array, r"give z\.toarray\(\)"),
    "sparse tensor": (lambda z: torch.tensor(z).to_sparse(), r"give z\.to_dense\(\)"),
    "objects": (lambda z: z.astype(object), "floating-point"),
    "complex": (lambda z: z + 0j, "floating-point"),
    "integers": (lambda z: z.astype(int), "floating-point"),
    "text": (lambda z: z.astype(str), "floating-point"),
}
ON_HOST = {
    "list": lambda z: z.tolist(),
    "table": pd.DataFrame,
    "tensor": torch.tensor,
}


def drifts(z):
    return [lot.drift(name)(z, W, rng=0) for name in METRICS]


@pytest.mark.parametrize("kind", [*GOOD, "memory-mapped"])
def test_plain_kinds_are_right(kind, tmp_path):
    files = (tmp_path / "z.npy", tmp_path / "w.npy")
    z, w = (GOOD[kind](part) if kind in GOOD else mapped(part, file) for part, file in zip((Z, W), files, strict=True))
    for name in METHODS:
        path = lot.interpolation(name, PRIOR)
        points = path(z, w, [0, 0.3])
        assert points.dtype == z.dtype
        np.testing.assert_array_equal(points[0], Z)
        np.testing.assert_allclose(points[1].astype(np.float64), path(Z, W, 0.3), rtol=1e-14)
    np.testing.assert_allclose(drifts(z), drifts(Z), rtol=1e-12)
    np.testing.assert_array_equal(lot.Empirical(z).samples, Z)
    np.testing.assert_allclose(Gaussian().fit(z, w, rng=0)(Z), FITTED(Z), rtol=1e-12)
    np.testing.assert_allclose(FITTED(z).astype(np.float64), FITTED(Z), rtol=1e-12)
    np.testing.assert_allclose(PRIOR.log_prob(z).astype(np.float64), PRIOR.log_prob(Z), rtol=1e-12)


def one_line(call, message):
    with pytest.raises(lot.InputError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("kind", BAD)
def test_others_are_one_clear_line_wherever_arrays_enter(kind):
    make, message = BAD[kind]
    z, path = make(Z), lot.interpolation("cauchy", PRIOR)
    partial = lot.drift("sliced-wasserstein").partial(W, rng=0)
    for call in (
        lambda: path(z, z, 0.3),
        lambda: path(z, z, 0),
        lambda: path.combine(z, [1] * len(Z)),
        lambda: lot.drift("sliced-wasserstein")(z, W, rng=0),
        lambda: lot.drift("sliced-wasserstein")(W, z, rng=0),
        lambda: partial.update(z),
        lambda: lot.Empirical(z),
        lambda: Gaussian().fit(z, W, rng=0),
        lambda: Gaussian().fit(W, z, rng=0),
    ):
        one_line(call, message)
    one_line(lambda: FITTED(z), f"{message}|give numpy.asarray")
    if kind not in {"objects", "complex", "integers", "text"}:
        one_line(lambda: PRIOR.log_prob(z), message)


@pytest.mark.parametrize("kind", ON_HOST)
def test_what_reads_on_the_host_reads_lists_tables_and_tensors(kind):
    z = ON_HOST[kind](Z)
    np.testing.assert_allclose(drifts(z), drifts(Z), rtol=1e-12)
    np.testing.assert_array_equal(lot.Empirical(z).samples, Z)
    np.testing.assert_allclose(Gaussian().fit(z, W, rng=0)(Z), FITTED(Z), rtol=1e-12)
    if kind != "tensor":
        one_line(lambda: lot.interpolation("linear", PRIOR)(z, z, 0.3), r"got \w+: numpy\.asarray\(z\) makes one")


def test_tensors_with_a_gradient_are_read_by_paths_only():
    z = torch.tensor(Z, requires_grad=True)
    assert lot.interpolation("linear", PRIOR)(z, z, 0.3).requires_grad
    for call in (lambda: drifts(z), lambda: lot.Empirical(z), lambda: Gaussian().fit(z, W, rng=0)):
        one_line(call, "cannot be read as an array.*requires grad")


def test_longdouble_keeps_its_digits_where_arithmetic_is_all():
    z = Z.astype(np.longdouble) / 3
    points = lot.interpolation("linear", PRIOR)(z, W.astype(np.longdouble), 0.5)
    np.testing.assert_array_equal(points, np.longdouble(0.5) * z + np.longdouble(0.5) * W)
