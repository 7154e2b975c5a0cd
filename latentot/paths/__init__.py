"""Paths: interpolations, by which two latents become one."""

from latentot.paths.catalogue import check_options, interpolation, interpolations, method
from latentot.paths.cauchy import CauchyLinear
from latentot.paths.cdf_linear import CdfLinear
from latentot.paths.earth_mover import EarthMover
from latentot.paths.interpolation import Combination, Interpolation
from latentot.paths.laws import LAWS
from latentot.paths.linear import Linear
from latentot.paths.matched import Matched
from latentot.paths.nao import Nao
from latentot.paths.normalized import Normalized
from latentot.paths.spherical import Spherical
from latentot.paths.spherical_cauchy import SphericalCauchy
from latentot.paths.stable import Stable
from latentot.paths.switch import Switch

__all__ = [
    "LAWS",
    "CauchyLinear",
    "CdfLinear",
    "Combination",
    "EarthMover",
    "Interpolation",
    "Linear",
    "Matched",
    "Nao",
    "Normalized",
    "Spherical",
    "SphericalCauchy",
    "Stable",
    "Switch",
    "check_options",
    "interpolation",
    "interpolations",
    "method",
]
