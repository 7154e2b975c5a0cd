"""Weights of the points that are combined: numbers for a whole batch, or columns with one a pair."""

__all__ = ["MAX_TABLES", "Weight", "Weights", "each_weighting", "rows_of"]

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.numerics.special import Array

Weight = float | Array
"""A number, or a column of shape (n, 1)."""
Weights = Sequence[Weight]

MAX_TABLES = 64
"""Greatest number of different t in a batch where each needs a table or a map, which takes a second or more: so many
are kept."""


def rows_of(weights: Weights, rows: slice | NDArray[Any]) -> list[Weight]:
    """The weights of some rows.

    >>> rows_of([0.5, np.array([[0.1], [0.2]])], slice(0, 1))
    [0.5, array([[0.1]])]
    """
    return [weight if isinstance(weight, float) else weight[rows] for weight in weights]


def each_weighting(
    compute: Callable[[NDArray[Any], Sequence[float]], NDArray[Any]], y: NDArray[Any], weights: Weights
) -> NDArray[Any]:
    """Points of a function that takes numbers as weights, called once for all rows that share them.

    Args:
        compute: from rows and their weights, to points of the shape of the rows.
        y: shape (n, d).
        weights: numbers, or columns.

    Raises:
        InputError: there are more than 64 different weightings.

    >>> each_weighting(lambda y, weights: weights[1] * y, np.ones((2, 1)), [0.0, np.array([[3.0], [4.0]])])
    array([[3.],
           [4.]])
    """
    if all(isinstance(weight, float) for weight in weights):
        return compute(y, weights)
    columns = np.concatenate([np.broadcast_to(weight, (len(y), 1)) for weight in weights], axis=1)
    different, which = np.unique(columns, axis=0, return_inverse=True)
    if len(different) > MAX_TABLES:
        raise InputError(
            f"each t takes a table or a map of its own here: at most {MAX_TABLES} different t a batch, "
            f"got {len(different)}; round t, or call once for each part of the batch"
        )
    points = np.empty_like(y)
    for number, row in enumerate(different.tolist()):
        chosen = which.reshape(-1) == number
        points[chosen] = compute(y[chosen], row)
    return points
