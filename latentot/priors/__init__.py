"""Priors: the laws that latents are drawn from."""

from latentot.priors.cauchy import Cauchy
from latentot.priors.empirical import Empirical
from latentot.priors.gamma_norm import GammaNorm
from latentot.priors.gaussian_mixture import GaussianMixture
from latentot.priors.given import as_prior
from latentot.priors.laplace import Laplace
from latentot.priors.law import Law
from latentot.priors.logistic import Logistic
from latentot.priors.multivariate_t import MultivariateT
from latentot.priors.named import PRIORS, named_prior
from latentot.priors.normal import Normal
from latentot.priors.prior import Prior
from latentot.priors.product import ProductPrior
from latentot.priors.sphere import Sphere
from latentot.priors.student_t import StudentT
from latentot.priors.uniform import Uniform

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
]
