"""Priors by name, as studies and checkpoints write them."""

__all__ = ["PRIORS", "named_prior"]

from typing import TYPE_CHECKING, Any

from latentot.catalogue import Catalogue
from latentot.errors import InputError

if TYPE_CHECKING:
    from latentot.priors.prior import Prior, Shape

_IN_PYTHON = "it is made in Python only: "
_OF_FILE = (
    "samples are named by their file, npz:FILE or npz:FILE,ARRAY, also a .npy; in Python they are Empirical(samples)"
)
_OTHER_WORDS = {
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
    "npy": "npz",
    "empirical": _OF_FILE,
    "samples": _OF_FILE,
    "aggregate-posterior": _OF_FILE,
    "w": _OF_FILE,
    "product": _IN_PYTHON + "ProductPrior(scipy.stats.gumbel_r(), 64)",
}
"""Other words of the field: each for a name, or with what to write instead."""


PRIORS = Catalogue(
    "prior",
    "latentot.priors",
    {
        "cauchy": "latentot.priors.cauchy:Cauchy",
        "gamma-norm": "latentot.priors.gamma_norm:GammaNorm",
        "laplace": "latentot.priors.laplace:Laplace",
        "logistic": "latentot.priors.logistic:Logistic",
        "multivariate-t": "latentot.priors.multivariate_t:MultivariateT",
        "normal": "latentot.priors.normal:Normal",
        "npz": "latentot.priors.from_file:samples_of_file",
        "sphere": "latentot.priors.sphere:Sphere",
        "student-t": "latentot.priors.student_t:StudentT",
        "uniform": "latentot.priors.uniform:Uniform",
    },
    _OTHER_WORDS,
)
"""Priors by name: plugins announce factories in this group, factory(shape, **options) gives a `Prior`."""


def named_prior(name: str, shape: "Shape", /, **options: Any) -> "Prior":
    """The prior of a name and a shape.

    Args:
        name: a name out of `PRIORS.names()`, or another word for it.
        shape: shape of one latent, or its number of coordinates.
        **options: parameters of that prior, numbers or lists of one a coordinate.

    Raises:
        InputError: the name or an option does not exist.

    >>> named_prior("uniform", 4, low=0, high=1)
    Uniform(4, low=0)
    """
    from latentot.priors.prior import Prior

    prior = PRIORS.make(name, shape, **options)
    if not isinstance(prior, Prior):
        raise InputError(f"the plugin of the prior {name!r} made {type(prior).__name__}, not a latentot.Prior")
    return prior
