"""Families of posteriors: draws against the law that latentot draws, KL against quadrature, gradients against both."""

import numpy as np
import pytest
import torch
from scipy import integrate, stats
from torch import distributions

from latentot.models import Posterior
from latentot_torch_vae.posteriors import FAMILIES

LOCATION = torch.tensor([[0.7, -1.2, 0.4]]).double()
LOG_SPREADS = {"normal": [-1.0, 0.5, 0.2], "cauchy": [-1.5, 0.3, 0.0], "sphere": [1.7], "none": []}
NAMES = [name for name in FAMILIES if name != "none"]


def normal(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def parameters(name):
    return LOCATION.clone(), torch.tensor([LOG_SPREADS[name]]).double()


def drawn(name, n=40_000):
    family, (location, spread) = FAMILIES[name], parameters(name)
    noise = family.noise(n, 3, torch.Generator().manual_seed(0)).double()
    return family.draw(location.expand(n, -1), spread.expand(n, -1), noise)


@pytest.mark.parametrize("name", NAMES)
def test_training_draws_from_the_law_that_latentot_draws_from(name):
    """Each coordinate, two-sample: 3e-8 of all pairs of samples are farther apart than 3 sqrt(2 / n); three of them."""
    family, n = FAMILIES[name], 40_000
    mean, scale = (part.expand(n, -1).numpy() for part in family.mean_and_scale(*parameters(name)))
    again = Posterior(mean, scale, family.law).sample(rng=1)
    for ours, theirs in zip(drawn(name).numpy().T, again.T, strict=True):
        assert stats.ks_2samp(ours, theirs).statistic < 3 * np.sqrt(2 / n)


def test_normal_kl_agrees_with_torch():
    mean, log_variance = 2 * normal(50, 7), 3 * normal(50, 7, seed=1)
    posterior = distributions.Normal(mean, torch.exp(log_variance / 2))
    expected = distributions.kl_divergence(posterior, distributions.Normal(0.0, 1.0)).sum(1)
    torch.testing.assert_close(FAMILIES["normal"].kl(mean, log_variance), expected)


@pytest.mark.parametrize(("m", "g"), [(0.0, 1.0), (0.5, 1.0), (0.0, 0.1), (3.0, 0.2), (-7.0, 4.0), (1e-3, 1.001)])
def test_cauchy_kl_agrees_with_quadrature_and_the_textbook(m, g):
    def integrand(u):  # over the quantiles of q, where the tails end
        x = m + g * np.tan(np.pi * (u - 0.5))
        return stats.cauchy.logpdf(x, m, g) - stats.cauchy.logpdf(x)

    expected = integrate.quad(integrand, 0, 1, points=[0.5], epsabs=1e-10, limit=400)[0]
    found = FAMILIES["cauchy"].kl(*(torch.tensor([[value]], dtype=torch.float64) for value in (m, np.log(g)))).item()
    assert found == pytest.approx(expected, abs=1e-6)
    assert found == pytest.approx(np.log(((g + 1) ** 2 + m**2) / (4 * g)), abs=1e-12)


@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")  # at d = 2 densities are infinite at ends
@pytest.mark.parametrize("d", [2, 3, 16])
@pytest.mark.parametrize("k", [0.1, 1.0, 30.0, 2000.0])
def test_spherical_kl_agrees_with_quadrature(d, k):
    """Both laws depend on t = <m, z> alone, uniform directions by (1 - t^2)^((d - 3)/2)."""
    b = (d - 1) / 2
    q = stats.beta(k + b, b)

    def integrand(p):  # over the quantiles of q; the difference of the log densities of (1 + t)/2
        u = q.ppf(p)
        return q.logpdf(u) - stats.beta(b, b).logpdf(u)

    expected = integrate.quad(integrand, 0, 1, epsabs=1e-7, limit=200)[0]
    location, log_k = torch.ones(1, d).double(), torch.tensor([[np.log(k)]], dtype=torch.float64)
    assert FAMILIES["sphere"].kl(location, log_k).item() == pytest.approx(expected, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_kl_is_zero_at_the_prior_alone(name):
    family = FAMILIES[name]
    assert family.kl(*parameters(name)).item() > 0.1
    zero = torch.zeros(1, 3)
    spread = torch.full((1, 1), -40.0) if name == "sphere" else zero
    assert abs(family.kl(zero + (name == "sphere"), spread).item()) < 1e-6


@pytest.mark.parametrize("name", ["normal", "cauchy"])
def test_kl_is_accurate_near_the_prior(name):
    """In single precision, where a difference of numbers near 1 would be off by half: v = 1e-3."""
    near = torch.full((1, 1), 1e-3)
    expected = {"normal": (np.expm1(1e-3) - 1e-3) / 2, "cauchy": np.sinh(5e-4) ** 2}[name]
    assert FAMILIES[name].kl(torch.zeros(1, 1), near).item() == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_of_draws_and_kl_are_those_of_finite_differences(name):
    family, (location, spread) = FAMILIES[name], parameters(name)
    location, spread = (part.expand(5, -1).clone().requires_grad_() for part in (location, spread))
    noise = family.noise(5, 3, torch.Generator().manual_seed(2)).double()
    assert torch.autograd.gradcheck(lambda m, s: family.draw(m, s, noise), (location, spread))
    assert torch.autograd.gradcheck(family.kl, (location, spread))


def test_gradients_are_pathwise():
    """For f(z) = |a z|^2 the gradient of E f is 2 a^2 mean, and a^2 sigma^2 for the log-variance.

    Standard errors are below 0.5 % of each: five of them.
    """
    mean, log_variance = (p.requires_grad_() for p in parameters("normal"))
    a = torch.tensor([2.0, 3.0, 1.0]).double()
    z = FAMILIES["normal"].draw(mean, log_variance, normal(400_000, 3))
    (a * z).square().sum(1).mean().backward()
    torch.testing.assert_close(mean.grad, 2 * a**2 * mean.detach(), atol=0.1, rtol=0.01)
    torch.testing.assert_close(log_variance.grad, a**2 * log_variance.detach().exp(), atol=0, rtol=0.025)


def test_the_gradient_of_the_angle_is_that_of_its_mean():
    """E <m, z> = k / (k + d - 1), so d/d log k = k (d - 1) / (k + d - 1)^2; a standard error is 0.2 %, six of them."""
    family, d, n = FAMILIES["sphere"], 5, 40_000
    spread = torch.tensor([[2.0]]).double().requires_grad_()
    location = torch.nn.functional.one_hot(torch.zeros(n, dtype=torch.int64), d).double()
    noise = family.noise(n, d, torch.Generator().manual_seed(0))
    family.draw(location, spread.expand(n, 1), noise)[:, 0].mean().backward()
    k = np.exp(2)
    assert spread.grad.item() == pytest.approx(k * (d - 1) / (k + d - 1) ** 2, rel=0.012)


def test_spherical_draws_are_unit_vectors_in_the_inputs_precision():
    family = FAMILIES["sphere"]
    for log_k in (-20.0, 0.0, 12.0):
        noise = family.noise(100, 16, torch.Generator().manual_seed(0))
        z = family.draw(torch.ones(100, 16), torch.full((100, 1), log_k), noise)
        assert z.dtype == torch.float32
        torch.testing.assert_close(z.norm(dim=1), torch.ones(100), atol=1e-6, rtol=0)


def test_a_point_is_where_it_is():
    family, x = FAMILIES["none"], torch.ones(2, 3)
    none = torch.zeros(2, 0)
    assert torch.equal(family.draw(x, none, family.noise(2, 3, torch.Generator())), x)
    assert family.mean_and_scale(x, none)[1].tolist() == [[0, 0, 0], [0, 0, 0]]
