"""A mixture of Gaussians: a prior with clusters, or a model of an aggregate posterior."""

__all__ = ["GaussianMixture"]

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace, device
from numpy.typing import ArrayLike, NDArray

from latentot.errors import InputError
from latentot.numerics.special import Array
from latentot.priors.prior import Prior, latent_shape

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GaussianMixture(Prior):
    """z = mean_k + A_k e with probability weight_k, e ~ N(0, I): density sum of weight_k N(z; mean_k, A_k A_k^T).

    Args:
        means: of the k components, shape (k, *shape).
        covariances: positive definite, shape (k, d, d), d the number of coordinates of a latent.
        factors: A_k instead of covariances, any square factors, shape (k, d, d).
        weights: positive numbers in proportion to the probabilities, shape (k,); all equal by default.

    Raises:
        InputError: shapes disagree, a value is not finite, a covariance is not positive definite, both or none of
            covariances and factors are given.

    >>> mixture = GaussianMixture([[-3.0, 0.0], [3.0, 0.0]], covariances=[np.eye(2), np.eye(2)])
    >>> mixture.sample(5, rng=0).shape
    (5, 2)
    """

    name: ClassVar[str] = "gaussian-mixture"
    means: Floats
    factors: Floats
    weights: Floats

    def __init__(
        self,
        means: ArrayLike,
        covariances: ArrayLike | None = None,
        *,
        factors: ArrayLike | None = None,
        weights: ArrayLike | None = None,
    ) -> None:
        centers = np.asarray(means, dtype=np.float64)
        if centers.ndim < 2 or len(centers) == 0:
            raise InputError(f"means have shape (k, *shape), got {centers.shape}")
        object.__setattr__(self, "shape", latent_shape(centers.shape[1:]))
        k = len(centers)
        object.__setattr__(self, "means", centers.reshape(k, -1).copy())
        object.__setattr__(self, "factors", _factors(covariances, factors, (k, self.dim, self.dim)))
        shares = np.ones(k) if weights is None else np.asarray(weights, dtype=np.float64)
        if shares.shape != (k,) or not (shares > 0).all() or not np.isfinite(shares).all():
            raise InputError(f"weights are {k} positive numbers, got {weights!r}")
        object.__setattr__(self, "weights", shares / shares.sum())
        if not (np.isfinite(self.means).all() and np.isfinite(self.factors).all()):
            raise InputError("means and covariances must be finite")

    def __repr__(self) -> str:
        return f"GaussianMixture({len(self.means)} components of shape {self.shape})"

    @property
    def marginal(self) -> None:
        return None

    @property
    def radius(self) -> None:
        return None

    def log_prob(self, z: Array) -> Array:
        xp = array_namespace(z)
        flat = xp.reshape(z, (*z.shape[: len(z.shape) - len(self.shape)], self.dim))
        whiten = np.linalg.inv(self.factors)
        constants = np.log(self.weights) + np.linalg.slogdet(whiten)[1] - self.dim / 2 * math.log(2 * math.pi)

        def like_z(values: Floats) -> Array:
            return xp.asarray(values, dtype=z.dtype, device=device(z))

        terms = xp.stack(
            [
                float(constant) - xp.sum(xp.matmul(flat - like_z(mean), like_z(matrix.T)) ** 2, axis=-1) / 2
                for constant, mean, matrix in zip(constants, self.means, whiten, strict=True)
            ]
        )
        greatest = xp.max(terms, axis=0)
        return greatest + xp.log(xp.sum(xp.exp(terms - greatest), axis=0))

    def _draw(self, n: int, rng: np.random.Generator) -> Floats:
        component = rng.choice(len(self.means), n, p=self.weights)
        noise = rng.standard_normal((n, self.dim))
        z = np.empty((n, self.dim))
        for k, (mean, factor) in enumerate(zip(self.means, self.factors, strict=True)):
            z[component == k] = mean + noise[component == k] @ factor.T
        return z.reshape(n, *self.shape)


def _factors(covariances: ArrayLike | None, factors: ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    if (covariances is None) == (factors is None):
        raise InputError("a Gaussian mixture needs either covariances or factors")
    given = np.array(factors if covariances is None else covariances, dtype=np.float64)
    kind = "factors" if covariances is None else "covariances"
    if given.shape != shape:
        raise InputError(f"{kind} of {shape[0]} components have shape {shape}, got {given.shape}")
    try:
        return given if covariances is None else np.linalg.cholesky(given).astype(np.float64)
    except np.linalg.LinAlgError as error:
        raise InputError("covariances must be positive definite") from error
