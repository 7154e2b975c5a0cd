"""The models of scikit-learn against its own numbers, and against the kit."""

import numpy as np
import pytest
from sklearn.decomposition import PCA, FactorAnalysis

import latentot as lot
from latentot.conformance import conforms
from latentot_sklearn import factor_analysis, mixture, pca

here = pytest.mark.usefixtures("fresh_process_is_this_one")

test_pca = here(conforms("sklearn-pca", options={"latent": 5}))
test_factor_analysis = here(conforms("sklearn-factor-analysis", data=lot.load_data("digits").test))
test_mixture = conforms("sklearn-mixture", options={"latent": 4, "components": 3})

DIGITS = lot.load_data("digits")
TRAIN, TEST = (images.reshape(len(images), -1).astype(float) for images in (DIGITS.train, DIGITS.test))


def covariance(model: lot.Model) -> np.ndarray:
    """W W^T, from what the decoder does."""
    d = model.prior.dim
    rows = (model.decode(np.eye(d)) - model.decode(np.zeros((1, d)))).reshape(d, -1)
    return rows.T @ rows


@pytest.mark.parametrize(("factory", "fit"), [(pca, PCA(6)), (factor_analysis, FactorAnalysis(6, random_state=0))])
def test_its_law_is_what_scikit_learn_fits(factory, fit) -> None:
    fitted = fit.fit(TRAIN)
    model = factory(latent=6)
    noise = fitted.get_covariance() - covariance(model)
    np.testing.assert_allclose(noise, np.diag(np.broadcast_to(fitted.noise_variance_, 64)), atol=1e-12)
    np.testing.assert_allclose(model.decode(np.zeros((1, 6))).ravel(), TRAIN.mean(0), atol=1e-12)


def test_the_posterior_is_that_of_factor_analysis() -> None:
    fitted = FactorAnalysis(6, random_state=0).fit(TRAIN)
    model = factor_analysis(latent=6)
    mean, scale = model.encode(DIGITS.test)
    # scikit-learn's axes are others, in which the posterior has correlations: decoded means and spreads agree.
    codes = fitted.transform(TEST)
    np.testing.assert_allclose(
        model.decode(mean).reshape(len(mean), -1), fitted.mean_ + codes @ fitted.components_, atol=1e-5
    )
    spread = np.linalg.inv(np.eye(6) + fitted.components_ / fitted.noise_variance_.clip(1e-6) @ fitted.components_.T)
    np.testing.assert_allclose(np.sort(scale[0] ** 2), np.linalg.eigvalsh(spread), rtol=1e-2)


@pytest.mark.parametrize("factory", [pca, factor_analysis])
def test_the_aggregate_posterior_is_the_prior(factory) -> None:
    # By maximum likelihood: E over x of q(z|x) has mean 0 and variance 1 on the data that it was fitted to.
    codes = lot.Posterior(*factory(latent=4).encode(DIGITS.train)).sample(rng=0)
    np.testing.assert_allclose(codes.mean(0), 0, atol=0.1)
    np.testing.assert_allclose(codes.std(0), 1, atol=0.05)


def test_the_mixture_generates_what_looks_like_its_data() -> None:
    model = mixture()
    drawn = model.decode(model.prior.sample(4_000, rng=0)).reshape(-1, 64)
    np.testing.assert_allclose(drawn.mean(0), TRAIN.mean(0), atol=0.03)
    kept = PCA(8).fit(TRAIN)
    explained = kept.components_.T * kept.explained_variance_ @ kept.components_
    assert np.linalg.norm(np.cov(drawn.T) - explained) < 0.15 * np.linalg.norm(explained)


def test_the_same_options_give_the_same_numbers() -> None:
    for factory in (pca, factor_analysis, mixture):
        z = np.ones((2, 8))
        np.testing.assert_array_equal(factory().decode(z), factory().decode(z))


@pytest.mark.parametrize(
    ("factory", "options", "message"),
    [
        (pca, {"latent": 0}, "latent is a whole number from 1 to 63, got 0"),
        (pca, {"latent": 64}, "latent is a whole number from 1 to 63, got 64"),
        (factor_analysis, {"latent": "8"}, "latent is a whole number from 1 to 63, got '8'"),
        (mixture, {"components": True}, "components is a whole number from 1 to 159, got True"),
        (mixture, {"components": 1000}, "components is a whole number from 1 to 159, got 1000"),
        (pca, {"seed": -1}, "seed is a whole number from 0 to 4294967295, got -1"),
        (pca, {"data": "digts"}, "unknown data source 'digts': did you mean 'digits'"),
    ],
)
def test_options_that_are_not_accepted_are_refused(factory, options, message) -> None:
    with pytest.raises(lot.InputError, match=message):
        factory(**options)


def test_linear_walks_on_a_mixture_drift() -> None:
    result = lot.compare(
        mixture(latent=3, components=4), methods=["linear"], metrics=["sliced-wasserstein"], n=1_000, repeats=1, t=[0.5]
    )
    assert result.verdict().verdict.tolist() == ["drifts"]
