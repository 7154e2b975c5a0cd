import numpy as np
import pytest
import torch

from latentot.numerics.rational_spline import RationalSpline

X = np.cumsum(np.random.default_rng(0).exponential(size=30))
Y = np.cumsum(np.random.default_rng(1).exponential(size=30) ** 3)
CURVE = RationalSpline.through(X, Y)
AT = np.linspace(X[0] - 3, X[-1] + 3, 4_001)


def test_it_goes_through_its_knots_and_rises_strictly():
    np.testing.assert_allclose(CURVE(X), Y, rtol=1e-13)
    assert (np.diff(CURVE(AT)) > 0).all()


def test_its_inverse_and_slope_are_those_of_the_curve():
    np.testing.assert_allclose(CURVE.inverse(CURVE(AT)), AT, rtol=1e-8)
    inside = (X[0] < AT) & (X[-1] > AT)
    steps = (CURVE(AT + 1e-6) - CURVE(AT - 1e-6)) / 2e-6
    np.testing.assert_allclose(CURVE.slope(AT)[inside], steps[inside], rtol=1e-4, atol=1e-6)


def test_a_straight_line_stays_one():
    line = RationalSpline.through(X, 2 * X + 1)
    np.testing.assert_allclose(line(AT), 2 * AT + 1, rtol=1e-12)
    np.testing.assert_allclose(line.inverse(AT), (AT - 1) / 2, rtol=1e-12)


@pytest.mark.parametrize("call", [CURVE, CURVE.inverse, CURVE.slope])
def test_torch_gets_the_same_numbers_and_gradients(call):
    given = torch.tensor(AT, requires_grad=True)
    found = call(given)
    np.testing.assert_allclose(found.detach().numpy(), call(AT), rtol=1e-12)
    found.sum().backward()
    assert torch.isfinite(given.grad).all()
