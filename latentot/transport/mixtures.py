"""Wasserstein barycentres of Gaussian mixtures, by POT."""

__all__ = ["mixture_barycentre"]

from collections.abc import Sequence

import numpy as np

from latentot.errors import InputError
from latentot.priors import GaussianMixture


def mixture_barycentre(mixtures: Sequence[GaussianMixture], weights: Sequence[float]) -> GaussianMixture:
    """The mixture that minimises sum of w_i MW2(., mixture_i)^2, MW2 the transport of components, cost Bures squared.

    Components of the first mixture are the start of a fixed-point iteration; each is carried to a barycentre of the
    components that plans match it with. Its number of components, and their weights, are those of the first.

    Args:
        mixtures: two or more, of one shape of latents.
        weights: of each, at least 0, in proportion.

    Returns:
        The barycentre, a prior.

    Raises:
        InputError: fewer than two mixtures, other shapes, or weights that are no weights of these.

    References:
        Delon, Desolneux: A Wasserstein-type distance in the space of Gaussian mixture models. SIAM J. Imaging Sciences
        2020; Tanguy, Delon, Gozlan: Computing barycentres of measures for generic transport costs. 2024,
        arXiv:2501.04016.

    >>> first, second = (GaussianMixture([[m]], covariances=[[[s]]]) for m, s in ((0.0, 1.0), (2.0, 9.0)))
    >>> middle = mixture_barycentre([first, second], [0.5, 0.5])
    >>> middle.means.round(6), (middle.factors @ middle.factors.transpose(0, 2, 1)).round(4)
    (array([[1.]]), array([[[4.]]]))
    """
    import ot

    shares = np.asarray(weights, dtype=np.float64)
    if len(mixtures) < 2 or len({one.shape for one in mixtures}) > 1:
        raise InputError(f"a barycentre is of two or more mixtures of one shape, got {[one.shape for one in mixtures]}")
    if shares.shape != (len(mixtures),) or not np.isfinite(shares).all() or shares.min() < 0 or not shares.sum() > 0:
        raise InputError(f"a barycentre of {len(mixtures)} mixtures has as many weights of at least 0, got {weights!r}")
    means = [one.means.reshape(len(one.means), -1) for one in mixtures]
    covariances = [one.factors @ one.factors.transpose(0, 2, 1) for one in mixtures]
    own = [one.weights / one.weights.sum() for one in mixtures]
    # POT writes into what it begins with.
    found, spread = ot.gmm.gmm_barycenter_fixed_point(
        means,
        covariances,
        own,
        means[0].copy(),
        covariances[0].copy(),
        shares / shares.sum(),
        w_bar=own[0],
        barycentric_proj_method="bures",
    )
    shape = mixtures[0].shape
    return GaussianMixture(
        found.reshape(-1, *shape), covariances=(spread + spread.transpose(0, 2, 1)) / 2, weights=own[0]
    )
