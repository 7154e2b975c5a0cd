"""Priors by name, as studies and checkpoints write them."""

__all__ = ["named_prior", "prior_names"]

from collections.abc import Callable

from latentot.errors import InputError, unknown_name
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

_NAMED: dict[str, Callable[..., Prior]] = {
    prior.name: prior
    for prior in (Normal, Uniform, Cauchy, Laplace, Logistic, StudentT, Sphere, MultivariateT, GammaNorm)
}


def prior_names() -> list[str]:
    """Names that `named_prior` knows.

    >>> prior_names()
    ['cauchy', 'gamma-norm', 'laplace', 'logistic', 'multivariate-t', 'normal', 'sphere', 'student-t', 'uniform']
    """
    return sorted(_NAMED)


def named_prior(name: str, shape: Shape, /, **options: float) -> Prior:
    """The prior of a name and a shape.

    Args:
        name: a name out of `prior_names()`.
        shape: shape of one latent, or its number of coordinates.
        **options: parameters of that prior.

    Raises:
        InputError: the name or an option does not exist.

    >>> named_prior("uniform", 4, low=0, high=1)
    Uniform(4, low=0)
    """
    if name not in _NAMED:
        raise unknown_name("prior", name, _NAMED)
    try:
        return _NAMED[name](shape, **options)
    except TypeError as error:
        raise InputError(f"the prior {name!r} does not take these options: {error}") from error
