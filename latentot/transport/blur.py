"""Which epsilon a mean of entropic maps has the least error with: blur against noise, both told by two small maps."""

__all__ = ["least_error"]

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from latentot.errors import InputError
from latentot.transport.fitted import Floats, TransportMap

Subset = TypeVar("Subset")


def least_error(
    fit: Callable[[Subset, float], TransportMap],
    subsets: tuple[Subset, Subset],
    epsilons: Sequence[float],
    unseen: Floats,
    *,
    left: float,
    spent: Callable[[], bool] = lambda: False,
) -> float:
    """The epsilon of the least expected error, blur^2 + left * noise.

    With T1 and T2 fitted on two subsets that share no point, and an epsilon held against the least that was tried,

        noise(epsilon) = E |T1 - T2|^2 / 2,    blur^2(epsilon) = E <T1 - T1 of the least, T2 - T2 of the least>,

    over points that neither has seen. Noise of two subsets is independent, and cancels from the product. What the least
    epsilon blurs too is not seen, so that lesser ones are tried until the noise of one alone is more than the error of
    another. Nor is seen what maps of so few points have in common whatever epsilon is: more points mend that.

    Args:
        fit: the map of a subset and an epsilon.
        subsets: two, of the same size.
        epsilons: those that are tried, each less than the one before.
        unseen: points of the source that are in neither, shape (n, d).
        left: share of the noise that is left of it in what will be fitted: of more points, the mean of several maps.
        spent: whether there is no time for another.

    Raises:
        InputError: of the fit with the first epsilon; others that cannot be fitted end the search.

    >>> def shrunk(shift, epsilon):
    ...     return lambda z: z * (1 - epsilon) + shift / epsilon
    >>> z = np.random.default_rng(0).standard_normal((100, 2))
    >>> [least_error(shrunk, (-0.001, 0.001), (0.5, 0.1, 0.02), z, left=left) for left in (1e4, 100.0, 0.1)]
    [0.5, 0.1, 0.02]
    """
    carried: list[Floats] = []
    errors = np.array([np.inf])
    for epsilon in epsilons:
        if carried and spent():
            break
        try:
            carried.append(np.array([fit(subset, epsilon)(unseen) for subset in subsets]))
        except InputError:
            if not carried:
                raise
            break
        noise = np.array([_mean_product(maps[0] - maps[1], maps[0] - maps[1]) / 2 for maps in carried])
        blur = np.array([_mean_product(*(maps - carried[-1])) for maps in carried])
        errors = blur + left * noise
        if left * noise[-1] > errors.min():
            break
    return epsilons[int(errors.argmin())]


def _mean_product(x: Floats, y: Floats) -> float:
    return float((x * y).sum(axis=1).mean())
