from . import (
    checks,
    data,
    exports,
    features,
    inspection,
    judges,
    metrics,
    models,
    paths,
    priors,
    reporting,
    study,
    transport,
)
from .checks import check_interpolation, check_metric, check_model
from .comparison import Comparison, ControlWarning, compare
from .data import load_data
from .errors import FailureWarning, InputError
from .features import feature_extractor
from .inspection import Inspection, inspect
from .judges import judge, list_judges
from .metrics import drift, drifts
from .models import Model, Posterior, load_model
from .pages import report
from .paths import interpolation, interpolations
from .priors import (
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
    "Inspection",
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
    "check_metric",
    "check_model",
    "checks",
    "compare",
    "data",
    "drift",
    "drifts",
    "exports",
    "feature_extractor",
    "features",
    "inspect",
    "inspection",
    "interpolation",
    "interpolations",
    "judge",
    "judges",
    "list_judges",
    "load_data",
    "load_model",
    "metrics",
    "models",
    "paths",
    "priors",
    "report",
    "reporting",
    "study",
    "transport",
]

__version__: str
