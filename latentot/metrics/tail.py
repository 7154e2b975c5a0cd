"""p-values far beyond the ranks of a null band, for controls that must hardly ever raise a false alarm."""

__all__ = ["tail_p_value"]

import numpy as np
from numpy.typing import NDArray

SHARE = 10
"""The tail is a tenth of the null: less is too noisy to fit, more is not yet a tail."""
MIN_TAIL = 5
"""Draws of the tail, at the fewest: the mean of fewer exponential numbers is off by half of it and more."""


def tail_p_value(null: NDArray[np.float64], observed: float) -> float:
    """P(a further null draw >= observed), with the tail beyond the upper tenth of the null taken as exponential.

    Let the k greatest of B draws exceed the next one, u, by b on average. Beyond u a draw of an exponential tail,
    with b estimated from those k, is at least x with probability

        p(x) = (k + 1) / (B + 1) (1 + (x - u) / (k b))^-k;

    up to u, and where nothing exceeds u, p is that of the rank, (1 + #{null >= x}) / (B + 1). Tails lighter than
    exponential, as most metrics have, make it too large, which is the safe side; it is too small for those of a power
    law.

    Args:
        null: draws, shape (B,), B at least 6.
        observed: x.

    References:
        Knijnenburg, Wessels, Reinders, Shmulevich: Fewer permutations, more accurate P-values. Bioinformatics 25
        (2009), with a predictive instead of a plug-in tail.

    >>> null = np.random.default_rng(0).standard_normal(99)
    >>> tail_p_value(null, 0.0) > 0.4, tail_p_value(null, 20.0) < 1e-6
    (True, True)
    """
    ordered = np.sort(null)
    k = max(MIN_TAIL, len(ordered) // SHARE)
    start, beyond = ordered[-k - 1], ordered[-k:]
    scale = float((beyond - start).mean())
    if observed <= start or scale == 0:
        return float((1 + (ordered >= observed).sum()) / (len(ordered) + 1))
    ratio = float(observed - start) / (k * scale)
    return float((k + 1) / (len(ordered) + 1) * (1 + ratio) ** -k)
