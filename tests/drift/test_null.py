import numpy as np
import pytest

from latentot.drift import NullBand

MIXING = np.linalg.cholesky(0.6 * np.ones((6, 6)) + 0.4 * np.eye(6)).T


@pytest.fixture(name="rows")
def correlated_rows():
    rng = np.random.default_rng(0)
    return lambda *shape: np.exp(rng.standard_normal((*shape, 6)) @ MIXING)


def test_p_values_count_null_draws_at_least_as_large():
    band = NullBand(np.arange(19.0)[:, None])
    assert band.p_values(np.array([18.5])) == 1 / 20
    assert band.p_values(np.array([17.0])) == 3 / 20
    assert band.p_values(np.array([-1.0])) == 1


def test_band_is_the_middle_of_the_null_draws(rows):
    draws = rows(99)
    band = NullBand(draws)
    low, high = band.interval
    np.testing.assert_allclose(low, np.percentile(draws, 2.5, axis=0))
    np.testing.assert_allclose(high, np.percentile(draws, 97.5, axis=0))
    np.testing.assert_allclose(band.sd, draws.std(axis=0, ddof=1))


def test_adjusted_values_are_monotone_and_never_below_the_unadjusted_of_the_strongest(rows):
    band, observed = NullBand(rows(99)), rows()
    adjusted = band.p_adjusted(observed)
    assert (adjusted >= 1 / 100).all()
    scores = (observed - band.mean) / band.sd
    assert adjusted[scores.argmax()] == adjusted.min()


@pytest.mark.parametrize("repeats", [1, 3])
def test_level_holds_for_the_whole_family(rows, repeats):
    studies, rejected = 2_000, 0
    for study in range(studies):
        band, observed = NullBand(rows(39)), rows(repeats)
        rejected += band.p_of_mean(observed, rng=study, permutations=199).min() <= 0.05
    # 0.05 +- 0.0049 (one sd): [0.03, 0.07] is missed with probability 4e-5.
    assert 0.03 < rejected / studies < 0.07


def test_level_is_missed_where_columns_are_tested_alone(rows):
    rejected = sum(NullBand(rows(39)).p_values(rows()).min() <= 0.05 for _ in range(500))
    assert rejected / 500 > 0.09


def test_repeats_add_power(rows):
    band, shifted = NullBand(np.log(rows(99))), np.log(rows(8)) + 1.5
    pooled = band.p_of_mean(shifted, rng=0).min()
    assert pooled < 0.01
    assert pooled < np.median([band.p_adjusted(row).min() for row in shifted])


def test_one_observation_is_ranked_exactly(rows):
    band, observed = NullBand(rows(99)), rows(1)
    np.testing.assert_array_equal(band.p_of_mean(observed, rng=0), band.p_adjusted(observed[0]))


def test_a_column_that_never_varies_rejects_nothing():
    band = NullBand(np.zeros((39, 2)))
    assert (band.p_adjusted(np.zeros(2)) == 1).all()
