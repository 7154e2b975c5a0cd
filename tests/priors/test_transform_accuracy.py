"""The transforms against 60 digits of mpmath: what the claims of `carry` rest on."""

import numpy as np
import pytest
from mpmath import mp

import latentot as lot
from latentot.priors import Laplace, Logistic, StudentT
from latentot.priors.law import carry

CAUCHY = lot.Cauchy(1).marginal
CLAIM = 1e-15
MEDIAN = np.concatenate([[1e-300, 1e-200, 1e-100, 1e-30], np.logspace(-8, -1, 8)])


@pytest.fixture(autouse=True)
def sixty_digits():
    with mp.workdps(60):
        yield


class Exact:
    """1 - F and F - 1/2 on the upper half of the line, and the density, in mpmath's numbers."""

    def __init__(self, law, sf, mid, pdf, far):
        self.law, self.sf, self.mid, self.pdf = law, sf, mid, pdf
        self.x = np.concatenate([MEDIAN, np.linspace(0.2, 2.2, 41), np.linspace(2.2, 6, 10), far])

    def to_cauchy(self, x):
        x = mp.mpf(float(x))
        return mp.tan(mp.pi * self.mid(x)) if x < 1 else mp.cot(mp.pi * self.sf(x))

    def slope(self, x, g):
        """Derivative of the map to the Cauchy law."""
        return mp.pi * (1 + g**2) * self.pdf(mp.mpf(float(x)))


def student_t(df):
    n = mp.mpf(df)
    return Exact(
        StudentT(1, df=df).marginal,
        lambda x: mp.betainc(n / 2, mp.mpf(1) / 2, 0, n / (n + x * x), regularized=True) / 2,
        lambda x: mp.betainc(mp.mpf(1) / 2, n / 2, 0, x * x / (n + x * x), regularized=True) / 2,
        lambda x: (1 + x * x / n) ** (-(n + 1) / 2) * mp.gamma((n + 1) / 2) / mp.gamma(n / 2) / mp.sqrt(n * mp.pi),
        np.logspace(1, min(150, 290 / df), 25),
    )


EXACT = {
    "normal": lambda: Exact(
        lot.Normal(1).marginal,
        lambda x: mp.erfc(x / mp.sqrt(2)) / 2,
        lambda x: mp.erf(x / mp.sqrt(2)) / 2,
        mp.npdf,
        np.append(np.linspace(6.0314, 36.97, 130), 37.0),
    ),
    "laplace": lambda: Exact(
        Laplace(1).marginal,
        lambda x: mp.exp(-x) / 2,
        lambda x: -mp.expm1(-x) / 2,
        lambda x: mp.exp(-x) / 2,
        np.linspace(6, 700, 60),
    ),
    "logistic": lambda: Exact(
        Logistic(1).marginal,
        lambda x: 1 / (1 + mp.exp(x)),
        lambda x: mp.tanh(x / 2) / 2,
        lambda x: mp.exp(-x) / (1 + mp.exp(-x)) ** 2,
        np.linspace(6, 700, 60),
    ),
    **{f"t-{df}": lambda df=df: student_t(df) for df in (0.5, 1.0, 2.0, 3.0, 7.5, 40.0, 1000.0)},
}


@pytest.mark.parametrize("name", EXACT)
def test_each_direction_and_the_round_trip_are_exact_to_1e_15(name):
    exact = EXACT[name]()
    g = carry(exact.x, exact.law, CAUCHY)
    wanted = [exact.to_cauchy(x) for x in exact.x]
    forth = [abs(mp.mpf(float(a)) / b - 1) for a, b in zip(g, wanted, strict=True)]
    assert max(forth) <= CLAIM, f"to Cauchy: {float(max(forth)):.2g} at {exact.x[int(np.argmax(forth))]}"

    back = carry(g, CAUCHY, exact.law)
    # Newton's correction of the result, which is exact to second order, over the result.
    off = []
    for x, u in zip(back, g, strict=True):
        image = exact.to_cauchy(x)
        off.append(abs((image - mp.mpf(float(u))) / (exact.slope(x, image) * mp.mpf(float(x)))))
    assert max(off) <= CLAIM, f"from Cauchy: {float(max(off)):.2g} at {exact.x[int(np.argmax(off))]}"
    np.testing.assert_allclose(back, exact.x, rtol=CLAIM)


@pytest.mark.parametrize("name", EXACT)
def test_the_lower_half_is_the_mirror_of_the_upper(name):
    exact = EXACT[name]()
    x = exact.x
    np.testing.assert_array_equal(carry(-x, exact.law, CAUCHY), -carry(x, exact.law, CAUCHY))
    np.testing.assert_array_equal(exact.law.cdf(-x), exact.law.sf(x))
    np.testing.assert_array_equal(exact.law.log_cdf(-x), exact.law.log_sf(x))


def test_the_round_trip_of_the_normal_is_exact_everywhere():
    z = np.concatenate([np.logspace(-300, 0, 20_000), np.linspace(0.01, 1.5, 200_000), np.linspace(1.5, 37, 200_000)])
    normal = lot.Normal(1).marginal
    np.testing.assert_allclose(carry(carry(z, normal, CAUCHY), CAUCHY, normal), z, rtol=CLAIM)


@pytest.mark.parametrize("name", EXACT)
def test_tail_probabilities_and_their_logarithms(name):
    exact = EXACT[name]()
    sf = [exact.sf(mp.mpf(float(x))) for x in exact.x]
    np.testing.assert_allclose(exact.law.sf(exact.x), [float(q) for q in sf], rtol=1e-15)
    np.testing.assert_allclose(exact.law.log_sf(exact.x), [float(mp.log(q)) for q in sf], rtol=1e-15)
    log_cdf = [float(mp.log1p(-q)) for q in sf]
    np.testing.assert_allclose(exact.law.log_cdf(exact.x), log_cdf, rtol=1e-15)
    mid = [float(exact.mid(mp.mpf(float(x)))) for x in exact.x]
    np.testing.assert_allclose(exact.law.mid(exact.x), mid, rtol=1e-15)


@pytest.mark.parametrize("x", [50.0, 500.0, 5_000.0])
def test_normal_tails_beyond_any_float_are_known_by_their_logarithm(x):
    law = lot.Normal(1).marginal
    wanted = float(mp.log(mp.erfc(mp.mpf(x) / mp.sqrt(2)) / 2))
    assert law.log_sf(np.array(x)) == pytest.approx(wanted, rel=1e-15)
    assert law.isf_log(np.array(wanted)) == pytest.approx(x, rel=1e-14)


@pytest.mark.parametrize("name", EXACT)
def test_log_inverses_invert_on_both_sides_of_the_median(name):
    law = EXACT[name]().law
    log_q = np.concatenate([-np.logspace(-2, 2.4, 60), np.log([0.25, 0.5, 0.75])])
    # An error of one rounding in log q, and in the law's own logarithm.
    np.testing.assert_allclose(law.log_sf(law.isf_log(log_q)), log_q, rtol=1e-13)
    np.testing.assert_allclose(law.log_cdf(law.quantile_log(log_q)), log_q, rtol=1e-13)


def test_single_precision_is_computed_in_single_precision_to_a_few_roundings():
    z = np.linspace(-12.5, 12.5, 5_001, dtype=np.float32)
    normal = lot.Normal(1).marginal
    g = carry(z, normal, CAUCHY)
    assert g.dtype == np.float32
    np.testing.assert_allclose(g, carry(z.astype(np.float64), normal, CAUCHY), rtol=3e-6)
    np.testing.assert_allclose(carry(g, CAUCHY, normal), z, rtol=2e-6, atol=1e-30)
