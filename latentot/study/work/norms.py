"""Bins of histograms of norms, whatever these are."""

__all__ = ["BINS", "norm_edges"]

import numpy as np
from numpy.typing import NDArray

BINS = 120
HEAVY = 50
"""Bins grow with the norm where the 99.9 % quantile is so many times the 0.1 % one."""
LEAST, GREATEST = 1e-300, 4e307
"""Below the first a density is more than any float, beyond the second an edge may be."""

Floats = NDArray[np.float64]


def norm_edges(norms: Floats) -> Floats:
    """Edges of histograms that hold norms which shrink to half and grow by a third, increasing, shape (BINS + 1,).

    Args:
        norms: of draws of the prior, shape (n,); what is not finite is left out.

    >>> norm_edges(np.zeros(3))[[0, -1]], norm_edges(np.ones(3))[[0, -1]].round(2)
    (array([0., 1.]), array([0.5 , 1.33]))
    """
    known = norms[np.isfinite(norms)]
    low, high = np.quantile(known, [0.001, 0.999]) if known.size else (0.0, 0.0)
    if high < LEAST:
        return np.linspace(0.0, 1.0, BINS + 1)
    spaced = np.geomspace if high > HEAVY * low > 0 else np.linspace
    return np.asarray(spaced(low / 2, min(high, GREATEST) * 4 / 3, BINS + 1))
