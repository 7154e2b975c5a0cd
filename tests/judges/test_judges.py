"""What holds for every judge: names, facts, what is refused, and that it is a pure function."""

import pickle
import re

import cloudpickle
import numpy as np
import pytest

import latentot as lot
from latentot.errors import InputError
from latentot.judges import JUDGES, Judge, Walk, as_judge
from latentot.judges.judgement import FEATURES, FRAMES, PREDICTED_FRAMES, PREDICTIONS, WALKS

RNG = np.random.default_rng(0)
REAL, DATA = RNG.standard_normal((200, 6)), RNG.standard_normal((150, 6)) + 0.3
SHARES = RNG.dirichlet(np.ones(4), (17, 150))
GIVEN = {
    FEATURES: DATA,
    PREDICTIONS: SHARES[0],
    FRAMES: RNG.standard_normal((17, 150, 6)),
    PREDICTED_FRAMES: SHARES,
    WALKS: Walk(lambda t: np.tanh(DATA * t[:, None]), 150),
}


NAMES = [name for name in lot.list_judges() if name in JUDGES.own or name not in JUDGES.names()]
"""Latentot's own, and drift metrics: what plugins bring may take other features."""


def made(name: str) -> Judge:
    return lot.judge(name, **({"training": REAL} if name == "c-t" else {}))


@pytest.mark.parametrize("name", NAMES)
def test_a_pure_function_that_says_something_of_every_point_it_speaks_of(name):
    judge, given = made(name), GIVEN[made(name).takes]
    before = (REAL.copy(), given.copy()) if isinstance(given, np.ndarray) else (REAL.copy(),)
    found = judge(given, REAL, rng=0)
    again = judge.against(REAL, rng=0)(given)
    assert (found.value, found.raw, found.n_used) == (again.value, again.raw, again.n_used)
    np.testing.assert_array_equal(found.per_point, again.per_point)
    np.testing.assert_array_equal(REAL, before[0])
    if isinstance(given, np.ndarray):
        np.testing.assert_array_equal(given, before[1])
    points = {"data": 150, "walks": 150, "reference": 200, "": 0}
    assert found.per_point.shape == (points[judge.points],)
    assert isinstance(found.value, float)
    assert isinstance(found.raw, float)


@pytest.mark.parametrize("name", NAMES)
def test_judges_travel_to_other_processes_before_and_after_they_are_prepared(name):
    judge = made(name)
    there = pickle.loads(pickle.dumps(judge))  # noqa: S301
    assert repr(there) == repr(judge)
    prepared = judge.against(REAL, rng=0)
    value = prepared(GIVEN[judge.takes]).value
    for travelled in (there.against(REAL, rng=0), pickle.loads(cloudpickle.dumps(prepared))):  # noqa: S301
        assert travelled(GIVEN[judge.takes]).value == value


@pytest.mark.parametrize("name", NAMES)
def test_facts(name):
    judge = made(name)
    assert judge.name == name
    for fact in (judge.title, judge.formula, judge.unit, judge.citation):
        assert fact
        assert "\n" not in fact
    assert judge.better in {"lower", "higher", "neither"}
    assert "latent units" not in judge.unit
    assert "\n" not in repr(judge)
    assert len(repr(judge)) < 120


@pytest.mark.parametrize("name", [name for name in NAMES if made(name).takes == FEATURES])
def test_direction(name):
    """Features that are far from all real ones are worse, as the judge's facts have it."""
    judge = made(name)
    real = np.random.default_rng(1).standard_normal((400, 6))
    near = np.random.default_rng(2).standard_normal((200, 6))
    far = 1.5 * near + 8
    good, bad = (judge(x, real, rng=0).value for x in (near, far))
    if judge.name == "authenticity":
        assert bad == 1
    elif judge.better == "higher":
        assert good > bad
    else:
        assert good < bad


@pytest.mark.parametrize("name", [name for name in NAMES if name not in JUDGES.own])
def test_drift_metrics_judge_features(name):
    assert lot.judge(name)(DATA, REAL, rng=3).value == pytest.approx(
        lot.drift(name).against(REAL, rng=np.random.default_rng(3))(DATA).value
    )


@pytest.mark.parametrize(
    ("given", "name"),
    [
        *[("FID", "frechet"), ("Fréchet", "frechet"), ("KID", "kid"), ("IS", "inception-score"), ("C_T", "c-t")],
        *[("Inception Score", "inception-score"), ("swd", "sliced-wasserstein"), ("MMD", "mmd"), ("C2ST", "c2st")],
    ],
)
def test_other_words(given, name):
    assert (lot.judge(given, training=REAL) if name == "c-t" else lot.judge(given)).name == name


def test_other_words_mean_one_thing_that_exists():
    known = lot.list_judges()
    spelled = [re.sub(r"[-_ .']", "", name.casefold()) for name in (*JUDGES.own, *JUDGES.aliases)]
    assert len(set(spelled)) == len(spelled)
    for word, target in JUDGES.aliases.items():
        advice = set(re.findall(r"'([\w-]+)'", target))
        assert target in known or advice, word
        assert advice <= set(known), word


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lot.judge("precison"), "unknown judge 'precison': did you mean 'precision'"),
        (lambda: lot.judge("ppl"), "'ppl-full' or 'ppl-end' for StyleGAN's, 'path-length' for MorphBench's"),
        (lambda: lot.judge(3), "a judge is given by its name, such as"),
        (lambda: lot.judge("recall", radius=3), "unknown option .*'radius'"),
        (lambda: lot.judge("norm-ks-one-sample"), "a judge compares two samples"),
        (lambda: lot.judge("precision")(DATA, rng=0), "precision compares with real data: give their features"),
        (lambda: lot.judge("precision")(DATA[:, :3], REAL, rng=0), "data have 3 features and the reference 6"),
        (lambda: lot.judge("kid")(DATA[:1], REAL, rng=0), "kid needs 2 or more data, got 1"),
        (lambda: lot.judge("kid")(DATA, REAL[:1], rng=0), "kid needs 2 or more reference, got 1"),
        (lambda: lot.judge("frechet")(DATA * np.nan, REAL, rng=0), "150 rows have NaN or infinite values"),
        (
            lambda: lot.judge("frechet")(DATA.astype(int), REAL, rng=0),
            "shape .n, k., got int64",
        ),
        (lambda: lot.judge("kid")(1e200 * DATA, REAL, rng=0), "leaves the range of floating point"),
        (lambda: lot.judge("recall")(DATA[:, :0], REAL, rng=0), "are features, floating-point numbers"),
        (lambda: as_judge(3), "a judge is called as judge"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_refused_is_one_line(call, message):
    with pytest.raises(InputError, match=message) as refused:
        call()
    assert "\n" not in str(refused.value)


def test_a_judge_of_ones_own_and_of_a_plugin(announce):
    def shift(x, reference, *, rng):
        return abs(float(x.mean() - reference.mean()))

    assert as_judge(shift)(DATA, REAL, rng=0).value == pytest.approx(abs(DATA.mean() - REAL.mean()))
    assert as_judge(lot.judge("kid")) == lot.judge("kid")
    assert as_judge(lot.drift("mmd")).name == "mmd"
    announce(
        "brightness",
        modules={"brightness": "def make(power=1):\n    return lambda x, r, *, rng: abs((x**power).mean())\n"},
        judges={"brightness": "brightness:make"},
    )
    assert "brightness" in lot.list_judges()
    assert lot.judge("brightness", power=2)(DATA, REAL, rng=0).value == pytest.approx((DATA**2).mean())
