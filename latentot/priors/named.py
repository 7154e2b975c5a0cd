"""Priors by name, as studies and checkpoints write them."""

__all__ = ["named_prior", "prior_class", "prior_names"]

from collections.abc import Callable
from typing import Any

from latentot.errors import InputError
from latentot.names import resolve
from latentot.priors.cauchy import Cauchy
from latentot.priors.gamma_norm import GammaNorm
from latentot.priors.laplace import Laplace
from latentot.priors.logistic import Logistic
from latentot.priors.multivariate_t import MultivariateT
from latentot.priors.normal import Normal
from latentot.priors.prior import Prior, Shape
from latentot.priors.sphere import Sphere
from latentot.priors.student_t import StudentT
from latentot.priors.uniform import Uniform

_NAMED: dict[str, type[Prior]] = {
    prior.name: prior
    for prior in (Normal, Uniform, Cauchy, Laplace, Logistic, StudentT, Sphere, MultivariateT, GammaNorm)
}

_IN_PYTHON = "it is made in Python only: "
_ALSO = {
    "gaussian": "normal",
    "gauss": "normal",
    "norm": "normal",
    "standard-normal": "normal",
    "box": "uniform",
    "cube": "uniform",
    "hypercube": "uniform",
    "uniform-box": "uniform",
    "lorentz": "cauchy",
    "lorentzian": "cauchy",
    "laplacian": "laplace",
    "double-exponential": "laplace",
    "t": "student-t",
    "student": "student-t",
    "students-t": "student-t",
    "mvt": "multivariate-t",
    "multivariate-student-t": "multivariate-t",
    "hypersphere": "sphere",
    "spherical": "sphere",
    "unit-sphere": "sphere",
    "uniform-sphere": "sphere",
    "gamma": "write 'gamma-norm' for norms that follow a gamma law; "
    + _IN_PYTHON
    + "ProductPrior(scipy.stats.gamma(2), 64)",
    "vmf": "'sphere' is uniform on the sphere; a law around a direction is known by samples only: Empirical(samples)",
    "von-mises-fisher": "'sphere' is uniform; a law around a direction is known by samples only: Empirical(samples)",
    "gmm": _IN_PYTHON + "GaussianMixture(means, covariances)",
    "mixture": _IN_PYTHON + "GaussianMixture(means, covariances)",
    "gaussian-mixture": _IN_PYTHON + "GaussianMixture(means, covariances)",
    "empirical": _IN_PYTHON + "Empirical(samples)",
    "samples": _IN_PYTHON + "Empirical(samples)",
    "aggregate-posterior": _IN_PYTHON + "Empirical(samples)",
    "product": _IN_PYTHON + "ProductPrior(scipy.stats.gumbel_r(), 64)",
}
"""Other words of the field, for names or with what to write instead."""


def prior_names() -> list[str]:
    """Names that `named_prior` knows.

    >>> prior_names()
    ['cauchy', 'gamma-norm', 'laplace', 'logistic', 'multivariate-t', 'normal', 'sphere', 'student-t', 'uniform']
    """
    return sorted(_NAMED)


def prior_class(name: str) -> type[Prior]:
    """The class of a prior of a name.

    Args:
        name: a name out of `prior_names()`, or another word for it, such as "gaussian"; case does not matter.

    Raises:
        InputError: no prior has this name.

    >>> prior_class("Gaussian").name
    'normal'
    """
    return _NAMED[resolve("prior", name, _NAMED, _ALSO)]


def named_prior(name: str, shape: Shape, /, **options: Any) -> Prior:
    """The prior of a name and a shape.

    Args:
        name: a name out of `prior_names()`, or another word for it.
        shape: shape of one latent, or its number of coordinates.
        **options: parameters of that prior, numbers or lists of one a coordinate.

    Raises:
        InputError: the name or an option does not exist.

    >>> named_prior("uniform", 4, low=0, high=1)
    Uniform(4, low=0)
    """
    chosen: Callable[..., Prior] = prior_class(name)
    try:
        return chosen(shape, **options)
    except TypeError as error:
        raise InputError(f"the prior {name!r} does not take these options: {error}") from error
