import pytest
from scipy import stats

from latentot.numerics.generalised_pareto import fitted_pareto

N = 4_000


@pytest.mark.parametrize("shape", [-0.4, -0.1, 0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("scale", [1e-3, 50.0])
def test_shape_and_scale_are_those_of_the_law(shape, scale):
    found = fitted_pareto(stats.genpareto(shape, scale=scale).rvs(N, random_state=0))
    # Standard errors of maximum likelihood: (1 + k) / sqrt(n) and s sqrt(2 (1 + k) / n); four of them.
    assert found[0] == pytest.approx(shape, abs=4 * (1 + shape) / N**0.5)
    assert found[1] == pytest.approx(scale, rel=4 * (2 * (1 + shape) / N) ** 0.5)
