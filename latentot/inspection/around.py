"""Sampling around an example: latents at a few distances from where it was encoded."""

__all__ = ["around"]

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.errors import InputError
from latentot.models import Posterior


def around(
    posterior: tuple[ArrayLike, ArrayLike],
    n: int,
    *,
    scales: Sequence[float] = (0.5, 1, 2, 4),
    rng: int | np.random.Generator,
) -> NDArray[np.float64]:
    """Draws of the posterior of an example, its scale multiplied: z = mean + s scale e, the same e for every s.

    Args:
        posterior: of one example, as the encoder gives it: mean and scale, shape (1, *shape).
        n: draws at each scale.
        scales: what the posterior's own scale is multiplied by.
        rng: a seed or a Generator.

    Returns:
        Shape (len(scales), n, *shape).

    Raises:
        InputError: there is more than one example, or a scale is not above 0.

    >>> around((np.zeros((1, 3)), np.ones((1, 3))), 5, rng=0).shape
    (4, 5, 3)
    """
    q = Posterior.of(posterior)  # type: ignore[arg-type]
    mean, scale = (np.asarray(part, dtype=np.float64) for part in q)
    if mean.shape != scale.shape or len(mean) != 1:
        raise InputError(f"around takes mean and scale of one example, (1, *shape), got {mean.shape} and {scale.shape}")
    if n < 1 or not scales or not all(np.isfinite(s) and s > 0 for s in scales):
        raise InputError(f"around draws 1 or more at scales above 0, got n = {n} and scales {list(scales)}")
    rows = np.repeat(mean, n, axis=0)
    seed = int(np.random.default_rng(rng).integers(2**63))
    return np.stack([Posterior(rows, s * np.repeat(scale, n, axis=0), q.law).sample(rng=seed) for s in scales])
