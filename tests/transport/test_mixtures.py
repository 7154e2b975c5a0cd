import numpy as np
import pytest

import latentot as lot
from latentot.transport import mixture_barycentre, normal_path


def mixture(shift, order=(0, 1, 2)):
    rng = np.random.default_rng(0)
    means, factors = 20 * rng.standard_normal((3, 2)), rng.standard_normal((3, 2, 2)) + 2 * np.eye(2)
    chosen = list(order)
    return lot.GaussianMixture(means[chosen] + shift, factors=factors[chosen])


def covariances(one):
    return one.factors @ one.factors.transpose(0, 2, 1)


def test_of_one_mixture_moved_it_is_moved_half_way():
    middle = mixture_barycentre([mixture(0.0), mixture(np.array([1.0, 3.0]), order=(2, 0, 1))], [0.5, 0.5])
    np.testing.assert_allclose(middle.means, mixture(0.0).means + np.array([0.5, 1.5]), atol=1e-6)
    np.testing.assert_allclose(covariances(middle), covariances(mixture(0.0)), atol=1e-4)


@pytest.mark.parametrize("t", [0.25, 0.5])
def test_of_single_components_it_is_the_path_of_normal_laws(t):
    ends = [(np.array([0.0, 1.0]), np.array([[2.0, 1.0], [1.0, 2.0]])), (np.array([3.0, 1.0]), np.diag([1.0, 5.0]))]
    singles = [lot.GaussianMixture(mean[None], covariances=one[None]) for mean, one in ends]
    middle = mixture_barycentre(singles, [1 - t, t])
    mean, covariance = normal_path(*ends, t)
    np.testing.assert_allclose(middle.means[0], mean, atol=1e-6)
    np.testing.assert_allclose(covariances(middle)[0], covariance, atol=1e-3)


def test_bad_input_is_one_clear_line():
    for mixtures, weights, message in [
        ([mixture(0.0)], [1.0], "two or more mixtures"),
        ([mixture(0.0), lot.GaussianMixture([[0.0]], covariances=[[[1.0]]])], [0.5, 0.5], "of one shape"),
        ([mixture(0.0)] * 2, [1.0], "as many weights"),
        ([mixture(0.0)] * 2, [1.0, -1.0], "at least 0"),
    ]:
        with pytest.raises(lot.InputError, match=message):
            mixture_barycentre(mixtures, weights)
