"""Rules for integrals over [0, 1]."""

__all__ = ["gauss_legendre"]

import numpy as np
from numpy.typing import NDArray


def gauss_legendre(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss and Legendre's rule: exact for polynomials of degree up to 2 n - 1.

    Args:
        n: how many nodes.

    Returns:
        Nodes and weights, shape (n,) each; weights sum to 1.

    >>> nodes, weights = gauss_legendre(2)
    >>> round(float(weights @ nodes**3), 12)
    0.25
    """
    at, weights = np.polynomial.legendre.leggauss(n)
    return (1 + at) / 2, weights / 2
