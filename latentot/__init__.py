"""latentot: are the points between two latents still latents that the model knows?"""

from typing import TYPE_CHECKING

from latentot.checks import check_interpolation, check_model
from latentot.comparison import Comparison, ControlWarning, compare
from latentot.data import load_data
from latentot.errors import FailureWarning, InputError
from latentot.metrics import drift, drifts
from latentot.models import Model, Posterior, load_model
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
    "check_interpolation",
    "check_model",
    "compare",
    "drift",
    "drifts",
    "interpolation",
    "interpolations",
    "load_data",
    "load_model",
]

__version__: str


def __dir__() -> list[str]:
    """What there is to use; rooms of the house are modules that their users import."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__")), "__version__"})


if not TYPE_CHECKING:  # else any name would be a text

    def __getattr__(name: str) -> str:
        """The version of the installed distribution, looked up when somebody asks."""
        if name == "__version__":
            from importlib.metadata import version

            return version("latentot")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
