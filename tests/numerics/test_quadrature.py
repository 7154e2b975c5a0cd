"""Rules on [0, 1] against integrals that are known."""

import pytest

from latentot.numerics.quadrature import gauss_legendre


@pytest.mark.parametrize("n", [1, 5, 16])
def test_it_is_exact_for_polynomials_up_to_its_degree_and_for_none_beyond(n: int) -> None:
    nodes, weights = gauss_legendre(n)
    assert ((nodes > 0) & (nodes < 1)).all()
    for k in range(2 * n):
        assert weights @ nodes**k == pytest.approx(1 / (k + 1), abs=1e-14)
    error = abs(weights @ nodes ** (2 * n) - 1 / (2 * n + 1))
    assert n > 10 or error > 1e-8
