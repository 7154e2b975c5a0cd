import numpy as np
import pytest
import scipy.integrate
import scipy.stats

import latentot as lot
from latentot.metrics.law_quantiles import LawBlocks, expectation

LAWS = {
    "normal": (lot.Normal(1).marginal, scipy.stats.norm()),
    "uniform": (lot.Uniform(1).marginal, scipy.stats.uniform(-1, 2)),
    "laplace": (lot.Laplace(1).marginal, scipy.stats.laplace()),
    "chi(64)": (lot.Normal(64).radius, scipy.stats.chi(64)),
    "chi(2), scaled": (lot.Normal(2, scale=3).radius, scipy.stats.chi(2, scale=3)),
    "t(3)": (lot.StudentT(1, df=3).marginal, scipy.stats.t(3)),
    "t(1.5)": (lot.StudentT(1, df=1.5).marginal, scipy.stats.t(1.5)),
    "gumbel": (lot.ProductPrior(scipy.stats.gumbel_r(), 1).marginal, scipy.stats.gumbel_r()),
}


def w1_by_quad(z, law):
    """Integral of |F_n - F|, gap by gap, and beyond the outermost points."""
    total = scipy.integrate.quad(law.cdf, law.support()[0], z[0])[0] if law.support()[0] < z[0] else 0
    total += scipy.integrate.quad(law.sf, z[-1], law.support()[1])[0] if z[-1] < law.support()[1] else 0
    for i in range(1, len(z)):
        level = i / len(z)
        crossing = float(np.clip(law.ppf(level), z[i - 1], z[i]))
        for a, b in ((z[i - 1], crossing), (crossing, z[i])):
            total += abs(scipy.integrate.quad(lambda x: law.cdf(x) - level, a, b, epsabs=1e-13)[0])  # noqa: B023
    return total


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("spoil", [(1.0, 0.0), (0.5, 0.0), (1.0, 0.3), (3.0, 0.0)])
@pytest.mark.parametrize("n", [2, 3, 12])
def test_w1_is_the_area_between_the_distribution_functions(name, spoil, n):
    law, reference = LAWS[name]
    scale, shift = spoil
    z = np.sort(reference.rvs(n, random_state=n) * scale + shift)
    with np.errstate(over="ignore"):
        expected = w1_by_quad(z, reference)
    assert LawBlocks(law).w1(z) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("far", [1.0, 1e3, 1e6])
def test_w1_of_one_distant_value_is_its_distance_from_the_mean(far):
    assert LawBlocks(lot.Normal(4).radius).w1(np.full(5, far * 4)) == pytest.approx(
        scipy.stats.chi(4).expect(lambda r: abs(far * 4 - r)), rel=1e-6
    )


@pytest.mark.parametrize("name", LAWS)
def test_expected_log_density_is_minus_the_entropy_of_scipy(name):
    law, reference = LAWS[name]
    assert expectation(law, law.log_pdf) == pytest.approx(-reference.entropy(), abs=1e-7)


def test_expectation_of_a_heavy_tailed_law():
    law = lot.StudentT(1, df=1.5).marginal
    expected = 2 * scipy.integrate.quad(lambda x: x * scipy.stats.t(1.5).pdf(x), 0, np.inf)[0]
    assert expectation(law, np.abs) == pytest.approx(expected, rel=1e-9)
