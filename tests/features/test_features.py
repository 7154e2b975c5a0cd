"""Features: what all of them hold, and what each is."""

import pickle

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

import latentot as lot
from latentot.errors import InputError, InputWarning
from latentot.features import FEATURES, Features, as_features, feature_extractor, resized

DIGITS = load_digits()
X, Y = DIGITS.images[:, None] / 16, DIGITS.target
TRAIN, TEST = slice(None, 1_400), slice(1_400, None)


@pytest.fixture(name="fitted", scope="module")
def all_fitted() -> dict[str, Features]:
    return {name: feature_extractor(name).fit(X[TRAIN], Y[TRAIN], rng=0) for name in FEATURES.own}


@pytest.mark.parametrize("name", FEATURES.own)
def test_numbers_in_double_precision_that_do_not_depend_on_the_batch(fitted, name):
    found = fitted[name](X[TEST])
    assert found.dtype == np.float64
    assert found.ndim == 2
    alone = np.concatenate([fitted[name](X[TEST][i : i + 1]) for i in range(20)])
    backwards = fitted[name](X[TEST][::-1])[::-1]
    scale = np.abs(found).max()
    np.testing.assert_allclose(alone, found[:20], rtol=1e-10, atol=1e-12 * scale)
    np.testing.assert_allclose(backwards, found, rtol=1e-10, atol=1e-12 * scale)


@pytest.mark.parametrize("name", FEATURES.own)
def test_the_same_seed_fits_the_same_and_data_stay_as_they_are(fitted, name):
    before = X.copy()
    again = feature_extractor(name).fit(X[TRAIN], Y[TRAIN], rng=0)
    np.testing.assert_array_equal(again(X[TEST]), fitted[name](X[TEST]))
    np.testing.assert_array_equal(X, before)
    assert "\n" not in repr(again)
    assert len(repr(again)) < 200


@pytest.mark.parametrize("name", FEATURES.own)
def test_fitted_features_travel_to_other_processes(fitted, name):
    there = pickle.loads(pickle.dumps(fitted[name]))  # noqa: S301
    np.testing.assert_array_equal(there(X[TEST]), fitted[name](X[TEST]))


@pytest.mark.parametrize("name", FEATURES.own)
def test_single_precision_is_read_in_double(fitted, name):
    single = X[TEST].astype(np.float32)
    np.testing.assert_array_equal(fitted[name](single), fitted[name](single.astype(np.float64)))


def test_pca_is_that_of_scikit_learn():
    ours, theirs = (
        feature_extractor("pca", components=10).fit(X[TRAIN], rng=0),
        PCA(10).fit(X[TRAIN].reshape(1_400, -1)),
    )
    expected = theirs.transform(X[TEST].reshape(-1, 64))
    found = ours(X[TEST])
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-9)
    np.testing.assert_allclose(ours.explained, theirs.explained_variance_ratio_, rtol=1e-9)
    white = feature_extractor("pca", components=10, whiten=True).fit(X[TRAIN], rng=0)(X[TRAIN])
    np.testing.assert_allclose(np.cov(white.T), np.eye(10), atol=1e-9)


def test_pca_leaves_out_what_does_not_vary():
    x = np.zeros((50, 5))
    x[:, 1] = np.arange(50)
    fitted = feature_extractor("pca", components=4, whiten=True).fit(x, rng=0)
    assert fitted(x).shape == (50, 1)
    assert np.isfinite(fitted(x)).all()
    np.testing.assert_array_equal(feature_extractor("pca").fit(np.ones((5, 3)), rng=0)(np.ones((2, 3))), [[0], [0]])


@pytest.mark.parametrize("hidden", [0, 32])
def test_the_classifier_is_scikit_learns_network_and_states_its_accuracy(hidden):
    fitted = feature_extractor("classifier", hidden=hidden).fit(X[TRAIN], Y[TRAIN], rng=0)
    p = fitted.probabilities(X[TEST])
    np.testing.assert_allclose(p.sum(axis=1), 1)
    right = (fitted.classes[p.argmax(axis=1)] == Y[TEST]).mean()
    # The last 397 digits are by writers of their own, and harder: 0.91 to 0.94 here.
    assert right > 0.85
    # 140 rows held out: three standard errors of a share of 0.97 are 0.043.
    assert 0.92 < fitted.accuracy <= 1


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("hidden", [0, 8])
def test_probabilities_are_those_that_scikit_learn_predicts(hidden, classes, monkeypatch):
    rng = np.random.default_rng(0)
    labels = np.array(["a", "b", "c"])[rng.integers(classes, size=300)]
    x = rng.standard_normal((300, 4)) + 2.0 * np.unique(labels, return_inverse=True)[1][:, None] + 100
    kept = {}
    make = feature_extractor("classifier", hidden=hidden)
    trained = type(make)._trained

    def keeping(self, inputs, y, seed):
        kept["inputs"], kept["network"] = inputs, trained(self, inputs, y, seed)
        return kept["network"]

    monkeypatch.setattr(type(make), "_trained", keeping)
    fitted = make.fit(x, labels, rng=0)
    # Which rows were trained on: the permutation is the first that the generator gives.
    rows = np.random.default_rng(0).permutation(300)[30:]
    expected = kept["network"].predict_proba(kept["inputs"])
    np.testing.assert_allclose(fitted.probabilities(x[rows]), expected, atol=1e-9)
    assert list(fitted.classes) == sorted(set(labels))


def test_a_class_of_which_all_were_held_out_is_trained_on_all_the_same():
    x, labels = np.random.default_rng(0).standard_normal((40, 2)), np.array([0] * 38 + [1] * 2)
    for seed in range(40):
        assert feature_extractor("classifier", hidden=0).fit(x, labels, rng=seed).probabilities(x).shape == (40, 2)


def test_images_are_resized_as_pillow_does_with_antialiasing():
    image = np.random.default_rng(0).random((1, 1, 32, 32)).astype(np.float32)
    expected = np.asarray(Image.fromarray(image[0, 0]).resize((12, 8), Image.Resampling.BICUBIC))
    np.testing.assert_array_equal(feature_extractor("pixels", size=(8, 12))(image)[0], expected.ravel())
    # Stripes of one pixel average out; taking every fourth pixel would give black or white.
    stripes = np.tile([0.0, 1.0], 16)[None, None, None].repeat(32, axis=2)
    np.testing.assert_allclose(resized(stripes, (8, 8))[..., 2:-2], 0.5, atol=0.02)


def test_a_function_of_ones_own():
    ours = as_features(lambda x: x.mean(axis=(1, 2, 3)), "mean")
    assert ours(X[:5]).shape == (5, 1)
    assert ours.fit(X, rng=0) is ours
    assert as_features(ours) is ours
    torch = pytest.importorskip("torch")
    network = torch.nn.Linear(4, 3)
    learned = as_features(lambda x: network(torch.as_tensor(x)), "network")
    assert learned(np.ones((6, 4), np.float32)).shape == (6, 3)


def test_features_that_change_with_the_batch_are_refused():
    batch_norm = as_features(lambda x: (x - x.mean(axis=0)) / x.std(axis=0).clip(1e-9), "batch-norm")
    with pytest.raises(InputError, match="change with the rows beside it"):
        batch_norm(X.reshape(-1, 64)[:, 20:24])
    # What single precision leaves is no change.
    noisy = as_features(lambda x: x.sum(axis=1) * (1 + 1e-6 * len(x)), "single")
    assert noisy(np.random.default_rng(0).random((5, 3))).shape == (5, 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: feature_extractor("pca")(X), "pca is fitted before it is called"),
        (lambda: feature_extractor("classifier")(X), "a classifier is fitted before it is called"),
        (lambda: feature_extractor("classifier").fit(X, rng=0), "learn from labels, and none are given: take 'pca'"),
        (lambda: feature_extractor("classifier").fit(X, Y * 0, rng=0), "all 1797 labels are of one class, 0, where a"),
        (lambda: feature_extractor("classifier").fit(X, Y[:5], rng=0), "one for each of 1797 rows, got shape"),
        (lambda: feature_extractor("pca", components=0), "1 component or more"),
        (lambda: feature_extractor("pca").fit(X[:1], rng=0), "2 or more rows, got 1"),
        (lambda: feature_extractor("pca").fit(X, rng=0)(X[:, :, :4]), r"fitted on shape \(n, 1, 8, 8\), got"),
        (lambda: feature_extractor("pixels")((X * 255).astype(np.uint8)), "got uint8 .*: divide pixels by 255"),
        (lambda: feature_extractor("pixels")(np.where(X > 0.9, np.nan, X)), "must be finite: .* of 1797 rows"),
        (lambda: feature_extractor("pixels").probabilities(X), "predict no classes: fit 'classifier'"),
        (lambda: feature_extractor("pixels", filter="nearest"), "unknown filter 'nearest'"),
        (lambda: feature_extractor("pixels", size=(4, 4))(X[:, 0]), "images have shape"),
        (lambda: feature_extractor("inception"), "give a callable, or install latentot-onnx"),
        (lambda: feature_extractor("pixel"), "did you mean 'pixels'"),
        (lambda: feature_extractor(3), "is given by its name, such as"),
        (lambda: as_features(3), "are called as features"),
        (lambda: as_features(lambda x: x[:2], "two")(X), "'two' give numbers of shape"),
        (lambda: as_features(lambda x: x.reshape(len(x), -1) / 0 * 0, "nan")(X[:1] + 1), "'nan' must be finite"),
    ],
)
def test_what_cannot_be_told_is_one_line(call, message):
    with pytest.raises(InputError, match=message) as refused, np.errstate(all="ignore"):
        call()
    assert "\n" not in str(refused.value)


def test_another_scale_is_told():
    fitted = feature_extractor("pca").fit(X[TRAIN], rng=0)
    with pytest.warns(InputWarning, match="fitted on values from 0 to 1, and these go from -1 to 1"):
        fitted(2 * X - 1)


def test_a_plugin_is_found_by_its_name(announce):
    announce(
        "thirds",
        modules={"thirds": "def make(part=3):\n    return lambda x: x.reshape(len(x), -1)[:, ::part]\n"},
        features={"thirds": "thirds:make"},
    )
    assert feature_extractor("thirds", part=2)(X).shape == (1797, 32)
    assert "thirds" in FEATURES.names()
    with pytest.raises(lot.InputError, match="unknown option"):
        feature_extractor("thirds", parts=2)
