"""Tests of draws against what their prior says of itself, beside SciPy's."""

import numpy as np
import pytest
from scipy.stats import beta, kstest

import latentot as lot
from latentot.metrics import law_p_values


@pytest.mark.parametrize("n", [3, 10, 100, 2_000])
@pytest.mark.parametrize("scale", [1, 1.05, 1.3])
def test_p_values_are_those_of_scipy(n: int, scale: float) -> None:
    prior = lot.Normal(2)
    for seed in range(15):
        z = scale * prior.sample(n, rng=seed) + 0.1 * (scale - 1)
        norms = np.linalg.norm(z, axis=1)
        expected = {
            "law of a coordinate": kstest(prior.marginal.cdf(z.ravel()), "uniform").pvalue,
            "law of the norm": kstest(prior.radius.cdf(norms), "uniform").pvalue,
            "law of the direction": kstest((1 + z.sum(axis=1) / norms / 2**0.5) / 2, beta(0.5, 0.5).cdf).pvalue,
        }
        # SciPy's p-values are themselves off by some 1e-6.
        for name, found in law_p_values(prior, z).items():
            assert found == pytest.approx(expected[name], rel=1e-5, abs=0.3 * expected[name] ** 4)
            assert found >= expected[name] * (1 - 1e-5), "never more alarms than it says"
