import numpy as np
import pytest
import torch

from latentot.priors.polynomial import Polynomial, horner


def test_horner_is_the_sum_of_powers_in_every_library_and_changes_no_input():
    x = np.linspace(-1, 1, 5)
    kept = x.copy()
    expected = 1 - 2 * x + 3 * x**2 - 4 * x**3
    np.testing.assert_allclose(horner((1.0, -2.0, 3.0, -4.0), x), expected, rtol=1e-14)
    np.testing.assert_allclose(horner((1.0, -2.0, 3.0, -4.0), torch.tensor(x)).numpy(), expected, rtol=1e-14)
    np.testing.assert_allclose(horner((1.0, -2.0), x), 1 - 2 * x)
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-3.0, -1.0)])
def test_a_fit_meets_an_analytic_function_to_the_last_digit(low, high):
    x = np.linspace(low, high, 1_001)
    np.testing.assert_allclose(Polynomial.fit(np.exp, low, high, degree=18)(x), np.exp(x), rtol=5e-16)


def test_a_fit_of_its_own_degree_is_the_polynomial():
    fitted = Polynomial.fit(lambda x: 1 + x**3, -1, 1, degree=3)
    np.testing.assert_allclose(fitted.coefficients, [1, 0, 0, 1], atol=1e-15)
