"""The objective of a VAE: the negative evidence lower bound, its two terms apart."""

__all__ = ["negative_elbo"]

from torch import Tensor

from latentot_torch_vae.likelihood import Likelihood
from latentot_torch_vae.network import VAE


def negative_elbo(vae: VAE, likelihood: Likelihood, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """-L = E_q[-log p(x|z)] + KL(q(z|x) || p(z)), the expectation by one reparametrised draw.

    Args:
        vae: the network.
        likelihood: p(x|z).
        x: images, shape (n, *shape).
        noise: random numbers of the family of q(z|x), shape (n, d).

    Returns:
        Reconstruction and KL, apart, in nats per image, each of shape (n,).

    References:
        D. P. Kingma, M. Welling (2014). Auto-Encoding Variational Bayes. arXiv:1312.6114.
    """
    family = vae.architecture.family
    # Of a network in lower precision, only the network: the laws are those that are reported.
    location, spread = (part.to(x.dtype) for part in vae.encode(x))
    outputs = vae.decode(family.draw(location, spread, noise)).to(x.dtype)
    return -likelihood.log_prob(x, outputs), family.kl(location, spread)
