"""Every law on a grid of its parameters, in both tails and both precisions, against mpmath."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import latentot as lot
from latentot.priors import GammaNorm, Laplace, Logistic, MultivariateT, StudentT
from latentot.priors.law import Law

TAILS = np.array([1e-250, 1e-60, 1e-16, 1e-4, 0.05, 0.249, 0.251, 0.45])
# Both sides of where a chart, a float or a polynomial could end: all of [0.5, 1000], whole numbers and others.
DFS = [
    0.5,
    0.7,
    1,
    1.3,
    2.5,
    4.7,
    9,
    14,
    21,
    23,
    23.4,
    23.5,
    25,
    28.2,
    31,
    34.6,
    37.4,
    37.6,
    39.1,
    45,
    90.5,
    333.3,
    1e3,
]


@pytest.fixture(autouse=True)
def forty_digits():
    with mp.workdps(40):
        yield


@dataclass(frozen=True)
class Known:
    """A law, and 1 - F, F and the logarithm of its density in mpmath's numbers.

    `lost` bounds its error in units of what one rounding of its argument and one of its result do.
    """

    law: Law
    cdf: Callable[[Any], Any]
    sf: Callable[[Any], Any]
    log_pdf: Callable[[Any], Any]
    lost: float = 2


def symmetric(law, sf, log_pdf, shift=0.0, scale=1.0, lost=2):
    """Of a standard law with sf and log_pdf on the upper half."""

    def standard(x):
        return (x - mp.mpf(shift)) / mp.mpf(scale)

    def upper(x):
        return sf(x) if x >= 0 else 1 - sf(-x)

    def density(x):
        return log_pdf(abs(standard(x))) - mp.log(scale)

    return Known(law, lambda x: upper(-standard(x)), lambda x: upper(standard(x)), density, lost)


def student_t(df):
    n, half = mp.mpf(df), mp.mpf(1) / 2
    constant = mp.loggamma((n + 1) / 2) - mp.loggamma(n / 2) - mp.log(n * mp.pi) / 2
    return symmetric(
        StudentT(1, df=df).marginal,
        lambda x: mp.betainc(n / 2, half, 0, n / (n + x * x), regularized=True) / 2,
        lambda x: constant - (n + 1) / 2 * mp.log1p(x * x / n),
        # Single precision rounds df too.
        lost=8,
    )


def normal(mean, scale):
    law = lot.Normal(1, mean=mean, scale=scale).marginal
    log_pdf = lambda x: -x * x / 2 - mp.log(2 * mp.pi) / 2  # noqa: E731
    return symmetric(law, lambda x: mp.erfc(x / mp.sqrt(2)) / 2, log_pdf, mean, scale)


def laplace():
    return symmetric(Laplace(1).marginal, lambda x: mp.exp(-x) / 2, lambda x: -x - mp.log(2))


def logistic():
    return symmetric(Logistic(1).marginal, lambda x: 1 / (1 + mp.exp(x)), lambda x: -x - 2 * mp.log1p(mp.exp(-x)))


def cauchy():
    def sf(x):
        return mp.atan(1 / x) / mp.pi if x else mp.mpf(1) / 2

    return symmetric(lot.Cauchy(1).marginal, sf, lambda x: -mp.log(mp.pi) - mp.log1p(x * x))


def uniform(low, high):
    width = mp.mpf(high) - mp.mpf(low)
    return Known(
        lot.Uniform(1, low=low, high=high).marginal,
        lambda x: (x - mp.mpf(low)) / width,
        lambda x: (mp.mpf(high) - x) / width,
        lambda _: -mp.log(width),
    )


def half_normal(theta):
    scale = mp.sqrt(mp.mpf(theta) / 2)
    return Known(
        GammaNorm(3, theta=theta).radius,
        lambda x: mp.erf(x / scale / mp.sqrt(2)),
        lambda x: mp.erfc(x / scale / mp.sqrt(2)),
        lambda x: -((x / scale) ** 2) / 2 + mp.log(2 / mp.pi) / 2 - mp.log(scale),
    )


def chi(dim, scale):
    a, scale = mp.mpf(dim) / 2, mp.mpf(scale)
    constant = -(a - 1) * mp.log(2) - mp.loggamma(a) - mp.log(scale)
    return Known(
        lot.Normal(dim, scale=float(scale)).radius,
        lambda x: mp.gammainc(a, 0, (x / scale) ** 2 / 2, regularized=True),
        lambda x: mp.gammainc(a, (x / scale) ** 2 / 2, mp.inf, regularized=True),
        lambda x: constant + (dim - 1) * mp.log(x / scale) - (x / scale) ** 2 / 2,
        # SciPy's gammainc errs by up to 50 of them; the terms of the log density are d times as large as it is.
        lost=max(60, dim / 8),
    )


def t_norm(dim, df):
    a, b, df = mp.mpf(dim) / 2, mp.mpf(df) / 2, mp.mpf(df)
    constant = mp.log(2) - mp.log(mp.beta(a, b)) - a * mp.log(df)
    return Known(
        MultivariateT(dim, df=float(df)).radius,
        lambda x: mp.betainc(a, b, 0, x * x / (df + x * x), regularized=True),
        lambda x: mp.betainc(b, a, 0, df / (df + x * x), regularized=True),
        lambda x: constant + (dim - 1) * mp.log(x) - (a + b) * mp.log1p(x * x / df),
        # SciPy's betainc and its inverse err by up to 170 of them.
        lost=max(200, dim),
    )


GRID = [
    *((student_t, df) for df in DFS),
    *((normal, *of) for of in ((0, 1), (2, 3), (-1e3, 1e-3), (0, 1e30), (5, 1e-30))),
    (laplace,),
    (logistic,),
    (cauchy,),
    *((uniform, *ends) for ends in ((-1, 1), (-0.1, 0.1), (0, 1), (3, 1e6), (-1e-30, 2e-30))),
    *((half_normal, theta) for theta in (1e-6, 0.5, 2, 1e4)),
    *((chi, dim, scale) for dim, scale in ((1, 1), (2, 1), (3, 1e-3), (7, 1), (64, 1e3), (512, 1), (4096, 1))),
    *((chi, dim, 1) for dim in (16384, 65536)),
    *((t_norm, *of) for of in ((1, 1), (2, 0.5), (2, 1), (3, 30), (8, 0.5), (64, 3), (64, 1e3), (512, 23.7))),
    (t_norm, 4096, 5),
]


@pytest.mark.parametrize("case", GRID, ids=lambda case: f"{case[0].__name__}-{case[1:]}")
def test_a_law_is_right_in_both_tails_and_both_precisions(case):
    known = case[0](*case[1:])
    points = np.concatenate([known.law.quantile(TAILS), known.law.isf(TAILS)])
    assert not np.isnan(points).any()
    for dtype in (np.float64, np.float32):
        _hold_at(known, points[np.abs(points) < np.finfo(dtype).max].astype(dtype))
        _hold_inverses(known, TAILS.astype(dtype))


def _hold_at(known, x):
    """cdf, sf and the logarithms at points of the law's support that are no more than rounded."""
    low, high = known.law.support
    least = 1e3 * float(np.finfo(x.dtype).tiny)
    x = x[np.isfinite(x) & (x > low) & (x < high) & (np.abs(x) > least)]
    exact = [mp.mpf(float(value)) for value in x]
    cdf, sf, log_pdf = ([f(value) for value in exact] for f in (known.cdf, known.sf, known.log_pdf))
    slope = [abs(value) * mp.exp(log_p) for value, log_p in zip(exact, log_pdf, strict=True)]
    for name, own, rest in (("cdf", cdf, sf), ("sf", sf, cdf)):
        _close(known, name, x, own, slope)
        log = [mp.log(p) if p < q else mp.log1p(-q) for p, q in zip(own, rest, strict=True)]
        _close(known, f"log_{name}", x, log, [s / p for s, p in zip(slope, own, strict=True)])
    step = mp.mpf(10) ** -15
    steep = [abs(known.log_pdf(v * (1 + step)) - p) / step + 1 for v, p in zip(exact, log_pdf, strict=True)]
    _close(known, "log_pdf", x, log_pdf, steep)


def _close(known, name, x, wanted, slope):
    """A relative error of eps of the argument, and one of the result, times what the law may lose."""
    found, limits = getattr(known.law, name)(x), np.finfo(x.dtype)
    assert found.dtype == x.dtype
    for at, value, right, steep in zip(x, found, wanted, slope, strict=True):
        error = abs(mp.mpf(float(value)) - right)
        allowed = known.lost * float(limits.eps) * (abs(right) + steep) + float(limits.tiny)
        assert error <= allowed, f"{name}({at}) is {value}, {mp.nstr(right, 17)} is right"


def _hold_inverses(known, q):
    limits = np.finfo(q.dtype)
    q = q[q > limits.tiny]
    for name, back in (("quantile", known.cdf), ("isf", known.sf)):
        x = getattr(known.law, name)(q)
        assert x.dtype == q.dtype
        for wanted, value in zip(q, x, strict=True):
            # Beyond the greatest float, or nearer to 0 than the least, x ends there.
            if limits.tiny * 1e3 < abs(value) < limits.max / 16:
                v, p = mp.mpf(float(value)), mp.mpf(float(wanted))
                allowed = known.lost * float(limits.eps) * (p + abs(v) * mp.exp(known.log_pdf(v)))
                assert abs(back(v) - p) <= allowed, f"{name}({wanted}) = {value}"
            else:
                assert not np.isnan(value)
