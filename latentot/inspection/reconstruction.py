"""Reconstruction: how far data are from what their own latents decode to. It is the floor of all that a walk can
reach."""

__all__ = ["Reconstruction", "reconstruction"]

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.arrays import on_host
from latentot.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """Mean squared error a number of the data, over data.

    Args:
        error: its mean.
        low, high: 95 % interval of the mean; NaN of a single datum.
        each: of each datum, shape (n,).
    """

    error: float
    low: float
    high: float
    each: Floats = field(repr=False)

    def worst(self, most: int) -> NDArray[np.intp]:
        """Which data are farthest from what their latents decode to, the farthest first.

        >>> reconstruction(np.eye(3), np.zeros((3, 3)) + [[0], [1], [0]]).worst(1)
        array([1])
        """
        return np.argsort(-self.each, kind="stable")[:most]


def reconstruction(data: ArrayLike, decoded: ArrayLike) -> Reconstruction:
    """Error of decoded data: e_i = mean over numbers of (x_i - d_i)^2, and its mean with a 95 % interval.

    Args:
        data: shape (n, ...).
        decoded: what their latents decode to, of the same shape; of posterior means for the floor of a walk.

    Raises:
        InputError: shapes differ, or values are not finite.

    >>> reconstruction(np.ones((4, 2, 2)), np.zeros((4, 2, 2))).error
    1.0
    """
    from scipy.special import stdtrit

    x, d = (on_host(what, given) for what, given in (("data", data), ("decoded data", decoded)))
    if x.shape != d.shape or x.ndim < 2 or not len(x):
        raise InputError(f"decoded data have the shape (n, ...) of the data, {x.shape}, got {d.shape}")
    each = np.square(x.astype(np.float64) - d).reshape(len(x), -1).mean(axis=1)
    if not np.isfinite(each).all():
        bad = int((~np.isfinite(each)).sum())
        raise InputError(f"data and decoded data must be finite: {bad} of {len(x)} are not")
    n, error = len(each), float(each.mean())
    half = float(stdtrit(n - 1, 0.975) * each.std(ddof=1) / n**0.5) if n > 1 else float("nan")
    return Reconstruction(error, error - half, error + half, each)
