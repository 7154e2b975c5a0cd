import torch
from torch import distributions

from latentot_torch_vae.likelihood import Bernoulli, Gaussian
from latentot_torch_vae.network import Architecture, assemble, initial_weights
from latentot_torch_vae.objective import kl_to_standard_normal, negative_elbo, reparametrise


def normal(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def small_vae():
    architecture = Architecture(shape=(4,), latent=2, hidden=(8,))
    weights = initial_weights(architecture, generator=torch.Generator().manual_seed(0))
    return assemble(architecture, weights).double()


def test_kl_agrees_with_torch():
    mean, log_variance = 2 * normal(50, 7), 3 * normal(50, 7, seed=1)
    posterior = distributions.Normal(mean, torch.exp(log_variance / 2))
    expected = distributions.kl_divergence(posterior, distributions.Normal(0.0, 1.0)).sum(1)
    torch.testing.assert_close(kl_to_standard_normal(mean, log_variance), expected)


def test_kl_is_zero_at_the_prior_alone_and_accurate_near_it():
    zero = torch.zeros(1, 1)
    assert kl_to_standard_normal(zero, zero).item() == 0
    near = torch.full((1, 1), 1e-3, dtype=torch.float32)
    expected = (torch.expm1(near.double()) - near.double()).item() / 2
    assert abs(kl_to_standard_normal(zero, near).item() / expected - 1) < 1e-3


def test_draws_have_the_posteriors_moments():
    mean, log_variance = torch.tensor([[1.0, -2.0]]).double(), torch.tensor([[0.0, 2.0]]).double()
    z = reparametrise(mean, log_variance, normal(100_000, 2))
    torch.testing.assert_close(z.mean(0, keepdim=True), mean, atol=0.03, rtol=0)
    torch.testing.assert_close(z.var(0, keepdim=True), log_variance.exp(), atol=0, rtol=0.03)


def test_gradients_are_pathwise():
    """For f(z) = |a z|^2 the gradient of E f is 2 a^2 mean, and a^2 sigma^2 for the log-variance."""
    mean = torch.tensor([[0.5, -1.0]]).double().requires_grad_()
    log_variance = torch.tensor([[-1.0, 0.5]]).double().requires_grad_()
    a = torch.tensor([2.0, 3.0]).double()
    z = reparametrise(mean, log_variance, normal(400_000, 2))
    (a * z).square().sum(1).mean().backward()
    torch.testing.assert_close(mean.grad, 2 * a**2 * mean.detach(), atol=0.1, rtol=0.01)
    torch.testing.assert_close(log_variance.grad, a**2 * log_variance.detach().exp(), atol=0, rtol=0.01)


def test_gradients_reach_the_encoder_as_finite_differences_say():
    vae, noise = small_vae(), normal(3, 2)
    x = torch.sigmoid(normal(3, 4, seed=1)).requires_grad_()
    for likelihood in (Bernoulli(), Gaussian(0.5)):
        assert torch.autograd.gradcheck(lambda x: sum(negative_elbo(vae, likelihood, x, noise)), x)  # noqa: B023


def test_the_negative_elbo_bounds_the_evidence():
    """-L >= -log p(x), here by importance sampling with the prior; x is binary, so p(x) is a probability."""
    vae, likelihood = small_vae(), Bernoulli()
    x = torch.tensor([[0.0, 1.0, 1.0, 0.0]]).double()
    with torch.no_grad():
        log_p = likelihood.log_prob(x.expand(20_000, 4), vae.decode(normal(20_000, 2)))
        evidence = torch.logsumexp(log_p, 0) - torch.tensor(20_000.0).log()
        terms = negative_elbo(vae, likelihood, x.expand(20_000, 4), normal(20_000, 2, seed=1))
    assert sum(terms).mean() >= -evidence
    assert (terms[1] >= 0).all()
