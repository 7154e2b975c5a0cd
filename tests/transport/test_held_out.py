"""What maps reach on points that they have not seen, in units of what chance gives; benchmarks/transport.py at size."""

import numpy as np
import pytest

import latentot as lot
from latentot.transport import Gaussian, Sliced, named_transport

N = 20_000


@pytest.fixture(name="normal", scope="module")
def midpoints_of_a_normal_prior():
    prior, rng = lot.Normal(64), np.random.default_rng(0)
    z = [prior.sample(N, rng=rng) for _ in range(6)]
    judge = lot.drift("sliced-wasserstein").against(z[5], rng=1)
    chance = np.mean([judge(prior.sample(N, rng=rng)).value for _ in range(5)])
    return (z[0] + z[1]) / 2, z[2], (z[3] + z[4]) / 2, judge, chance


# Means over data sets are 1.19, 1.12, 0.98, 1.19 and 0.98; a draw of chance has a standard deviation of 3 %, so that a
# map that is right exceeds 1.3 with probability below 1e-3.
@pytest.mark.parametrize("name", ["gaussian", "marginal", "radial", "sliced", "auto"])
def test_a_normal_prior_is_reached_within_a_third_of_chance(name, normal):
    source, target, unseen, judge, chance = normal
    fitted = named_transport(name).fit(source, target, rng=0)
    assert judge(fitted(unseen)).value < 1.3 * chance
    # The true map moves points by 64 (1 - sqrt(1/2))^2 = 5.49; the estimate of a mean square of 20,000 has 0.2 %.
    assert np.square(fitted(unseen) - unseen).sum(axis=1).mean() == pytest.approx(5.49, rel=0.05)


def test_a_mixture_of_correlated_normal_laws_is_nearly_reached_at_little_displacement():
    rng = np.random.default_rng(0)
    means = 1.2 * rng.standard_normal((6, 16))
    factors = 0.6 * np.eye(16) + 0.15 * rng.standard_normal((6, 16, 16))

    def draw(n):
        k = rng.integers(6, size=n)
        return means[k] + np.einsum("nij,nj->ni", factors[k], rng.standard_normal((n, 16)))

    n = 5_000
    source, target, unseen = (draw(n) + draw(n)) / 2, draw(n), (draw(n) + draw(n)) / 2
    judge = lot.drift("sliced-wasserstein").against(draw(n), rng=1)
    chance = np.mean([judge(draw(n)).value for _ in range(10)])
    gaussian, sliced = (kind.fit(source, target, rng=0)(unseen) for kind in (Gaussian(), Sliced(legs=2)))
    # With 5,000 points chance is 0.048, the Gaussian map twice that; chance has a standard deviation of 15 %.
    assert judge(gaussian).value > 2 * chance
    assert judge(sliced).value < 1.9 * chance
    assert np.square(sliced - unseen).sum(axis=1).mean() < 5.5
