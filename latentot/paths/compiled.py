"""Cauchy interpolation on the normal law, compiled; importing this needs numba, the `fast` extra."""

__all__ = ["combine"]

import math
from collections.abc import Sequence

import numpy as np
from numba import njit, types

from latentot.numerics.special import Array
from latentot.paths.compiled_arithmetic import bits_of, float_of, fma, polynomial
from latentot.paths.weights import Weights

SPLIT, SPLIT_BACK = 0.8, 1.2737911440026344
"""z from which on the tail q = 1 - F(z) stands for it, and g there."""
LOG_SPLIT = 0.40712143333837647
"""-log(pi q) at the split."""
REACH = 37.48243842404214
"""Beyond it q is less than 16 / the greatest float, and z is taken as this, as the plain path does."""
LN2_HIGH, LN2_LOW = float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33")
"""log 2; the first has 33 bits, so that its multiples by an exponent are exact."""
ROUND = 1.5 * 2.0**52
"""Added to a number, it leaves the nearest integer in the last bits."""
SQRT_HALF = 0x3FE6A09E667F3BCD
"""The bits of sqrt(1/2)."""

# numba's cache knows a function by the text of its module, so that the tables are part of it.
# Chebyshev interpolation in 45 digits (mpmath), then rounded: benchmarks/validity/tables.py computes them again. A
# curve with slope and start is a polynomial in slope x + start, between -1 and 1; the tests compare with mpmath.
# fmt: off
# g / z in z^2
CENTRE = (
    1.2533141373155003, 0.44734805818585077, 0.11553980375022367, 0.018725262689626383, 0.002156901989008595,
    0.00023246403555812224, 1.9622528819208654e-05, 7.989695551943981e-07, 1.4721083131213927e-07,
    6.5499162050876774e-09, -2.1085484624177223e-09, 3.5543850370782e-10,
)
# exp(-z^2 / 2) / (pi q (z + 3/4)) in 1 / (z + 3)
TAIL_SLOPE, TAIL_START = 8.38054054054054, -1.2054054054054055
TAIL = (
    0.7092887968314844, -0.06214896457494306, 0.027021261184115446, 0.021068291706113615, 0.006343365001728831,
    0.0010802626175351352, 0.0005610849373574863, 0.0004509505617191371, 0.0001666714980860188,
    2.7349464407951794e-05, 1.3359424862501444e-05, 1.2043323303219233e-05, 3.9966083361268116e-06,
    4.531441015338118e-07, 4.136157170806082e-07, 3.367701510208333e-07, 7.447256430739413e-08, 7.320224594451238e-09,
    1.5249264247412042e-08, 8.895854415808633e-09, 1.5131078126480046e-09, -2.0312238822820367e-10,
    1.5139011888425262e-10, 3.526364178964323e-10, 1.2591176632072817e-10,
)
# pi q cot(pi q) in (pi q)^2
COT = (
    1.0, -0.3333333333333334, -0.02222222222221688, -0.0021164021165561053, -0.00021164020938831436,
    -2.1377818037609618e-05, -2.164308147096959e-06, -2.1956106991502045e-07, -2.164776865968063e-08,
    -2.8279893793618715e-09,
)
# z / g in g^2
CENTRE_BACK_SLOPE, CENTRE_BACK_START = 1.2326323044035088, -1.0
CENTRE_BACK = (
    0.6917764458433111, -0.0784452392911179, 0.01901063257623632, -0.0056978087846476745, 0.0018913541245358457,
    -0.0006669146373800803, 0.00024476482868686486, -9.242913531623434e-05, 3.56568927034102e-05,
    -1.3985845310764898e-05, 5.559068864015223e-06, -2.2337416516389334e-06, 9.057337559714171e-07,
    -3.7013311196985934e-07, 1.5223460742369265e-07, -6.28355226087381e-08, 2.6119641255890248e-08,
    -1.1157291250803606e-08, 4.679614200754173e-09, -1.645518386096347e-09, 6.919103927095311e-10,
    -5.757414341172035e-10, 2.4576335453348284e-10, 5.648219370209738e-11, -2.4592004765307457e-11,
    -4.3155168455990006e-11, 1.8544313963911312e-11,
)
# g^2 log(1 / (g arctan(1 / g))) in 1 / g^2
EXCESS_SLOPE, EXCESS_START = 3.2450877570790797, -1.0
EXCESS = (
    0.2957432659119112, -0.031875514664029096, 0.004731853165093997, -0.0008017634798558798, 0.00014613483595179815,
    -2.7900880926467437e-05, 5.501142020525944e-06, -1.1105781693956717e-06, 2.2829939233029448e-07,
    -4.760729658024643e-08, 1.0043024133197076e-08, -2.139110630447689e-09, 4.5984889774610683e-10,
    -9.942246347883817e-11, 2.1087937146639923e-11, -4.608235707233027e-12, 1.2973040970873513e-12,
    -2.8648259174268573e-13,
)
# z / r - 1 in 1 / (r + 3), r^2 = 16/25 + 2 log(q(4/5) / q)
TAIL_BACK_SLOPE, TAIL_BACK_START = 8.384279357929614, -1.2063893047183194
TAIL_BACK = (
    -0.06987565340749576, -0.11463940506067949, -0.033075637734122476, 0.046794762542794056, 0.06306209963446842,
    0.0489567169209208, 0.02798432501121919, 0.013228027999631516, 0.005827903740560751, 0.0032630112234213315,
    0.0025248825347926693, 0.002117001793811526, 0.0015643009327270942, 0.0009898448361139406, 0.000535861356995229,
    0.00026819300720311605, 0.00014801077673256958, 0.00011322306513795527, 7.094535826808201e-05,
    1.2062944971076058e-05, 5.851787825875786e-05, 0.000142785086801657, -4.274329840918205e-05,
    -0.0002385471638778661, 0.00011212183034578563, 0.0003820119567056516, -0.00016349564604811596,
    -0.00044480172703128884, 0.00019262769682136104, 0.00039295952050810473, -0.00016487122355731565,
    -0.00024999355049109905, 0.00010251467259097266, 0.00010951131143901295, -4.313520566960636e-05,
    -2.9491986517765982e-05, 1.1071756246767065e-05, 3.7566664048308183e-06, -1.276051992395672e-06,
)
# fmt: on
# exp and 2 artanh(x) / x, the latter in x^2, as far as halves of log 2 need them.
EXP = tuple(1 / math.factorial(k) for k in range(14))
ATANH = tuple(2 / (2 * k + 1) for k in range(11))

_centre, _tail, _cot, _exp = map(polynomial, (CENTRE, TAIL, COT, EXP))
_centre_back, _excess, _tail_back, _atanh = map(polynomial, (CENTRE_BACK, EXCESS, TAIL_BACK, ATANH))


@njit(inline="always", error_model="numpy")
def _to_cauchy(z: float) -> float:
    x = abs(z)
    # Both charts are computed, each within its range, and one is selected: vector code has no branches.
    x_near = x if x < SPLIT else SPLIT
    near = x * _centre(x_near * x_near)
    x = x if x > SPLIT else SPLIT
    x = x if x < REACH else REACH
    # The rounding error of x^2 is kept: exp would blow it up to x^2 / 2 units in the last place.
    square = x * x
    rest = fma(x, x, -square) / 2
    shifted = fma(square, 0.5 / math.log(2), ROUND)
    exponent = shifted - ROUND
    reduced = fma(-exponent, LN2_LOW, fma(-exponent, LN2_HIGH, square / 2)) + rest
    growth = float_of(bits_of(_exp(reduced)) + (bits_of(shifted) << 52))
    w = growth * ((x + 0.75) * _tail(fma(1 / (x + 3), TAIL_SLOPE, TAIL_START)))
    far = w * _cot(1 / w / w)
    return math.copysign(near if abs(z) < SPLIT else far, z)


@njit(inline="always", error_model="numpy")
def _to_normal(g: float) -> float:
    u = abs(g)
    u_near = u if u < SPLIT_BACK else SPLIT_BACK
    near = u * _centre_back(fma(u_near * u_near, CENTRE_BACK_SLOPE, CENTRE_BACK_START))
    u_far = u if u > SPLIT_BACK else SPLIT_BACK
    bits = bits_of(u_far)
    exponent = (bits - SQRT_HALF) >> 52
    fraction = float_of(bits - (exponent << 52))
    s = (fraction - 1) / (fraction + 1)
    y = 1 / u_far / u_far
    excess = y * _excess(fma(y, EXCESS_SLOPE, EXCESS_START))
    # log(q(split) / q), q = arctan(1 / u) / pi, log u = exponent log 2 + log fraction.
    beyond = (fma(exponent, LN2_HIGH, -LOG_SPLIT) + fma(exponent, LN2_LOW, excess)) + s * _atanh(s * s)
    # The root is most of the result and is rounded once; the polynomial adds what is small.
    root = math.sqrt(fma(2.0, beyond, SPLIT * SPLIT))
    far = fma(root, _tail_back(fma(1 / (root + 3), TAIL_BACK_SLOPE, TAIL_BACK_START)), root)
    return math.copysign(near if u < SPLIT_BACK else far, g)


@njit(
    [(types.Array(types.float64, 1, "C", readonly=True), types.float64, types.float64[::1])],
    nogil=True,
    cache=True,
    error_model="numpy",
)
def _add(z: Array, weight: float, total: Array) -> None:
    for i in range(z.size):
        total[i] += weight * _to_cauchy(z[i])


@njit("void(f8[::1])", nogil=True, cache=True, error_model="numpy")
def _carry_back(total: Array) -> None:
    for i in range(total.size):
        total[i] = _to_normal(total[i])


def combine(z: Sequence[Array], weights: Weights) -> Array:
    """z = g^-1(sum of w_i g(z_i)), g = C^-1 o F the map from N(0, 1) to the Cauchy law.

    g(z) = cot(pi q), q = 1 - F(z), is z times a polynomial near the median and follows from
    1 / (pi q) = exp(z^2 / 2) r(z) beyond; the way back goes by log(1 / q), which is log u and a series in 1 / u^2.
    Either direction is right to 5e-16 relative over 1e-300 <= |z| <= 37 (against mpmath). No lock of Python is held.
    Compiling takes two to three seconds, once for all processes; loading half a second to one.

    Args:
        z: points in float64, NumPy arrays of one shape.
        weights: one weight a point, sum of |w_i| at most 1; numbers, or columns with one a row.

    Returns:
        Of the shape of a point.

    References:
        Wichura: Algorithm AS 241: The percentage points of the normal distribution. Applied Statistics 37 (1988).

    >>> combine([np.array([1.0, 37.0]), np.array([-1.0, 37.0])], [0.5, 0.5]) + 0.0
    array([ 0., 37.])
    """
    total = np.zeros(z[0].size)
    for point, weight in zip(z, weights, strict=True):
        flat = np.require(point, requirements=["C", "A"]).reshape(-1)
        if isinstance(weight, float):
            _add(flat, weight, total)
        else:
            image = np.zeros(flat.size)
            _add(flat, 1.0, image)
            total += (weight * image.reshape(point.shape)).reshape(-1)
    _carry_back(total)
    return total.reshape(z[0].shape)
