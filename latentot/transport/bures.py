"""Wasserstein paths between normal laws, in closed form: between two encoded posteriors, and with full covariances."""

__all__ = ["normal_path", "posterior_path"]

from collections.abc import Sequence

import numpy as np
from array_api_compat import array_namespace

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.transport.fitted import Floats
from latentot.transport.gaussian import AffineMap

Pair = tuple[Array, Array]
RIDGE = 1e-12
"""Added to the diagonals, as a share of the mean variance, so that degenerate laws have a path."""


def posterior_path(first: Pair, last: Pair, t: float) -> Pair:
    """The W2 geodesic between N(m0, s0^2) and N(m1, s1^2): mean (1-t) m0 + t m1, standard deviation (1-t) s0 + t s1.

    Covariances that are diagonal commute, so that standard deviations, not variances, go along straight lines. A draw
    mean + scale e of the first, with the same e, moves along the optimal map, the straight line to mean1 + scale1 e.

    Args:
        first: mean and scale where the path starts, each of shape (n, *shape), as `Posterior` of an encoder.
        last: mean and scale where it ends, of the same shape and library.
        t: position, between 0 and 1.

    Returns:
        Mean and scale at t.

    Raises:
        InputError: shapes disagree, t is not in [0, 1], or the laws are not normal.

    References:
        Takatsu: Wasserstein geometry of Gaussian measures. Osaka J. Mathematics 2011.

    >>> mean, scale = posterior_path((np.zeros((1, 2)), np.ones((1, 2))), (np.ones((1, 2)), 3 * np.ones((1, 2))), 0.5)
    >>> mean, scale
    (array([[0.5, 0.5]]), array([[2., 2.]]))
    """
    _check_position(t)
    for end in (first, last):
        law = getattr(end, "law", "normal")
        if law != "normal":
            raise InputError(f"the Wasserstein path of posteriors is known for normal laws, got {law!r}")
    (mean0, scale0), (mean1, scale1) = first, last
    array_namespace(mean0, scale0, mean1, scale1)
    if len({tuple(part.shape) for part in (mean0, scale0, mean1, scale1)}) > 1:
        raise InputError(
            f"posteriors have means and scales of one shape, got {tuple(mean0.shape)}, {tuple(scale0.shape)}, "
            f"{tuple(mean1.shape)} and {tuple(scale1.shape)}"
        )
    return (1 - t) * mean0 + t * mean1, (1 - t) * scale0 + t * scale1


def normal_path(
    first: tuple[Floats, Floats], last: tuple[Floats, Floats], t: float | Sequence[float]
) -> tuple[Floats, Floats]:
    """The W2 geodesic between N(m0, S0) and N(m1, S1): mean (1-t) m0 + t m1, covariance B S0 B, B = (1-t) I + t A.

    A = S0^-1/2 (S0^1/2 S1 S0^1/2)^1/2 S0^-1/2 is the optimal map.

    Args:
        first: mean, shape (d,), and covariance, shape (d, d), where the path starts.
        last: mean and covariance where it ends.
        t: position between 0 and 1, or m of them.

    Returns:
        Mean, shape (d,) or (m, d), and covariance, shape (d, d) or (m, d, d).

    Raises:
        InputError: shapes disagree, or t is not in [0, 1].

    >>> normal_path((np.zeros(1), np.eye(1)), (np.zeros(1), 9 * np.eye(1)), 0.5)[1].round(6)
    array([[4.]])
    """
    if not isinstance(t, int | float):
        means, covariances = zip(*(normal_path(first, last, float(one)) for one in t), strict=True)
        return np.stack(means), np.stack(covariances)
    _check_position(t)
    (m0, s0), (m1, s1) = ((np.asarray(m, float), np.asarray(s, float)) for m, s in (first, last))
    if m0.ndim != 1 or m1.shape != m0.shape or s0.shape != 2 * m0.shape or s1.shape != 2 * m0.shape:
        raise InputError(
            f"normal laws have means of shape (d,) and covariances of shape (d, d), got {m0.shape}, {s0.shape}, "
            f"{m1.shape} and {s1.shape}"
        )
    ridge = RIDGE * float(np.trace(s0) + np.trace(s1)) / (2 * len(m0)) or RIDGE
    matrix = AffineMap.of_moments((m0, s0), (m1, s1), ridge=ridge).matrix
    between = (1 - t) * np.eye(len(m0)) + t * matrix
    return (1 - t) * m0 + t * m1, between @ s0 @ between


def _check_position(t: float) -> None:
    if not 0 <= t <= 1:
        raise InputError(f"a position on the path lies in [0, 1], got t={t!r}")
