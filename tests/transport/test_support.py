import numpy as np
import pytest
from scipy import stats

import latentot as lot
from latentot.transport.support import support_map


@pytest.mark.parametrize(
    "prior",
    [lot.Uniform(3, low=-2, high=1), lot.ProductPrior(stats.expon(), 3), lot.Sphere(3, radius=2), lot.Sphere((1, 3))],
)
def test_points_go_to_the_nearest_of_the_support(prior):
    onto = support_map(prior)
    z = 5 * np.random.default_rng(0).standard_normal((200, 3))
    assert not prior.outside(onto(z).reshape(-1, *prior.shape)).any()
    others = prior.sample(200, rng=1).reshape(200, 3)
    # The nearest point of a convex set, or of a sphere, is no farther than any other.
    assert (np.square(onto(z) - z).sum(axis=1) <= np.square(others - z).sum(axis=1) + 1e-12).all()
    np.testing.assert_allclose(onto(others), others, rtol=1e-12)


@pytest.mark.parametrize("prior", [lot.Normal(2), lot.MultivariateT(2, df=3), lot.Empirical(np.eye(3))])
def test_where_everything_is_support_there_is_none(prior):
    assert support_map(prior) is None
