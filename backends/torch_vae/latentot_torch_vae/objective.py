"""The objective of a VAE: the negative evidence lower bound, its two terms apart."""

__all__ = ["kl_to_standard_normal", "negative_elbo", "reparametrise"]

import torch
from torch import Tensor

from latentot_torch_vae.likelihood import Likelihood
from latentot_torch_vae.network import VAE


def reparametrise(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Tensor:
    """z = mean + sigma * noise, sigma = exp(log-variance / 2): a draw of q(z|x) that gradients flow through.

    Args:
        mean: shape (n, d).
        log_variance: shape (n, d).
        noise: draws of N(0, 1), shape (n, d).

    Returns:
        Latents, shape (n, d).

    References:
        D. P. Kingma, M. Welling (2014). Auto-Encoding Variational Bayes. arXiv:1312.6114, section 2.4.

    >>> reparametrise(torch.ones(1, 1), torch.zeros(1, 1), torch.full((1, 1), 2.0)).item()
    3.0
    """
    return mean + torch.exp(log_variance / 2) * noise


def kl_to_standard_normal(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, diag sigma^2) || N(0, I)) = 1/2 sum of mean^2 + sigma^2 - 1 - log sigma^2 over coordinates.

    Args:
        mean: shape (n, d).
        log_variance: log sigma^2, shape (n, d).

    Returns:
        Nats, shape (n,).

    References:
        D. P. Kingma, M. Welling (2014). Auto-Encoding Variational Bayes. arXiv:1312.6114, appendix B.

    >>> kl_to_standard_normal(torch.ones(1, 4), torch.zeros(1, 4)).item()
    2.0
    """
    # expm1: exp(v) - 1 - v cancels where the posterior is close to the prior.
    return (mean**2 + torch.expm1(log_variance) - log_variance).sum(1) / 2


def negative_elbo(vae: VAE, likelihood: Likelihood, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """-L = E_q[-log p(x|z)] + KL(q(z|x) || N(0, I)), the expectation by one reparametrised draw.

    Args:
        vae: the network.
        likelihood: p(x|z).
        x: images, shape (n, *shape).
        noise: draws of N(0, 1), shape (n, d).

    Returns:
        Reconstruction and KL, apart, in nats per image, each of shape (n,).

    References:
        D. P. Kingma, M. Welling (2014). Auto-Encoding Variational Bayes. arXiv:1312.6114.
    """
    mean, log_variance = vae.encode(x)
    outputs = vae.decode(reparametrise(mean, log_variance, noise))
    return -likelihood.log_prob(x, outputs), kl_to_standard_normal(mean, log_variance)
