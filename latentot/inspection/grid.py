"""A grid of latents: the plane through three of them."""

__all__ = ["latent_grid"]

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.errors import InputError


def latent_grid(
    z0: ArrayLike, z1: ArrayLike, z2: ArrayLike, *, steps: int = 9, margin: float = 0.25
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The plane through three latents: z = z0 + a (z1 - z0) + b (z2 - z0), a along columns and b along rows.

    Straight, so that it leaves a prior that is not flat: hold what is decoded against its norms.

    Args:
        z0, z1, z2: latents, shape (*shape,): at (a, b) = (0, 0), (1, 0) and (0, 1).
        steps: of each axis.
        margin: how far the grid reaches beyond [0, 1].

    Returns:
        Latents, shape (steps, steps, *shape), and the positions of an axis, shape (steps,).

    Raises:
        InputError: shapes differ, the three lie on a line, or there are fewer than 2 steps.

    >>> grid, at = latent_grid([0.0, 0.0], [1.0, 0.0], [0.0, 2.0], steps=3, margin=0)
    >>> grid[2, 1], at
    (array([0.5, 2. ]), array([0. , 0.5, 1. ]))
    """
    first, second, third = (np.asarray(z, dtype=np.float64) for z in (z0, z1, z2))
    if not first.shape == second.shape == third.shape or not first.ndim:
        raise InputError(f"a grid has latents of one shape, got {first.shape}, {second.shape} and {third.shape}")
    if steps < 2 or not (np.isfinite(margin) and margin >= 0):
        raise InputError(f"a grid has 2 steps or more and a margin of 0 or more, got {steps} and {margin}")
    across, down = second - first, third - first
    if np.linalg.matrix_rank(np.stack([across.ravel(), down.ravel()])) < 2:
        raise InputError("a grid needs three latents that do not lie on a line: take three different examples")
    at = np.linspace(-margin, 1 + margin, steps)
    columns, rows = np.multiply.outer(at, across), np.multiply.outer(at, down)
    return first + columns[None] + rows[:, None], at
