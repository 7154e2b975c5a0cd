import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import mannwhitneyu, norm, rankdata
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics import roc_auc_score

import latentot as lot
from latentot.metrics.c2st import _auc, _held_out, _kernel, _normal_scores


@pytest.fixture(name="features")
def kernel_of_two_samples():
    rng = np.random.default_rng(0)
    both = np.concatenate([rng.standard_normal((150, 4)) + 0.3, rng.standard_normal((150, 4))])
    return both, _kernel(_normal_scores(both), _normal_scores(np.linalg.norm(both, axis=1, keepdims=True)))


def test_held_out_rankings_are_those_of_scikit_learns_ridge_regression(features):
    _, kernel = features
    labels, folds = np.repeat(np.array([1, -1], np.float32), 150), np.arange(300) % 150 % 5
    found = _held_out(kernel, labels, folds, 25)
    for fold in range(5):
        out = folds == fold
        ridge = KernelRidge(alpha=25, kernel="precomputed").fit(kernel[~out][:, ~out], labels[~out])
        np.testing.assert_allclose(found[out], ridge.predict(kernel[out][:, ~out]), atol=1e-4)


def test_value_is_the_mean_auc_of_held_out_folds(features):
    both, kernel = features
    z, reference = both[:150], both[150:]
    labels, folds = np.repeat(np.array([1, -1], np.float32), 150), np.arange(300) % 150 % 5
    ranking = _held_out(kernel, labels, folds, 25)
    expected = np.mean([roc_auc_score(labels[folds == i], ranking[folds == i]) for i in range(5)]) - 0.5
    # The metric shuffles, so its folds are others: the same up to their choice.
    assert lot.drift("c2st")(z, reference, rng=0) == pytest.approx(expected, abs=0.05)


def test_kernel_has_a_feature_of_each_kind(features):
    both, kernel = features
    assert np.trace(kernel) / len(kernel) == pytest.approx(1, rel=1e-4)
    np.testing.assert_allclose(kernel.mean(axis=0), 0, atol=1e-5)
    scores = norm.ppf((np.apply_along_axis(rankdata, 0, both) - 0.5) / 300)
    np.testing.assert_allclose(_normal_scores(both), scores, atol=1e-5)
    radius = norm.ppf((rankdata(np.linalg.norm(both, axis=1)) - 0.5) / 300)
    for feature in (scores[:, 0], scores[:, 1] ** 2, scores[:, 2] * scores[:, 3], radius, radius**2):
        centred = feature - feature.mean()
        # What ridge 25 leaves of a function that is a feature, on the points it was fitted to.
        left = centred - kernel @ np.linalg.solve(kernel + 25 * np.eye(300), centred)
        assert np.square(left).sum() < 0.7 * np.square(centred).sum()


def test_area_under_the_curve_is_that_of_scipy_with_ties():
    rng = np.random.default_rng(0)
    above, below = rng.integers(0, 9, 40) + 1.0, rng.integers(0, 9, 70) + 0.0
    assert _auc(above, below) == pytest.approx(mannwhitneyu(above, below).statistic / (40 * 70))


def test_shift_is_the_best_that_any_classifier_can_do():
    # AUC of N(1, 1) against N(0, 1) is Phi(1 / sqrt 2); the sd of an AUC of 2,000 is below 0.01, four of them.
    rng = np.random.default_rng(0)
    z, reference = rng.standard_normal((2_000, 3)) + np.eye(1, 3), rng.standard_normal((2_000, 3))
    assert lot.drift("c2st")(z, reference, rng=0) == pytest.approx(ndtr(0.5**0.5) - 0.5, abs=0.04)


PRIOR = lot.Normal(10)
DRIFTS = {
    "mean": lambda z: z + 0.15,
    "scale": lambda z: z * 0.9,
    "correlation": lambda z: z @ np.linalg.cholesky(0.85 * np.eye(10) + 0.15).T,
    "spread of the norm": lambda z: lot.interpolation("spherical", PRIOR)(z, PRIOR.sample(len(z), rng=99), 0.5),
}


@pytest.fixture(name="judged", scope="module")
def judge_and_its_null():
    judge = lot.drift("c2st").against(PRIOR.sample(1_000, rng=0), rng=1)
    return judge, [judge(PRIOR.sample(1_000, rng=seed)).value for seed in range(2, 12)]


@pytest.mark.parametrize("kind", DRIFTS)
def test_sees_drift_of_every_kind(kind, judged):
    judge, null = judged
    assert judge(DRIFTS[kind](PRIOR.sample(1_000, rng=12))).value > np.mean(null) + 4 * np.std(null)


def test_sees_modes_that_neither_means_nor_products_show():
    prior, rng = lot.Normal(2), np.random.default_rng(0)
    judge = lot.drift("c2st").against(prior.sample(1_000, rng=0), rng=1)
    null = [judge(prior.sample(1_000, rng=seed)).value for seed in range(2, 12)]
    modes = rng.choice([-1.5, 0, 1.5], (1_000, 2), p=[0.22, 0.56, 0.22]) + 0.1 * rng.standard_normal((1_000, 2))
    assert judge(modes).value > np.mean(null) + 6 * np.std(null)


def test_mean_is_0_where_nothing_drifts_and_heavy_tails_do_no_harm():
    prior = lot.Cauchy(5)
    values = np.array(
        [lot.drift("c2st")(prior.sample(200, rng=2 * i), prior.sample(200, rng=2 * i + 1), rng=i) for i in range(100)]
    )
    # Two-sided at four standard errors: false alarm 6e-5.
    assert abs(values.mean()) < 4 * values.std() / np.sqrt(len(values))
    assert lot.drift("c2st")(prior.sample(500, rng=0) + 1, prior.sample(500, rng=1), rng=0) > 0.15


def test_constant_columns_and_one_coordinate_are_no_trouble():
    z, reference = lot.Normal(1).sample(200, rng=0), lot.Normal(1).sample(200, rng=1)
    assert lot.drift("c2st")(z + 2, reference, rng=0) > 0.35
    padded = lot.drift("c2st")(np.pad(z + 2, ((0, 0), (0, 1))), np.pad(reference, ((0, 0), (0, 1))), rng=0)
    assert padded > 0.35
    assert lot.drift("c2st")(np.ones((50, 2)), np.ones((50, 2)), rng=0) == 0


def test_fewer_points_of_either_sample_are_used_of_both():
    z = lot.Normal(2).sample(3_000, rng=0)
    assert lot.drift("c2st").against(z[:300], rng=0)(z).n_used == 300
    assert lot.drift("c2st").against(z, rng=0)(z[:300]).n_used == 300
    assert lot.drift("c2st").against(z, rng=0)(z).n_used == 2_000
