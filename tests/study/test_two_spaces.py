"""A run that judges what latents decode to beside latents: what it may err is of both spaces together."""

import warnings
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.reporting.answer import promises
from latentot.runformat import as_stored

SETTINGS: dict[str, Any] = {"n": 40, "repeats": 3, "null_draws": 39, "t": 0.5, "cache": False, "margin": 0.3}
JUDGES: dict[str, Any] = {"judges": "energy", "features": "pixels"}


class Wider(lot.Normal):
    """Draws do not follow the law that they are said to have."""

    def _draw(self, n: int, rng: np.random.Generator) -> Any:
        return 1.3 * super()._draw(n, rng)


def as_is(z: np.ndarray) -> np.ndarray:
    return z[:, None, None, :]


def test_controls_raise_false_alarms_as_often_as_without_judges() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lot.ControlWarning)
        one, two = (
            lot.compare(lot.Model(Wider(2), as_is), "linear", "norm-ks", **SETTINGS, **judges).controls
            for judges in ({}, JUDGES)
        )
    of_ends = one["control"].str.startswith("t =")
    latent = two[two["space"] == "latent"]
    alone, beside = one["p_value"][of_ends].to_numpy(), latent["p_value"][of_ends.to_numpy()].to_numpy()
    assert alone.min() < 0.5
    assert np.allclose(beside, np.minimum(1, 2 * alone))


def test_a_page_makes_one_promise_for_both_spaces() -> None:
    asked = SETTINGS | JUDGES | {"n": "auto", "max_pairs": 2_000, "max_decoded": 500, "budget": 0.1}
    outcome = lot.compare(lot.Model(lot.Normal(2), as_is), "linear", "norm-ks", **asked).outcome
    assert [row["rounds"] for row in outcome.facts["populations"]] == [2, 1]
    promise, split = promises(as_stored(outcome.results, outcome.facts, outcome.artefacts))
    assert promise.startswith("In at most 1 % of such comparisons is any method")
    assert promise.endswith("a chance of at most 5 %, over all of up to 2 rounds.")
    assert split == "Half of the first chance is for verdicts on latents, half for those on what they decode to."
    tests = {verdict["space"]: 0.01 / verdict["level"] for verdict in outcome.facts["verdicts"]}
    assert tests == pytest.approx({"latent": 2 * 2, "data": 2 * 1}), "spaces x rounds of one method"
