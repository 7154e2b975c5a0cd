"""Four controls on real digits: what wins one judge and must fail another."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

import latentot as lot
from latentot.judges import coverage_by_chance

FRAMES = 17
T = np.linspace(0, 1, FRAMES)[:, None, None]
N = 300


@pytest.fixture(name="digits", scope="module")
def real_and_held_out():
    found = load_digits()
    order = np.random.default_rng(0).permutation(len(found.images))
    x, y = found.images[order].reshape(-1, 64) / 16, found.target[order]
    return x[:1_100], y[:1_100], x[1_100:], y[1_100:]


@pytest.fixture(name="walks", scope="module")
def walks_between_held_out_digits(digits):
    """Frames in pixels, shape (17, 300, 64), of different digits."""
    *_, x, y = digits
    rng = np.random.default_rng(1)
    first, second = rng.integers(len(x), size=(2, 4 * N))
    keep = np.flatnonzero(y[first] != y[second])[:N]
    x0, x1 = x[first[keep]], x[second[keep]]
    return {
        "cross-fading": (1 - T) * x0 + T * x1,
        "switch": np.where(rng.random((1, N, 1)) < T, x1, x0),
    }


@pytest.fixture(name="score", scope="module")
def of_frames(digits, walks):
    """The value of a judge on walks in pixels, or of the frame in their middle."""
    real, labels, _, _ = digits
    classifier = lot.feature_extractor("classifier").fit(real, labels, rng=0)

    def score(name, walk):
        judge = lot.judge(name)
        frames = walks[walk]
        if judge.takes == "features":
            return judge(frames[8], real, rng=0).value
        if judge.takes == "predictions":
            return judge(classifier.probabilities(frames[8]), rng=0).value
        return judge(frames, real, rng=0).value

    return score


def test_cross_fading_pixels_wins_smoothness_and_fails_membership(score):
    assert score("gini-smoothness", "cross-fading") == pytest.approx(1)
    assert score("max-jump", "cross-fading") == pytest.approx(0, abs=1e-12)
    assert score("path-length", "cross-fading") == pytest.approx(score("path-length", "switch"))
    for name in ("max-jump", "pdv"):
        assert score(name, "cross-fading") < score(name, "switch")
    assert score("low-density", "cross-fading") > 3 * score("low-density", "switch")
    assert score("density", "cross-fading") < 0.6 * score("density", "switch")
    assert score("membership", "cross-fading") < 0.4
    assert score("clipped-density", "cross-fading") < 0.25
    assert score("c2st", "cross-fading") > 0.4 > 4 * score("c2st", "switch")
    assert score("quality", "cross-fading") > 2 * score("quality", "switch")


def test_switch_passes_membership_and_fails_betweenness(score):
    # Held-out digits are in low density for 5 % of the time, and somewhat more as writers differ.
    assert score("low-density", "switch") < 0.1
    assert score("density", "switch") > 0.8
    assert score("membership", "switch") > 0.9
    assert score("clipped-density", "switch") > 0.9
    assert score("betweenness", "switch") == pytest.approx(1, abs=0.1)
    assert score("betweenness", "cross-fading") == pytest.approx(0, abs=1e-9)


def test_a_constant_decoder_fails_diversity(digits):
    real, labels, held_out, _ = digits
    classifier = lot.feature_extractor("classifier").fit(real, labels, rng=0)
    constant = np.repeat(held_out[:1], 400, axis=0)
    assert lot.judge("diversity")(classifier.probabilities(constant), rng=0).value < 0.5
    assert lot.judge("inception-score")(classifier.probabilities(constant), rng=0).value == pytest.approx(1)
    assert lot.judge("coverage")(constant, real, rng=0).value < 0.05
    assert lot.judge("recall")(constant, real, rng=0).value < 0.05
    # It passes what looks at one image at a time.
    assert lot.judge("quality")(classifier.probabilities(constant), rng=0).value < 0.5
    assert lot.judge("precision")(constant, real, rng=0).value == 1


def test_held_out_real_data_pass_all(digits):
    real, labels, held_out, _ = digits
    classifier = lot.feature_extractor("classifier").fit(real, labels, rng=0)
    pca = lot.feature_extractor("pca", components=16).fit(real, rng=0)
    p = classifier.probabilities(held_out)
    names = ("precision", "recall", "density", "coverage", "membership", "clipped-density", "clipped-coverage")
    found = {name: lot.judge(name)(held_out, real, rng=0).value for name in names}
    assert min(found.values()) > 0.9
    by_chance = coverage_by_chance(len(held_out), len(real))
    assert found["coverage"] == pytest.approx(by_chance, abs=0.03)
    frechet = lot.judge("frechet")(pca(held_out), pca(real), rng=0)
    kid = lot.judge("kid")(pca(held_out), pca(real), rng=0)
    assert abs(frechet.value) < frechet.raw
    assert abs(kid.value) < 4 * kid.error
    assert lot.judge("c2st")(pca(held_out), pca(real), rng=0).value < 0.06
    assert lot.judge("diversity")(p, rng=0).value == pytest.approx(np.log(10), abs=0.03)
    assert lot.judge("quality")(p, rng=0).value < 0.3
    assert 0.4 < lot.judge("authenticity")(held_out, real, rng=0).value < 0.7
    first, second = np.split(held_out[:696], 2)
    assert abs(lot.judge("c-t", training=real)(first, second, rng=0).value) < 2


def test_copies_of_training_data_are_copies(digits):
    real, _, held_out, _ = digits
    copies = real[:400]
    assert lot.judge("authenticity")(copies, real, rng=0).value == 0
    assert lot.judge("nearest-training")(copies, real, rng=0).value == 0
    assert lot.judge("c-t", training=real)(copies, held_out, rng=0).value < -5
    # What asks for membership alone is content.
    assert lot.judge("precision")(copies, real, rng=0).value == 1
