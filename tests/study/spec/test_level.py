"""Settings with which no verdict can be reached are refused when a study is made, with the least that can."""

import itertools
import math
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.metrics import NullBand
from latentot.study import Study
from latentot.study.spec.level import LEVEL, check_reach, min_p_value


@pytest.mark.parametrize(("repeats", "draws"), [(1, 4), (1, 19), (2, 3), (2, 6), (3, 3)])
def test_the_min_p_value_is_that_of_the_greatest_of_all(repeats: int, draws: int) -> None:
    """Counted: of all choices of R rows among R + B, how many have a mean as great as the one observed."""
    rows = np.arange(repeats + draws, dtype=float)[::-1]
    means = [np.mean(chosen) for chosen in itertools.combinations(rows, repeats)]
    assert min_p_value(repeats, draws) == pytest.approx(np.mean(np.array(means) >= rows[:repeats].mean()))
    # By permutations: 9,999 of them have a standard deviation of sqrt(p (1 - p) / 9,999); six are missed once in 5e8.
    band, observed = NullBand(rows[repeats:, None]), rows[:repeats, None]
    (found,) = band.p_of_mean(observed, rng=0)
    p = min_p_value(repeats, draws)
    assert found == pytest.approx(p, abs=1e-12 if repeats == 1 else 6 * math.sqrt(p * (1 - p) / 9_999) + 1e-4)


@pytest.mark.parametrize(("repeats", "draws"), itertools.product([1, 2, 3], [1, 2, 3, 5, 6, 18, 19, 20, 99]))
def test_what_is_named_is_the_least_that_can(repeats: int, draws: int) -> None:
    if min_p_value(repeats, draws) < LEVEL:
        check_reach(repeats, draws)
        return
    with pytest.raises(lot.InputError) as refused:
        check_reach(repeats, draws)
    words = str(refused.value).replace(",", "").split()
    enough_draws, enough = (int(words[i + 3]) for i, word in enumerate(words) if word == "of" and words[i + 1] == "at")
    for one, other in ((repeats, enough_draws), (enough, draws)):
        assert min_p_value(one, other) < LEVEL
    assert min_p_value(repeats, enough_draws - 1) >= LEVEL
    assert min_p_value(enough - 1, draws) >= LEVEL


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"repeats": 1, "null_draws": 19}, ("null_draws of at least 20", "repeats of at least 2", "0.05")),
        ({"t": [0, 1]}, ("t has a position between 0 and 1", "[0.0, 1.0]")),
        ({"t": [0]}, ("t has a position between 0 and 1",)),
        ({"t": []}, ("t must be a list of one or more",)),
        ({"t": [-0.1, 0.5]}, ("t lies between 0 and 1", "-0.1")),
        ({"t": [math.nan]}, ("t lies between 0 and 1", "nan")),
        ({"margin": 0}, ("margin", "more than 0")),
        ({"margin": -0.1}, ("margin", "-0.1")),
        ({"margin": 1}, ("margin", "less than 1")),
        ({"margin": math.nan}, ("margin", "nan")),
        ({"margin": math.inf}, ("margin", "inf")),
        ({"repeats": 0}, ("repeats is at least 1",)),
        ({"null_draws": 18}, ("null_draws is at least 19",)),
        ({"n": 0}, ("pairs is at least 1",)),
        ({"n": 1}, ("norm-wasserstein needs at least 2 points", "got 1 pairs")),
        ({"metrics": []}, ("metrics must be a list of one or more",)),
        ({"methods": []}, ("methods must be a list of one or more",)),
        ({"endpoints": []}, ("endpoints must be a list of one or more",)),
    ],
    ids=str,
)
def test_where_no_verdict_can_be_reached(changes: dict[str, Any], words: tuple[str, ...]) -> None:
    settings: dict[str, Any] = {
        "methods": ["linear"], "metrics": ["norm-wasserstein"], "t": [0.5], "n": 30, "repeats": 2, "null_draws": 19,
    }  # fmt: skip
    with pytest.raises(lot.InputError) as refused:
        lot.compare(lot.Normal(3), **settings | changes, progress=lambda *_: pytest.fail("computed"))
    assert "\n" not in str(refused.value)
    assert all(word in str(refused.value) for word in words), str(refused.value)


def test_data_that_allow_for_one_repeat() -> None:
    """Asked for two, of which the draws are enough; 359 held-out digits make one of 150 pairs."""
    model = lot.Model(lot.Normal(2), lambda z: z, lambda x: (np.zeros((len(x), 2)), np.ones((len(x), 2))), name="mine")
    settings: dict[str, Any] = {"methods": ["linear"], "metrics": ["norm-ks"], "t": [0.5], "n": 150, "repeats": 2}
    said = r"1 repeat \(the data have no more for 150 pairs of encoded endpoints\) and 19 null draws can decide nothing"
    with pytest.raises(lot.InputError, match=said):
        lot.compare(model, data="digits", null_draws=19, **settings, progress=lambda *_: pytest.fail("computed"))


def test_the_least_that_can_does() -> None:
    for repeats, null_draws in ((1, 20), (2, 19)):
        settings = {
            "repeats": repeats,
            "null_draws": null_draws,
            "metrics": ["norm-wasserstein"],
            "methods": ["linear"],
        }
        assert Study.of(**settings).null_draws == null_draws
        # At d = 64 midpoints are shorter by twenty deviations of the null.
        result = lot.compare(lot.Normal(64), **settings, n=100, t=[0.5], cache=False)  # type: ignore[arg-type]
        assert result.verdict().verdict.tolist() == ["drifts"]
