import numpy as np
import ot
import pytest

from latentot.metrics.emd import squared_emd
from latentot.numerics.matching import matching

SHAPES = [(2, 1), (300, 1), (300, 2), (300, 8), (300, 64)]


DRIFTS = {
    "same law": lambda z: z,
    "shifted": lambda z: z / 2 + 30,
    "ties": lambda z: z.round(),
    "wide": lambda z: z * 1e4,
    "narrow": lambda z: z * 1e-4,
    "heavy tails": lambda z: z**5,
    "one point": np.ones_like,
}


@pytest.mark.parametrize(("n", "d"), SHAPES)
@pytest.mark.parametrize("kind", DRIFTS)
def test_exact_whatever_the_prices_are(n, d, kind):
    rng = np.random.default_rng(n + d)
    x, y = DRIFTS[kind](rng.standard_normal((n, d))), rng.standard_normal((n, d))
    expected = ot.emd2([], [], ot.dist(x, y), numItermax=10_000_000)
    assert squared_emd(x, y) == pytest.approx(expected, rel=1e-9)
    assert squared_emd(y, x) == pytest.approx(expected, rel=1e-9)


def test_prices_change_nothing_but_the_time(monkeypatch):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 100, 3))
    value = squared_emd(x, y)
    monkeypatch.setitem(matching.__globals__, "_prices", lambda costs: 10 * rng.standard_normal(len(costs)))
    assert squared_emd(x, y) == pytest.approx(value, rel=1e-12)


def test_a_permutation_costs_nothing():
    y = np.random.default_rng(0).standard_normal((200, 3))
    assert squared_emd(y[::-1], y) == 0
