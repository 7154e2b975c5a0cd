import numpy as np
import pytest
import torch
from scipy import stats

import latentot as lot
from latentot.priors.sample_law import SampleLaw

N = 20_000
LAWS = {
    "normal": stats.norm(3, 2),
    "Laplace": stats.laplace(),
    "uniform": stats.uniform(-1, 2),
    "Student t": stats.t(3),
    "Cauchy": stats.cauchy(),
    "Gumbel": stats.gumbel_r(),
    "exponential": stats.expon(),
    "log-normal": stats.lognorm(1),
}
INSIDE = np.linspace(0.001, 0.999, 999)


@pytest.fixture(name="law", params=LAWS, scope="module")
def _law(request):
    known = LAWS[request.param]
    return known, SampleLaw.of(known.rvs(N, random_state=1))


def test_its_distribution_function_is_as_good_as_the_samples(law):
    known, own = law
    # Kolmogorov: sqrt(n) times the distance of the sample's own is above 1.95 once in a thousand.
    assert np.abs(own.cdf(known.ppf(INSIDE)) - INSIDE).max() < 1.95 / N**0.5


def test_its_functions_agree(law):
    known, own = law
    x = np.concatenate([known.ppf(INSIDE), known.ppf([1e-9, 1 - 1e-9])])
    np.testing.assert_allclose(own.quantile(own.cdf(x))[:-2], x[:-2], rtol=1e-8, atol=1e-9 * np.abs(x).max())
    np.testing.assert_allclose(own.isf(own.sf(x))[-1], x[-1], rtol=1e-6)
    np.testing.assert_allclose(own.cdf(x) + own.sf(x), 1, rtol=1e-12)
    np.testing.assert_allclose(own.log_sf(x), np.log(own.sf(x)), rtol=1e-6, atol=1e-12)
    between = np.linspace(*known.ppf([1e-4, 1 - 1e-4]), 200_001)
    mass = np.trapezoid(np.exp(own.log_pdf(between)), between)
    assert mass == pytest.approx(float(own.cdf(between[-1]) - own.cdf(between[0])), abs=2e-3)


def test_it_goes_on_beyond_the_sample(law):
    known, own = law
    far = 100 * np.abs(known.ppf([1e-3, 1 - 1e-3])).max() * np.array([-1.0, 1.0])
    assert (np.diff(own.score(np.sort(np.concatenate([far, known.ppf(INSIDE)])))) > 0).all()
    np.testing.assert_allclose(own.at_score(own.score(far)), far, rtol=1e-6)


@pytest.mark.parametrize("name", ["Student t", "Cauchy"])
def test_heavy_tails_go_on_as_heavy(name):
    known = LAWS[name]
    own = SampleLaw.of(known.rvs(N, random_state=1))
    assert "generalised Pareto" in repr(own)
    # One in 100,000, where the sample ends at one in 20,000: within a factor of three.
    assert 1 / 3 < own.sf(known.isf([1e-5]))[0] / 1e-5 < 3


def test_a_norm_stays_positive():
    own = SampleLaw.of(stats.chi(3).rvs(N, random_state=0), positive=True)
    assert own.support[0] == 0
    assert (own.quantile(np.array([1e-300, 1e-12, 0.1])) > 0).all()
    assert np.isfinite(own.score(np.zeros(1))).all()
    r = stats.chi(3).ppf(INSIDE)
    np.testing.assert_allclose(own.cdf(r), INSIDE, atol=1.95 / N**0.5)
    # Some 150 points lie between two knots: a standard error of 8 %, four of them.
    np.testing.assert_allclose(np.exp(own.log_pdf(r[50:-50])), stats.chi(3).pdf(r[50:-50]), rtol=0.33)


def test_atoms_become_steep_but_keep_their_probability():
    own = SampleLaw.of(np.random.default_rng(0).poisson(3.0, N).astype(float))
    assert own.cdf(np.array([4.5]))[0] == pytest.approx(stats.poisson(3).cdf(4), abs=0.1)


def test_torch_gets_the_same_numbers_and_gradients():
    own = SampleLaw.of(LAWS["Student t"].rvs(N, random_state=1))
    x = np.array([-400.0, -3.0, 0.0, 0.5, 7.0, 1e4])
    given = torch.tensor(x, requires_grad=True)
    score = own.score(given)
    np.testing.assert_allclose(score.detach().numpy(), own.score(x), rtol=1e-12)
    np.testing.assert_allclose(own.at_score(score).detach().numpy(), x, rtol=1e-6, atol=1e-9)
    score.sum().backward()
    assert torch.isfinite(given.grad).all()
    assert (given.grad > 0).all()


@pytest.mark.parametrize(
    ("sample", "message"), [(np.arange(59.0), "60 samples or more, got 59"), (np.ones(100), "does not vary, got 1 100")]
)
def test_too_little_is_refused_in_one_line(sample, message):
    with pytest.raises(lot.InputError, match=message):
        SampleLaw.of(sample)
