"""latentot: are the points between two latents still latents that the model knows?"""

from latentot.comparison import Comparison, ControlWarning, compare
from latentot.data import load_data
from latentot.drift import drift, drifts
from latentot.errors import FailureWarning, InputError
from latentot.models import Model, Posterior, load_model
from latentot.models.conformance import check_model
from latentot.paths import interpolation, interpolations
from latentot.priors import (
    Cauchy,
    Empirical,
    GammaNorm,
    GaussianMixture,
    Laplace,
    Logistic,
    MultivariateT,
    Normal,
    Prior,
    ProductPrior,
    Sphere,
    StudentT,
    Uniform,
)

__all__ = [
    "Cauchy",
    "Comparison",
    "ControlWarning",
    "Empirical",
    "FailureWarning",
    "GammaNorm",
    "GaussianMixture",
    "InputError",
    "Laplace",
    "Logistic",
    "Model",
    "MultivariateT",
    "Normal",
    "Posterior",
    "Prior",
    "ProductPrior",
    "Sphere",
    "StudentT",
    "Uniform",
    "check_model",
    "compare",
    "drift",
    "drifts",
    "interpolation",
    "interpolations",
    "load_data",
    "load_model",
]
