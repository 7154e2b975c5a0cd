"""Paths: interpolations, by which two latents become one."""

from latentot.paths.catalogue import interpolation, interpolations, method
from latentot.paths.cauchy import CauchyLinear
from latentot.paths.earth_mover import EarthMover
from latentot.paths.interpolation import Interpolation
from latentot.paths.linear import Linear
from latentot.paths.spherical import Spherical
from latentot.paths.switch import Switch

__all__ = [
    "CauchyLinear",
    "EarthMover",
    "Interpolation",
    "Linear",
    "Spherical",
    "Switch",
    "interpolation",
    "interpolations",
    "method",
]
