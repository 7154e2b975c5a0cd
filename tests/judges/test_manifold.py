"""Precision, recall, density, coverage: against their formulas with all pairs, and what is known in closed form."""

import importlib.util

import numpy as np
import pytest
from scipy.spatial.distance import cdist

import latentot as lot
from latentot.errors import InputError
from latentot.judges import coverage_by_chance, prdc

NAMES = ("precision", "recall", "density", "coverage")
IDENTICAL = {
    "normal": np.random.default_rng(0).standard_normal((300, 8)),
    "ones": np.ones((300, 8)),
    "whole numbers": np.random.default_rng(0).integers(0, 3, (300, 4)).astype(float),
    "pairs": np.repeat(np.random.default_rng(0).standard_normal((150, 8)), 2, axis=0),
}


def formulas(real, fake, k):
    """Naeem et al.'s, with whole matrices of distances, and <=."""
    across = cdist(real, fake)
    reach, own = (np.sort(cdist(z, z), axis=1)[:, k] for z in (real, fake))
    inside = across <= reach[:, None]
    return {
        "precision": inside.any(axis=0),
        "recall": (across <= own).any(axis=1),
        "density": inside.sum(axis=0) / k,
        "coverage": inside.any(axis=1),
    }


@pytest.mark.parametrize(("n", "m", "k"), [(300, 300, 5), (150, 400, 3), (400, 100, 10)])
@pytest.mark.parametrize("shift", [0.0, 0.7])
def test_values_are_those_of_the_formulas_and_of_each_point(n, m, k, shift):
    rng = np.random.default_rng(n + m)
    real, fake = rng.standard_normal((m, 16)), rng.standard_normal((n, 16)) * 1.1 + shift
    expected = formulas(real, fake, k)
    for name in NAMES:
        found = lot.judge(name, k=k)(fake, real, rng=0)
        np.testing.assert_array_equal(found.per_point, expected[name])
        assert found.value == pytest.approx(expected[name].mean(), abs=1e-12)
        assert found.n_used == n
        at_once = prdc(fake, real, k)[name]
        np.testing.assert_array_equal(at_once.per_point, found.per_point)
        assert (at_once.value, at_once.n_used) == (found.value, n)


@pytest.mark.skipif(importlib.util.find_spec("prdc") is None, reason="prdc is not installed (pip install prdc)")
def test_values_are_those_of_prdc():
    from prdc import compute_prdc

    rng = np.random.default_rng(0)
    real, fake = rng.standard_normal((600, 32)), rng.standard_normal((500, 32)) * 1.05
    expected = compute_prdc(real, fake, nearest_k=5)
    for name in NAMES:
        assert lot.judge(name)(fake, real, rng=0).value == pytest.approx(expected[name], abs=1e-6)


@pytest.mark.parametrize("x", IDENTICAL.values(), ids=IDENTICAL)
def test_identical_samples_score_one(x):
    for name in NAMES:
        assert lot.judge(name)(x, x, rng=0).value == pytest.approx(1, abs=1e-12)
        assert prdc(x, x)[name].value == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("n", "m", "k"), [(200, 200, 5), (100, 300, 3)])
@pytest.mark.parametrize("law", ["normal", "cauchy"])
def test_coverage_by_chance_is_the_same_whatever_the_law(n, m, k, law):
    rng, runs = np.random.default_rng(0), 100
    draw = rng.standard_normal if law == "normal" else rng.standard_cauchy
    found = np.array([lot.judge("coverage", k=k)(draw((n, 4)), draw((m, 4)), rng=0).value for _ in range(runs)])
    # Two standard errors would fail in 5 % of seeds; this one is fixed.
    assert abs(found.mean() - coverage_by_chance(n, m, k)) < 2 * found.std(ddof=1) / runs**0.5


def test_coverage_by_chance_in_numbers():
    assert coverage_by_chance(1_000, 1_000, 5) == pytest.approx(0.969, abs=5e-4)
    assert coverage_by_chance(1, 2, 1) == pytest.approx(0.5)


def test_density_is_one_on_average_where_both_have_one_law():
    rng = np.random.default_rng(0)
    found = [
        lot.judge("density")(rng.standard_normal((200, 4)), rng.standard_normal((200, 4)), rng=0).value
        for _ in range(50)
    ]
    # Four standard errors: false alarm 6e-5.
    assert abs(np.mean(found) - 1) < 4 * np.std(found, ddof=1) / 50**0.5


def test_roles_are_not_swapped():
    rng = np.random.default_rng(0)
    real = rng.standard_normal((300, 6))
    collapsed = 0.01 * rng.standard_normal((300, 6))
    found = {name: lot.judge(name)(collapsed, real, rng=0).value for name in NAMES}
    assert found["precision"] == 1
    assert found["recall"] < 0.05
    assert found["coverage"] < 0.2
    assert found["density"] > 1


def test_a_reference_is_prepared_once():
    rng = np.random.default_rng(0)
    real = rng.standard_normal((200, 4))
    for name in NAMES:
        judging = lot.judge(name).against(real, rng=0)
        for _ in range(2):
            fake = rng.standard_normal((150, 4))
            assert judging(fake).value == lot.judge(name)(fake, real, rng=0).value


@pytest.mark.parametrize("name", NAMES)
def test_too_few_for_so_many_neighbours(name):
    few, enough = np.random.default_rng(0).standard_normal((2, 4)), np.random.default_rng(1).standard_normal((50, 4))
    data, reference = (few, enough) if name == "recall" else (enough, few)
    with pytest.raises(InputError, match="no 5 neighbours"):
        lot.judge(name)(data, reference, rng=0)
    with pytest.raises(InputError, match="k = 1 or more, got 0"):
        lot.judge(name, k=0)
