"""Priors: the laws that latents are drawn from."""

from latentot.priors.cauchy import Cauchy
from latentot.priors.empirical import Empirical
from latentot.priors.law import Law
from latentot.priors.named import named_prior, prior_names
from latentot.priors.normal import Normal
from latentot.priors.prior import Prior
from latentot.priors.product import ProductPrior
from latentot.priors.uniform import Uniform

__all__ = [
    "Cauchy",
    "Empirical",
    "Law",
    "Normal",
    "Prior",
    "ProductPrior",
    "Uniform",
    "named_prior",
    "prior_names",
]
