import array_api_strict
import jax.numpy as jnp
import jax.scipy.special
import numpy as np
import pytest
import scipy.special
import torch

from latentot.errors import InputError
from latentot.numerics.special import log1p_square, special_functions


def test_each_library_has_its_own_special_functions():
    assert special_functions(np.zeros(1)) is scipy.special
    assert special_functions(torch.zeros(1)) is torch.special
    assert special_functions(jnp.zeros(1)) is jax.scipy.special
    with pytest.raises(InputError, match="has no special functions"):
        special_functions(array_api_strict.zeros(1))


def test_log1p_square_where_squares_are_beyond_floats():
    x = np.array([0.0, 1e-300, 1e-8, 0.5, -3.0, 1e9, -1e300])
    wanted = [0, 0, 1e-16, np.log(1.25), np.log(10), 18 * np.log(10), 600 * np.log(10)]
    np.testing.assert_allclose(log1p_square(x), wanted, rtol=1e-15)
    tensor = torch.tensor(x, requires_grad=True)
    log1p_square(tensor).sum().backward()
    slopes = [0, 2e-300, 2e-8, 0.8, -0.6, 2e-9, -2e-300]
    np.testing.assert_allclose(tensor.grad.numpy(), slopes, rtol=1e-14)
