from .catalogue import METHODS, as_interpolation, interpolation, interpolations
from .cauchy import CauchyLinear
from .cdf_linear import CdfLinear
from .earth_mover import EarthMover
from .function import FunctionPath
from .laws import LAWS
from .linear import Linear
from .matched import Matched
from .nao import Nao
from .normalized import Normalized
from .path import Combination, Interpolation
from .spherical import Spherical
from .spherical_cauchy import SphericalCauchy
from .stable import Stable
from .switch import Switch

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
