"""What a classifier says of data."""

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot.errors import InputError


def shares(n, c, seed, sharpness=3.0):
    logits = sharpness * np.random.default_rng(seed).standard_normal((n, c))
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def test_entropies_are_scipys():
    p = shares(200, 10, 0)
    quality, diversity = (lot.judge(name)(p, rng=0) for name in ("quality", "diversity"))
    np.testing.assert_allclose(quality.per_point, scipy.stats.entropy(p, axis=1))
    assert quality.value == pytest.approx(scipy.stats.entropy(p, axis=1).mean())
    assert quality.error == pytest.approx(scipy.stats.sem(scipy.stats.entropy(p, axis=1)))
    assert diversity.value == pytest.approx(scipy.stats.entropy(p.mean(axis=0)))


def test_the_inception_score_is_the_recipe():
    p = shares(1_000, 10, 0)
    scores = []
    for part in np.split(p, 10):
        scores.append(np.exp(scipy.stats.entropy(part, part.mean(axis=0, keepdims=True), axis=1).mean()))
    found = lot.judge("inception-score")(p, rng=0)
    assert found.value == pytest.approx(np.mean(scores), rel=1e-10)
    assert found.error == pytest.approx(scipy.stats.sem(scores), rel=1e-10)
    whole = np.exp(scipy.stats.entropy(p, p.mean(axis=0, keepdims=True), axis=1).mean())
    assert found.raw == pytest.approx(whole, rel=1e-10)
    assert lot.judge("inception-score", splits=1)(p, rng=0).value == pytest.approx(whole, rel=1e-10)


def test_extremes_in_closed_form():
    sure = np.eye(10)[np.arange(500) % 10]
    one = np.eye(10)[np.zeros(500, int)]
    unsure = np.full((500, 10), 0.1, np.float32)
    found = {
        name: [lot.judge(name)(p, rng=0).value for p in (sure, one, unsure)]
        for name in ("quality", "diversity", "inception-score")
    }
    assert found["quality"] == pytest.approx([0, 0, np.log(10)])
    assert found["diversity"] == pytest.approx([np.log(10), 0, np.log(10)])
    assert found["inception-score"] == pytest.approx([10, 1, 1])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (np.ones((5, 3)), "probabilities of 3 classes, 0 or more and 1 in sum, here off by 2"),
        (np.array([[1.5, -0.5]]), "probabilities of 2 classes"),
        (np.ones(5), r"are predictions, floating-point numbers of shape \(n, c\), got float64 \(5,\)"),
        (np.full((5, 2), np.nan), "5 rows have NaN or infinite values"),
    ],
)
def test_what_is_no_prediction(given, message):
    with pytest.raises(InputError, match=message):
        lot.judge("quality")(given, rng=0)


def test_too_few_for_so_many_splits():
    with pytest.raises(InputError, match="takes 10 data or more, got 5: or say splits = 1"):
        lot.judge("inception-score")(shares(5, 3, 0), rng=0)
