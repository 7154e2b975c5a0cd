import torch

from latentot_torch_vae.likelihood import Bernoulli, Gaussian
from latentot_torch_vae.network import Architecture, assemble, initial_weights
from latentot_torch_vae.objective import negative_elbo


def normal(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def small_vae():
    architecture = Architecture(shape=(4,), latent=2, hidden=(8,))
    weights = initial_weights(architecture, generator=torch.Generator().manual_seed(0))
    return assemble(architecture, weights).double()


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
