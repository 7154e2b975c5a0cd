"""What each coordinate of the latent says of data: its Kullback-Leibler divergence from the prior, and whether it is
used."""

__all__ = ["ACTIVE", "Coordinates", "coordinates"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentot.errors import InputError
from latentot.models import Posterior
from latentot.priors import Prior

Floats = NDArray[np.float64]

ACTIVE = 0.01
"""Variance of the posterior mean over data, in units of the prior's, above which a coordinate is active (Burda et
al.)."""
NODES = 32
"""Of Gauss-Hermite quadrature: exact for a normal prior."""
QUARTILES_OF_NORMAL = 1.3489795003921634
"""Distance of the quartiles of N(0, 1)."""


@dataclass(frozen=True, eq=False)
class Coordinates:
    """What each of d coordinates says.

    Args:
        kl: E_x KL(q(z_j | x) || p(z_j)), in nats, shape (d,).
        moved: variance of the posterior mean over data, in units of the prior's variance, shape (d,).
        active: whether that is above `ACTIVE`, shape (d,).
    """

    kl: Floats
    moved: Floats
    active: NDArray[np.bool_]


def coordinates(posterior: tuple[ArrayLike, ArrayLike], prior: Prior) -> Coordinates:
    """KL of each coordinate, and which are active: Var_x E[z_j | x] > 0.01.

    KL = E_q log q - E_q log p, the first in closed form, the second by quadrature, which is exact for a normal prior.
    The unit of a prior is the standard deviation of the normal law with its quartiles, so that a Cauchy prior has one
    too.

    Args:
        posterior: of n data, normal: mean and scale, shape (n, *shape).
        prior: with independent coordinates.

    Returns:
        Of every coordinate; KL is infinite where the posterior reaches beyond the prior's support.

    Raises:
        InputError: the posterior is not normal, or coordinates of the prior depend on each other.

    References:
        Burda, Grosse, Salakhutdinov: Importance weighted autoencoders. ICLR 2016, arXiv:1509.00519

    >>> import latentot as lot
    >>> mean, scale = np.array([[0.0, -1.0], [0.0, 1.0]]), np.array([[1.0, 0.5], [1.0, 0.5]])
    >>> found = coordinates((mean, scale), lot.Normal(2))
    >>> found.kl.round(3), found.active
    (array([0.   , 0.818]), array([False,  True]))
    """
    q = Posterior.of(posterior)  # type: ignore[arg-type]
    if q.law != "normal":
        raise InputError(f"KL of a coordinate is that of normal posteriors, these are {q.law}")
    law = prior.marginal
    if law is None:
        raise InputError(f"KL of a coordinate needs a prior of independent coordinates, got {prior!r}")
    mean, scale = (np.asarray(part, dtype=np.float64) for part in q)
    if mean.shape != scale.shape or mean.shape[1:] != prior.shape or not len(mean):
        raise InputError(
            f"mean and scale have shape (n, {', '.join(map(str, prior.shape))}), got {mean.shape} and {scale.shape}"
        )
    if not np.isfinite(mean).all() or not (scale > 0).all() or not np.isfinite(scale).all():
        raise InputError("posteriors have finite means and scales above 0, some of these do not")
    mean, scale = mean.reshape(len(mean), -1), scale.reshape(len(scale), -1)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    expected = np.zeros_like(mean)
    with np.errstate(divide="ignore"):
        for node, weight in zip(nodes, weights / weights.sum(), strict=True):
            expected += weight * law.log_pdf(mean + scale * node)
    entropy = np.log(scale) + (1 + np.log(2 * np.pi)) / 2
    lower, upper = np.broadcast_arrays(*(np.asarray(one, np.float64) for one in law.quartiles))
    unit = (upper - lower) / QUARTILES_OF_NORMAL
    moved = mean.var(axis=0) / np.square(unit)
    return Coordinates((-entropy - expected).mean(axis=0), moved, moved > ACTIVE)
