"""The kernel distance, held to the formula that torch-fidelity has for a subset."""

import numpy as np
import pytest

import latentot as lot


def unbiased(x, y):
    """Of as many points each, with whole matrices: torch-fidelity's `polynomial_mmd`."""
    m, k = x.shape

    def kernel(a, b):
        return (a @ b.T / k + 1) ** 3

    within = sum(kernel(z, z).sum() - np.trace(kernel(z, z)) for z in (x, y)) / (m * (m - 1))
    return within - 2 * kernel(x, y).mean()


def test_the_value_is_that_of_one_subset_of_all():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((700, 20)), 1.1 * rng.standard_normal((700, 20)) + 0.2
    found = lot.judge("kid")(x, y, rng=0)
    assert found.value == pytest.approx(unbiased(x, y), rel=1e-10)
    kernel = (x @ x.T / 20 + 1) ** 3, (x @ y.T / 20 + 1) ** 3, (y @ y.T / 20 + 1) ** 3
    assert found.raw == pytest.approx(kernel[0].mean() - 2 * kernel[1].mean() + kernel[2].mean(), rel=1e-10)


def test_the_mean_over_random_subsets_comes_near_it():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((400, 10)), rng.standard_normal((400, 10)) + 0.3
    subsets = [unbiased(*(z[rng.permutation(400)[:100]] for z in (x, y))) for _ in range(300)]
    # Four standard errors: false alarm 6e-5.
    assert abs(np.mean(subsets) - lot.judge("kid")(x, y, rng=0).value) < 4 * np.std(subsets, ddof=1) / 300**0.5


@pytest.mark.parametrize(("n", "m"), [(2, 2), (2, 50), (30, 40)])
def test_any_n_from_2_on_and_unbiased(n, m):
    rng, runs = np.random.default_rng(0), 300
    found = [lot.judge("kid")(rng.standard_normal((n, 5)), rng.standard_normal((m, 5)), rng=0) for _ in range(runs)]
    values = np.array([one.value for one in found])
    assert abs(values.mean()) < 4 * values.std(ddof=1) / runs**0.5
    assert np.mean([one.raw for one in found]) > 0.1


def test_the_standard_error_is_the_spread_of_values():
    rng = np.random.default_rng(0)
    found = [
        lot.judge("kid")(rng.standard_normal((200, 5)) + 0.5, rng.standard_normal((300, 5)), rng=0) for _ in range(150)
    ]
    spread = np.std([one.value for one in found], ddof=1)
    # The spread of 150 is known to 6 %.
    assert np.mean([one.error for one in found]) == pytest.approx(spread, rel=0.25)


def test_more_points_are_left_out_and_it_says_so():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((300, 5)), rng.standard_normal((400, 5))
    found = lot.judge("kid", max_points=100)(x, y, rng=0)
    assert found.n_used == len(found.per_point) == 100
    assert found.value == lot.judge("kid", max_points=100)(x, y, rng=0).value


def test_the_witness_is_high_where_there_are_more_than_there_should_be():
    rng = np.random.default_rng(0)
    real = rng.standard_normal((500, 2))
    x = np.concatenate([rng.standard_normal((400, 2)), rng.normal([3, 3], 0.1, (100, 2))])
    witness = lot.judge("kid")(x, real, rng=0).per_point
    assert witness[400:].min() > np.median(witness[:400])
