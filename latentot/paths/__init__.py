"""Paths: interpolations, by which two latents become one."""

from latentot.paths.catalogue import METHODS, as_interpolation, interpolation, interpolations
from latentot.paths.cauchy import CauchyLinear
from latentot.paths.cdf_linear import CdfLinear
from latentot.paths.earth_mover import EarthMover
from latentot.paths.function import FunctionPath
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
    "METHODS",
    "CauchyLinear",
    "CdfLinear",
    "Combination",
    "EarthMover",
    "FunctionPath",
    "Interpolation",
    "Linear",
    "Matched",
    "Nao",
    "Normalized",
    "Spherical",
    "SphericalCauchy",
    "Stable",
    "Switch",
    "as_interpolation",
    "interpolation",
    "interpolations",
]
