"""The prior of independent Student t coordinates, and its marginal."""

__all__ = ["StudentT", "StudentTLaw"]

import functools
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.errors import InputError
from latentot.numerics.special import Array, clip, log1p_square
from latentot.priors.independent import IndependentPrior
from latentot.priors.prior import Shape, latent_shape
from latentot.priors.student_t_curves import StudentTCurves, student_t_curves
from latentot.priors.symmetric import SymmetricLaw

LOG_4 = math.log(4)
GREATEST_LOG = 705.0
"""Up to this -log(1 - F) the first guess of the inverse is tabulated; beyond it is extended as a straight line."""
FAR = 2.0**27
"""From this many sqrt(df) on 1 + x^2 / df = x^2 / df to the last digit."""
SPLITTER = 2.0**27 + 1


@dataclass(frozen=True)
class StudentTLaw(SymmetricLaw):
    """Student's t law with df degrees of freedom, of density proportional to (1 + x^2 / df)^(-(df + 1) / 2).

    1 - F(x) = (1 + x^2 / df)^(-(df - 1) / 2) m(x) with a smooth m that is tabulated as a polynomial when the law is
    first used. The base of the power is kept as two numbers, since its rounding error would count df / 2 times.

    Args:
        df: degrees of freedom, 0.5 to 1000.

    Raises:
        InputError: df is outside [0.5, 1000].

    >>> bool(abs(StudentTLaw(2.0).sf(np.array(math.sqrt(2))) - (0.5 - math.sqrt(2) / 4)) < 1e-16)
    True
    """

    df: float

    def __post_init__(self) -> None:
        if not 0.5 <= self.df <= 1000:
            raise InputError(f"degrees of freedom lie between 0.5 and 1000 (beyond, use Normal), got df={self.df}")

    @property
    def _curves(self) -> StudentTCurves:
        return student_t_curves(float(self.df))

    @property
    def upper_quartile(self) -> float:
        return self._curves.upper_quartile

    def center(self, x: Array) -> Array:
        angle = array_namespace(x).atan(x / math.sqrt(self.df))
        return angle * self._curves.center(angle * angle)

    def center_inverse(self, c: Array) -> Array:
        return c * self._curves.center_inverse(c * c)

    def _factor(self, x: Array) -> Array:
        """The return period divided by (1 + x^2 / df)^((df - 1) / 2)."""
        return (x + 0.75) / self._curves.mills(1 / (x + self._curves.offset))

    def _relative_hazard(self, x: Array) -> Array:
        """Derivative of -log(1 - F) by log x."""
        inverse = math.sqrt(self.df) / x
        return self.df * self._curves.density * (self._factor(x) / x) / (1 + inverse * inverse)

    def _period(self, x: Array) -> Array:
        xp = array_namespace(x)
        distant = x >= FAR * math.sqrt(self.df)
        power = (self.df - 1) / 2
        base, rest = _one_plus_square(clip(x, None, FAR * math.sqrt(self.df)), self.df)
        near = base**power * (1 + power * rest / base)
        # In halves: x^(df - 1) overflows before the return period does, and x / sqrt(df) rounds df - 1 times as much.
        half = xp.where(distant, x, xp.ones_like(x)) ** power
        return xp.where(distant, half * self.df**-power * half, near) * self._factor(x)

    def _log_period(self, x: Array) -> Array:
        xp = array_namespace(x)
        distant = x >= FAR * math.sqrt(self.df)
        ratio = clip(x, None, FAR * math.sqrt(self.df)) / math.sqrt(self.df)
        log_base = xp.where(distant, 2 * xp.log(x) - math.log(self.df), xp.log1p(ratio * ratio))
        # Near the greatest float x / m(x) overflows.
        far = float(xp.finfo(x.dtype).max) / 1e9
        log_factor = xp.log(self._factor(clip(x, None, far))) + xp.log(clip(x, far, None) / far)
        return (self.df - 1) / 2 * log_base + log_factor

    def _guess(self, log_w: Array) -> Array:
        """Logarithm of the x with -log(1 - F(x)) = log_w, to about six digits."""
        xp = array_namespace(log_w)
        inside = clip(log_w, None, GREATEST_LOG)
        v = 1 / (xp.sqrt(inside) + self._curves.offset)
        log_x = math.log(self.upper_quartile) + (inside - LOG_4) * self._curves.slope(v)
        return log_x + (log_w - inside) / self.df

    def _period_inverse(self, w: Array) -> Array:
        xp = array_namespace(w)
        # Below df = 1 the number itself may overflow before its return period does.
        greatest = float(xp.finfo(w.dtype).max) / 4
        x = xp.exp(clip(self._guess(xp.log(w)), None, math.log(greatest)))
        for _ in range(2):
            period = self._period(x)
            step = xp.log1p((w - period) / period) / self._relative_hazard(x)
            x = clip(x * (1 + clip(step, -1, 1)), None, greatest)
        return x

    def _log_period_inverse(self, log_w: Array) -> Array:
        xp = array_namespace(log_w)
        greatest = math.log(float(xp.finfo(log_w.dtype).max) / 4)
        log_x = clip(self._guess(log_w), None, greatest)
        for _ in range(3):
            x = xp.exp(log_x)
            log_x = clip(log_x + (log_w - self._log_period(x)) / self._relative_hazard(x), None, greatest)
        return xp.exp(log_x)

    @property
    def moments(self) -> float:
        return self.df

    def log_pdf(self, x: Array) -> Array:
        # The density at 0 by its curve: a difference of lgamma loses three digits at df = 1000.
        return math.log(self._curves.density) - (self.df + 1) / 2 * log1p_square(x / math.sqrt(self.df))

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.standard_t(self.df, size)


def _one_plus_square(x: Array, df: float) -> tuple[Array, Array]:
    """1 + x^2 / df as an unevaluated sum: Dekker's product, the remainder of the division, and Knuth's sum."""
    square, rest = _product(x, x)
    quotient = square / df
    back, back_rest = _product(quotient, df)
    rest = ((square - back) - back_rest + rest) / df
    total = 1 + quotient
    part = total - quotient
    return total, (1 - part) + (quotient - (total - part)) + rest


def _product(a: Array, b: Array | float) -> tuple[Array, Array]:
    """a b rounded, and what rounding took away."""
    (a1, a0), (b1, b0) = _halves(a), _halves(b)
    product = a * b
    return product, ((a1 * b1 - product) + a1 * b0 + a0 * b1) + a0 * b0


def _halves(a: Array | float) -> tuple[Array, Array]:
    shifted = a * SPLITTER
    upper = shifted - (shifted - a)
    return upper, a - upper


@dataclass(frozen=True)
class StudentT(IndependentPrior):
    """The product of Student t laws, each coordinate with its own scale; `MultivariateT` is the isotropic one.

    Args:
        shape: shape of one latent, or its number of coordinates.
        df: degrees of freedom, 0.5 to 1000.

    Raises:
        InputError: df is outside [0.5, 1000].

    >>> StudentT(16, df=3).sample(3, rng=0).shape
    (3, 16)
    """

    name: ClassVar[str] = "student-t"
    shape: tuple[int, ...]
    df: float

    def __init__(self, shape: Shape, df: float) -> None:
        object.__setattr__(self, "shape", latent_shape(shape))
        object.__setattr__(self, "df", float(df))
        StudentTLaw(self.df)

    @functools.cached_property
    def _marginal(self) -> StudentTLaw:
        return StudentTLaw(self.df)

    @property
    def marginal(self) -> StudentTLaw:
        return self._marginal

    @property
    def radius(self) -> None:
        return None
