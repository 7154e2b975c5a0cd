"""Norms of points: of each by itself, to the last bit, whatever lies beside it and however it lies in memory."""

import numpy as np
import pytest

from latentot.numerics.lengths import lengths

EXTREMES = [0.0, 1e-320, 1e-200, 1e200, 1e308]


def rows(d, extreme=None):
    """Numbers of one decimal, so that many norms tie."""
    z = np.random.default_rng(2).standard_normal((300, d)).round(1)
    if extreme is not None:
        z[7] = 0
        z[7, 0] = extreme
    return z


@pytest.mark.parametrize("extreme", [None, *EXTREMES])
@pytest.mark.parametrize("d", [1, 2, 5, 16, 64, 300])
def test_a_norm_is_of_its_row_alone(d, extreme):
    z = rows(d, extreme)
    alone = np.concatenate([lengths(row[None]) for row in z])
    wide = np.zeros((600, 2 * d))
    wide[::2, ::2] = z
    for same in (z, np.asfortranarray(z), wide[::2, ::2], z[::-1].copy()[::-1], z[:, ::-1].copy()[:, ::-1]):
        assert np.array_equal(lengths(same), alone)


@pytest.mark.parametrize("extreme", EXTREMES)
def test_extreme_norms_are_right(extreme):
    assert lengths(rows(5, extreme))[7] == pytest.approx(extreme, rel=1e-12)
    assert lengths(np.full((1, 4), extreme))[0] == pytest.approx(min(2 * extreme, np.inf), rel=1e-4)


def test_of_single_precision_they_are_those_of_the_same_numbers_in_double():
    z = rows(5).astype(np.float32)
    assert np.array_equal(lengths(z), lengths(z.astype(np.float64)))


def test_of_what_is_not_finite_they_are_not_finite():
    z = rows(3)
    z[0, 1], z[1, 2] = np.nan, np.inf
    found = lengths(z)
    assert np.isnan(found[0])
    assert found[1] == np.inf
    assert np.isfinite(found[2:]).all()


def test_no_points_have_no_norms():
    assert lengths(np.empty((0, 3))).shape == (0,)
