"""Principal components whose law is a mixture of Gaussians."""

__all__ = ["mixture"]

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.models import Model
from latentot.priors import GaussianMixture
from latentot_sklearn.training import Training, whole

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Components:
    """x = mean + z V, rows of V orthogonal.

    Args:
        mean: of the data, shape (p,).
        directions: V, shape (d, p).
        shape: shape of one datum.
    """

    mean: Floats
    directions: Floats
    shape: tuple[int, ...]

    def decode(self, z: Floats) -> Floats:
        """Data of shape (n, *shape) for latents of shape (n, d)."""
        return (self.mean + z @ self.directions).reshape(-1, *self.shape)


def mixture(data: str = "digits", latent: int = 8, components: int = 10, seed: int = 0) -> Model:
    """A mixture of Gaussians fitted to principal components, each scaled to a variance of 1.

    Args:
        data: a data source, whose training part it is fitted to.
        latent: number of principal components.
        components: number of Gaussians, each with a covariance of its own.
        seed: of where the fit starts.

    Raises:
        InputError: an option is not accepted, or the fit fails.

    >>> mixture(latent=2, components=3).prior
    GaussianMixture(3 components of shape (2,))
    """
    from sklearn.decomposition import PCA
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture as Fit

    training = Training.of(data, latent, seed)
    whole("components", components, 1, len(training.rows) // (latent + 1))
    reduced = PCA(latent, whiten=True, random_state=seed).fit(training.rows)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            fitted = Fit(components, random_state=seed, max_iter=500).fit(reduced.transform(training.rows))
        except (ConvergenceWarning, ValueError) as error:
            raise InputError(
                f"{components} Gaussians cannot be fitted to {data} with latent={latent} ({error}): take fewer"
            ) from error
    prior = GaussianMixture(fitted.means_, fitted.covariances_, weights=fitted.weights_)
    directions = reduced.components_ * np.sqrt(reduced.explained_variance_)[:, None]
    decoder = Components(reduced.mean_, directions, training.shape)
    facts = {"components": components, "log-likelihood": float(fitted.lower_bound_)}
    return Model(prior, decoder.decode, name="sklearn-mixture", provenance=training.facts | facts)
