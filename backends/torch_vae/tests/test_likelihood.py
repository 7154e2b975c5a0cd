import pytest
import torch
from torch import distributions

from latentot.errors import InputError
from latentot_torch_vae.likelihood import Bernoulli, Gaussian, likelihood

GENERATOR = torch.Generator().manual_seed(0)
OUTPUTS = 3 * torch.randn(6, 1, 4, 4, dtype=torch.float64, generator=GENERATOR)
GREY = torch.rand(6, 1, 4, 4, dtype=torch.float64, generator=GENERATOR)


@pytest.mark.parametrize("x", [GREY.round(), GREY], ids=["binary", "grey"])
def test_bernoulli_agrees_with_torch(x):
    law = distributions.Bernoulli(logits=OUTPUTS, validate_args=False)
    torch.testing.assert_close(Bernoulli().log_prob(x, OUTPUTS), law.log_prob(x).sum((1, 2, 3)))


@pytest.mark.parametrize("sigma", [0.05, 1.0])
def test_gaussian_agrees_with_torch(sigma):
    law = distributions.Normal(torch.sigmoid(OUTPUTS), sigma)
    torch.testing.assert_close(Gaussian(sigma).log_prob(GREY, OUTPUTS), law.log_prob(GREY).sum((1, 2, 3)))


@pytest.mark.parametrize("observed", [Bernoulli(), Gaussian()])
def test_means_are_images_even_where_outputs_are_extreme(observed):
    mean = observed.mean(torch.tensor([-1e6, 0.0, 1e6]))
    assert mean.tolist() == [0.0, 0.5, 1.0]
    assert observed.log_prob(torch.ones(1, 1), torch.full((1, 1), -1e3)).isfinite().all()


def test_likelihoods_are_found_by_name():
    assert likelihood("bernoulli") == Bernoulli()
    assert likelihood("gaussian", sigma=0.5) == Gaussian(0.5)
    with pytest.raises(InputError, match="unknown likelihood 'gausian': did you mean 'gaussian'"):
        likelihood("gausian")
    with pytest.raises(InputError, match="sigma is a finite number above 0, got 0"):
        likelihood("gaussian", sigma=0)
