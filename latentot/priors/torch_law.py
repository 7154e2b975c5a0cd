"""A distribution of torch.distributions as a prior; torch itself is never imported."""

__all__ = ["prior_of_torch"]

from collections.abc import Callable
from typing import Any

import numpy as np

from latentot.errors import InputError
from latentot.priors.cauchy import Cauchy
from latentot.priors.laplace import Laplace
from latentot.priors.normal import Normal
from latentot.priors.prior import Prior, Shape
from latentot.priors.product import ProductPrior
from latentot.priors.student_t import StudentT
from latentot.priors.uniform import Uniform

_PARAMETERS = {
    "Normal": ("loc", "scale"),
    "Laplace": ("loc", "scale"),
    "Cauchy": ("loc", "scale"),
    "StudentT": ("df", "loc", "scale"),
    "Uniform": ("low", "high"),
}
"""Families with independent coordinates, and their parameters."""


def prior_of_torch(law: Any) -> Prior:
    """The prior that is the law of a distribution of torch.distributions.

    Its latents have the shape of what it draws. Independent, alike coordinates of the normal, Laplace, Cauchy,
    Student t and uniform families are taken, and multivariate normal laws with such.

    Raises:
        InputError: there is no prior that is the same law; the line says what to write.
    """
    inner = law
    while type(inner).__name__ in {"Independent", "Expand"}:
        inner = inner.base_dist
    family = type(inner).__name__
    shape = (*law.batch_shape, *law.event_shape)
    if not shape:
        raise InputError(
            f"a prior is a law of latents, and {_shown(law)} draws single numbers: write lot.Normal(64) or another "
            "with the shape of one latent"
        )
    if family == "MultivariateNormal" and len(shape) == 1:
        mean, covariance = _host(inner.loc), _host(inner.covariance_matrix)
        alike = _alike(mean) and np.array_equal(covariance, np.eye(*shape) * covariance[0, 0])
        parameters = [mean[0], np.sqrt(covariance[0, 0])] if alike else None
        family = "Normal"
    else:
        values = [_host(getattr(inner, name)) for name in _PARAMETERS.get(family, ())]
        parameters = [value.flat[0] for value in values] if values and all(map(_alike, values)) else None
    if parameters is None:
        raise InputError(
            f"no prior is the same law as {_shown(law)}: for the law of its samples write "
            "lot.Empirical(law.sample((100_000,)).cpu().numpy())"
        )
    return _MADE[family](shape, *map(float, parameters))


def _located(standard: Callable[..., Prior], name: str) -> Callable[..., Prior]:
    """The product of a family of SciPy's, or the prior of its standard law."""

    def made(shape: Shape, *parameters: float) -> Prior:
        import scipy.stats

        *own, location, scale = parameters
        if (location, scale) == (0, 1):
            return standard(shape, *own)
        return ProductPrior(getattr(scipy.stats, name)(*own, loc=location, scale=scale), shape)

    return made


_MADE: dict[str, Callable[..., Prior]] = {
    "Normal": Normal,
    "Laplace": _located(Laplace, "laplace"),
    "Cauchy": _located(Cauchy, "cauchy"),
    "StudentT": _located(StudentT, "t"),
    "Uniform": Uniform,
}


def _host(parameter: Any) -> np.ndarray[Any, Any]:
    return np.asarray(parameter.detach().cpu().double().numpy() if hasattr(parameter, "detach") else parameter, float)


def _alike(values: np.ndarray[Any, Any]) -> bool:
    return bool((values == values.flat[0]).all())


def _shown(law: object) -> str:
    return " ".join(f"torch.distributions.{law!r:.100}".split())
