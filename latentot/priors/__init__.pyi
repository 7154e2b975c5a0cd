from .cauchy import Cauchy
from .empirical import Empirical
from .from_file import prior_in_text, read_latents
from .gamma_norm import GammaNorm
from .gaussian_mixture import GaussianMixture
from .given import as_prior
from .laplace import Laplace
from .law import Law
from .logistic import Logistic
from .multivariate_t import MultivariateT
from .named import PRIORS, named_prior
from .normal import Normal
from .prior import Prior
from .product import ProductPrior
from .sphere import Sphere
from .student_t import StudentT
from .uniform import Uniform

__all__ = [
    "PRIORS",
    "Cauchy",
    "Empirical",
    "GammaNorm",
    "GaussianMixture",
    "Laplace",
    "Law",
    "Logistic",
    "MultivariateT",
    "Normal",
    "Prior",
    "ProductPrior",
    "Sphere",
    "StudentT",
    "Uniform",
    "as_prior",
    "named_prior",
    "prior_in_text",
    "read_latents",
]
