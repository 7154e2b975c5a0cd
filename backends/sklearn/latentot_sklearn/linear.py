"""Linear Gaussian models: principal components and factor analysis."""

__all__ = ["factor_analysis", "pca"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.models import Model, Posterior
from latentot.priors import Normal
from latentot_sklearn.training import Training

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LinearGaussian:
    """x = mean + W z + e, z ~ N(0, I), e ~ N(0, diag noise), in axes in which the posterior has no correlations.

    q(z|x) = N(P W^T (x - mean) / noise, P), P = (I + W^T diag(1 / noise) W)^-1. N(0, I) is the same in all axes, so W
    is turned until P is diagonal.

    Args:
        mean: of the data, shape (p,).
        weights: W, shape (p, d).
        noise: variance of each of the p pixels, positive, shape (p,).
        shape: shape of one datum.

    References:
        M. E. Tipping, C. M. Bishop (1999). Probabilistic principal component analysis. JRSS B 61.
        D. Rubin, D. Thayer (1982). EM algorithms for ML factor analysis. Psychometrika 47.

    >>> LinearGaussian(np.zeros(2), np.array([[1.0], [1.0]]), np.ones(2), (2,)).decode(np.ones((3, 1)))[0]
    array([1., 1.])
    """

    mean: Floats
    weights: Floats
    noise: Floats
    shape: tuple[int, ...]

    @classmethod
    def of(cls, mean: Floats, weights: Floats, noise: Floats, shape: tuple[int, ...]) -> "LinearGaussian":
        """The model in those axes, the ones that data say most of first; signs are such that each sums to 0 or more."""
        _, axes = np.linalg.eigh(weights.T @ (weights / noise[:, None]))
        turned = weights @ axes[:, ::-1]
        return cls(mean, turned * np.where(turned.sum(axis=0) < 0, -1, 1), noise, shape)

    def decode(self, z: Floats) -> Floats:
        """E[x|z] = mean + W z, shape (n, *shape), for latents of shape (n, d)."""
        return (self.mean + z @ self.weights.T).reshape(-1, *self.shape)

    def encode(self, x: Floats) -> Posterior:
        """q(z|x), mean and scale of shape (n, d), for data of shape (n, *shape)."""
        precise = self.weights / self.noise[:, None]
        variance = 1 / (1 + (self.weights * precise).sum(axis=0))
        mean = (x.reshape(len(x), -1) - self.mean) @ precise * variance
        return Posterior(mean, np.broadcast_to(variance**0.5, mean.shape).copy())


def pca(data: str = "digits", latent: int = 8, seed: int = 0) -> Model:
    """Probabilistic principal components.

    Args:
        data: a data source, whose training part it is fitted to.
        latent: number of components.
        seed: of the solver, where it is a random one.

    Raises:
        InputError: an option is not accepted.

    >>> pca(latent=2).prior
    Normal(2)
    """
    from sklearn.decomposition import PCA

    training = Training.of(data, latent, seed)
    fitted = PCA(latent, random_state=seed).fit(training.rows)
    # What scikit-learn finds as noise is 0 if all variance is explained.
    noise = max(float(fitted.noise_variance_), 1e-6 * float(fitted.explained_variance_.max()))
    strength = np.sqrt(np.maximum(fitted.explained_variance_ - noise, 0))
    model = LinearGaussian.of(
        fitted.mean_, fitted.components_.T * strength, np.full(len(fitted.mean_), noise), training.shape
    )
    facts = {"explained variance": float(fitted.explained_variance_ratio_.sum())}
    return Model(Normal(latent), model.decode, model.encode, name="sklearn-pca", provenance=training.facts | facts)


def factor_analysis(data: str = "digits", latent: int = 8, seed: int = 0) -> Model:
    """Factor analysis: every pixel has a noise of its own.

    By scikit-learn's defaults, and in one thread: more would wait for each other for longer than they compute.

    Args:
        data: a data source, whose training part it is fitted to.
        latent: number of factors.
        seed: of the solver.

    Raises:
        InputError: an option is not accepted.
    """
    from sklearn.decomposition import FactorAnalysis
    from threadpoolctl import threadpool_limits

    training = Training.of(data, latent, seed)
    with threadpool_limits(1):
        fitted = FactorAnalysis(latent, random_state=seed).fit(training.rows)
    noise = np.maximum(fitted.noise_variance_, 1e-6 * float(training.rows.var(axis=0).max()))
    model = LinearGaussian.of(fitted.mean_, fitted.components_.T, noise, training.shape)
    facts = {"log-likelihood": float(fitted.loglike_[-1])}
    return Model(
        Normal(latent), model.decode, model.encode, name="sklearn-factor-analysis", provenance=training.facts | facts
    )
