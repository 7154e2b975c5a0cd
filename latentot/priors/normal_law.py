"""The standard normal law, in arithmetic alone: the same digits in every array library."""

__all__ = ["NormalLaw"]

import math
from dataclasses import dataclass

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from latentot.numerics.special import Array, clip
from latentot.priors.polynomial import Polynomial, horner
from latentot.priors.symmetric import SymmetricLaw

LOG_4 = math.log(4)
UPPER_QUARTILE = 0.6744897501960817
GRID = 64
"""Numbers on the grid of 1/64 up to 38 have squares that are exact, also in single precision."""
GREATEST_LOG = 718.0
"""Up to this -log(1 - F) the inverse is tabulated: 1 - F underflows from 745 on."""

# Chebyshev interpolation in 45 digits (mpmath), then rounded: benchmarks/validity/tables.py computes them again, and
# the tests compare with mpmath.
# m(x) (x + 3/4) in 1 / (x + 5), m(x) = exp(x^2/2) (1 - F(x))
MILLS = Polynomial(
    0.0,
    0.1763668430335097,
    (
        0.4357767526140555,
        0.04777066452515573,
        0.00775056676180329,
        -0.010837922048535826,
        -0.0143135959461488,
        -0.010648189248541438,
        -0.005739039674279921,
        -0.0022819160539323214,
        -0.0006032957622030363,
        -5.265040076226741e-05,
        3.4450510956510925e-05,
        1.5123240557310954e-05,
        4.4483491657618234e-07,
        -1.505731584292539e-06,
        -3.327865498341976e-07,
        1.2480545329308024e-07,
        5.679303904116555e-08,
        -1.0085184127225553e-08,
        -8.084524907010476e-09,
        8.293361205609633e-10,
        9.967363961140346e-10,
        -5.362264109014128e-11,
        -7.802864151225552e-11,
    ),
)
# (F(x) - 1/2) / x in x^2
CENTER = (
    0.3989422804014327,
    -0.06649038006690519,
    0.009973557010021067,
    -0.0011873282151505856,
    0.00011543468391846887,
    -9.444632951568255e-06,
    6.658828900064991e-07,
    -4.1039056461500646e-08,
    2.051959634991386e-09,
)
# x / c in c^2, c = F(x) - 1/2
CENTER_INVERSE = (
    2.5066282746310007,
    2.6249349909537325,
    5.772533538616853,
    15.667608960903147,
    47.035788059616145,
    149.8297123385762,
    496.2816356381739,
    1689.3429332519427,
    5897.848585668765,
    19971.075417653446,
    92173.71566928508,
    -24095.570471548253,
    4199159.664317281,
    -18614165.2867709,
    91863024.24705797,
)
# (x - x_3/4) (r + 3) / log(w / 4) in 1 / (r + 3), r = sqrt(log(w)), w = 1 / (1 - F(x))
TAIL_INVERSE = Polynomial(
    0.03355704697986577,
    0.23938275022326844,
    (
        2.1086624130174254,
        0.7600898770723711,
        0.2638252116402961,
        0.09521368783540238,
        0.03518462893072564,
        0.013714693184877298,
        0.0055214084582720785,
        0.0023487344820013628,
        0.0010178498563515606,
        0.0004616243874390462,
        0.00020889347554509986,
        9.870842227405077e-05,
        4.56532108945558e-05,
        2.225334050448613e-05,
        1.0387436622097302e-05,
        5.164641001567256e-06,
        2.3161510742662798e-06,
        1.3622896104586013e-06,
        8.14704830426053e-07,
        1.3107435876805658e-08,
        -3.827281863243497e-07,
        6.489805098399495e-07,
        8.121482232503948e-07,
        -7.986439064239219e-07,
        -8.581027706430603e-07,
        8.688436939028379e-07,
        6.810923057026254e-07,
        -6.476858362843492e-07,
        -3.6115953368386384e-07,
        3.3229697169519266e-07,
        1.1705502759650468e-07,
        -1.0355033274501958e-07,
        -1.7806449327348954e-08,
        1.531304903572157e-08,
    ),
)


@dataclass(frozen=True)
class NormalLaw(SymmetricLaw):
    """N(0, 1): F(x) = Phi(x).

    1 - F(x) = exp(-x^2 / 2) m(x) with Mills' ratio m, a polynomial in 1 / (x + 5) over x + 3/4. The exponential is
    taken in two steps, exp(-h^2 / 2) exp(-(x - h)(x + h) / 2) with h near x and h^2 exact: rounding x^2 would cost
    z^2 / 2 units in the last place.

    References:
        Cody: Rational Chebyshev approximations for the error function. Math. Comp. 23 (1969).

    >>> NormalLaw().sf(np.array([0.0, 10.0]))
    array([5.00000000e-01, 7.61985302e-24])
    """

    @property
    def upper_quartile(self) -> float:
        return UPPER_QUARTILE

    def center(self, x: Array) -> Array:
        return x * horner(CENTER, x * x)

    def center_inverse(self, c: Array) -> Array:
        return c * horner(CENTER_INVERSE, c * c)

    def _period(self, x: Array) -> Array:
        h = array_namespace(x).round(x * GRID) / GRID
        exp = array_namespace(x).exp
        return exp(h * h / 2) * exp((x - h) * (x + h) / 2) * ((x + 0.75) / MILLS(1 / (x + 5)))

    def _period_inverse(self, w: Array) -> Array:
        return self._at_excess(array_namespace(w).log(w / 4))

    def _log_period(self, x: Array) -> Array:
        log = array_namespace(x).log
        return x * x / 2 + log((x + 0.75) / MILLS(1 / (x + 5)))

    def _log_period_inverse(self, log_w: Array) -> Array:
        xp = array_namespace(log_w)
        near = self._at_excess(clip(log_w, None, GREATEST_LOG) - LOG_4)
        # Beyond the table Newton's method, from the leading term; it gains more than three digits a step.
        distant = clip(log_w, GREATEST_LOG, None)
        x = xp.sqrt(2 * distant)
        for _ in range(4):
            x = x - (self._log_period(x) - distant) / (x + 1 / x)
        return xp.where(log_w > GREATEST_LOG, x, near)

    def _at_excess(self, excess: Array) -> Array:
        """The x with -log(1 - F(x)) = log 4 + excess: near the quartile no digit of the difference is lost."""
        v = 1 / (array_namespace(excess).sqrt(excess + LOG_4) + 3)
        return UPPER_QUARTILE + excess * (v * TAIL_INVERSE(v))

    def log_pdf(self, x: Array) -> Array:
        return -(x**2 + math.log(2 * math.pi)) / 2

    def sample(self, size: tuple[int, ...], *, rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.standard_normal(size)
