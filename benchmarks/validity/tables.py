"""The tables of coefficients in the code, computed again: Chebyshev interpolation in 45 digits, then rounded.

    python benchmarks/validity/tables.py [NAME ...]

Prints how many coefficients of each are those in the code to the last bit, and by how much the two curves differ, in
proportion to their greatest value: about half a unit in the last place, as the ends of most intervals are known in
double precision only. TAIL_BACK, up to 0.12, is added to 1. With names, the coefficients themselves. Needs mpmath, and
numba for `latentot.paths.compiled`.
"""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mpmath import acot, cot, erf, erfc, exp, findroot, log, mp, mpf, pi, polyval, sqrt

mp.dps = 45
NORMAL, COMPILED = "latentot.priors.normal_law", "latentot.paths.compiled"
SPLIT = mpf("0.8")


def tail(x: mpf) -> mpf:
    """1 - F(x) of N(0, 1)."""
    return erfc(x / sqrt(2)) / 2


def centre(x: mpf) -> mpf:
    """F(x) - 1/2."""
    return erf(x / sqrt(2)) / 2


def at_tail(q: mpf) -> mpf:
    """The x with 1 - F(x) = q, q below 0.3."""
    start = sqrt(-2 * log(q)) - (log(-2 * log(q)) + log(2 * pi)) / (2 * sqrt(-2 * log(q)))
    return findroot(lambda x: log(tail(x) / q), max(start, mpf("0.5")))


def at_centre(c: mpf) -> mpf:
    """The x with F(x) - 1/2 = c."""
    return findroot(lambda x: centre(x) - c, c * sqrt(2 * pi))


def to_cauchy(z: mpf) -> mpf:
    """cot(pi (1 - F(z)))."""
    return cot(pi * tail(z))


def to_normal(g: mpf) -> mpf:
    """The z with cot(pi (1 - F(z))) = g."""
    return findroot(lambda z: log(tail(z) * pi / acot(g)), at_centre(mpf("0.5") - acot(g) / pi))


def tail_inverse(v: mpf) -> mpf:
    """What TAIL_INVERSE stands for, at v = 1 / (r + 3)."""
    r = 1 / v - 3
    excess = r**2 - log(4)
    quartile = at_tail(mpf(1) / 4)
    if excess < mpf(10) ** -30:
        return (r + 3) / (4 * exp(-(quartile**2) / 2) / sqrt(2 * pi))
    return (at_tail(exp(-(r**2))) - quartile) * (r + 3) / excess


def tail_back(v: mpf) -> mpf:
    """What TAIL_BACK stands for, at v = 1 / (r + 3)."""
    r = 1 / v - 3
    return at_tail(tail(SPLIT) * exp(-(r**2 - SPLIT**2) / 2)) / r - 1


@dataclass(frozen=True)
class Table:
    """A function on an interval, and how its coefficients are written: of u in [-1, 1], or of x itself."""

    module: str
    low: mpf
    high: mpf
    function: Callable[[mpf], mpf]
    scaled: bool = True

    def coefficients(self, degree: int) -> list[mpf]:
        """Of the powers, lowest first: the polynomial through the Chebyshev points."""
        n = degree + 1
        angles = [(k + mpf(1) / 2) * pi / n for k in range(n)]
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2
        values = [self.function(middle + half * mp.cos(angle)) for angle in angles]
        chebyshev = [2 * sum(v * mp.cos(j * a) for v, a in zip(values, angles, strict=True)) / n for j in range(n)]
        chebyshev[0] /= 2
        # u in powers of what the coefficients are of.
        u = [mpf(0), mpf(1)] if self.scaled else [-middle / half, 1 / half]
        total, last, this = [mpf(0)] * n, [mpf(1)], u
        for coefficient in chebyshev:
            total = [t + coefficient * (last[k] if k < len(last) else 0) for k, t in enumerate(total)]
            twice = [2 * c for c in product(u, this)]
            last, this = this, [c - (last[k] if k < len(last) else 0) for k, c in enumerate(twice)]
        return total


def product(a: list[mpf], b: list[mpf]) -> list[mpf]:
    """Coefficients of a product of polynomials."""
    found = [mpf(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            found[i + j] += x * y
    return found


def of_square(function: Callable[[mpf], mpf]) -> Callable[[mpf], mpf]:
    """f(x) / x as a function of x^2."""
    return lambda square: function(sqrt(square)) / sqrt(square)


G_SPLIT = to_cauchy(SPLIT)
TABLES = {
    "MILLS": Table(
        NORMAL,
        mpf(0),
        mpf("0.1763668430335097"),
        lambda v: exp((1 / v - 5) ** 2 / 2) * tail(1 / v - 5) * (1 / v - 5 + mpf(3) / 4),
    ),
    "CENTER": Table(NORMAL, mpf(0), at_tail(mpf(1) / 4) ** 2, of_square(centre), scaled=False),
    "CENTER_INVERSE": Table(NORMAL, mpf(0), mpf(1) / 16, of_square(at_centre), scaled=False),
    "TAIL_INVERSE": Table(NORMAL, 1 / mpf("29.8"), mpf("0.23938275022326844"), tail_inverse),
    "CENTRE": Table(COMPILED, mpf(0), SPLIT**2, of_square(to_cauchy), scaled=False),
    "TAIL": Table(
        COMPILED,
        1 / mpf("40.8"),
        1 / mpf("3.8"),
        lambda v: exp(-((1 / v - 3) ** 2) / 2) / (pi * tail(1 / v - 3) * (1 / v - 3 + mpf(3) / 4)),
    ),
    "COT": Table(COMPILED, mpf(0), (pi * tail(SPLIT)) ** 2, lambda s: sqrt(s) * cot(sqrt(s)), scaled=False),
    "CENTRE_BACK": Table(COMPILED, mpf(0), G_SPLIT**2, of_square(to_normal)),
    "EXCESS": Table(COMPILED, mpf(0), 1 / G_SPLIT**2, lambda y: -log(acot(1 / sqrt(y)) / sqrt(y)) / y),
    "TAIL_BACK": Table(COMPILED, 1 / mpf("40.62361356065663"), 1 / mpf("3.8"), tail_back),
}


def stored(name: str, table: Table) -> tuple[float, ...]:
    """The coefficients in the code."""
    found: Any = getattr(importlib.import_module(table.module), name)
    return tuple(getattr(found, "coefficients", found))


def error(table: Table, kept: tuple[float, ...], found: list[mpf]) -> float:
    """The greatest difference of the two polynomials on the interval, in proportion to the greatest value."""
    middle, half = (table.low + table.high) / 2, (table.high - table.low) / 2
    differences, values = [], []
    for k in range(101):
        u = mpf(k) / 50 - 1
        x = u if table.scaled else middle + half * u
        a, b = (polyval(list(map(mpf, reversed(c))), x) for c in (kept, found))
        differences.append(abs(a - b))
        values.append(abs(b))
    return float(max(differences) / max(values))


def main(names: list[str]) -> None:
    for name in names or TABLES:
        kept = stored(name, TABLES[name])
        found = TABLES[name].coefficients(len(kept) - 1)
        same = sum(float(new) == old for new, old in zip(found, kept, strict=True))
        off = error(TABLES[name], kept, found)
        print(
            f"{name:<16} {same} of {len(kept)} coefficients to the last bit; the curves differ by {off:.1e}", flush=True
        )
        if names:
            print("\n".join(repr(float(coefficient)) for coefficient in found))


if __name__ == "__main__":
    main(sys.argv[1:])
