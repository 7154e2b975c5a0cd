"""A run that judges what latents decode to beside latents: what it may err is of both spaces together."""

import pickle
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

import latentot as lot
from latentot.features import Features
from latentot.paths import EarthMover
from latentot.reporting.answer import promises
from latentot.runformat import as_stored
from latentot.study import Study
from latentot.study.execution.cluster import _pickled
from latentot.study.work.plan import Plan

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


@dataclass(frozen=True, repr=False)
class Mover(EarthMover):
    """Writes down that it fits."""

    name: ClassVar[str] = "mover"
    log: Path = Path()

    def _by_points(self, *given: Any) -> Any:
        with self.log.open("a") as file:
            file.write("mover\n")
        return super()._by_points(*given)


@dataclass(frozen=True, repr=False)
class Seen(Features):
    """Likewise."""

    name: ClassVar[str] = "seen"
    title: ClassVar[str] = "numbers as they are"
    formula: ClassVar[str] = "x"
    citation: ClassVar[str] = ""
    log: Path = Path()

    def _fit(self, *_: Any) -> "Seen":
        with self.log.open("a") as file:
            file.write("seen\n")
        return self

    def _of(self, rows: np.ndarray) -> np.ndarray:
        return rows.reshape(len(rows), -1).astype(float)


@pytest.mark.filterwarnings("ignore::latentot.ControlWarning")
def test_what_is_fitted_is_fitted_once_for_both_spaces_by_one_process_and_by_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prior, found = lot.Normal(2), []
    for jobs in (1, 2):
        log = tmp_path / f"{jobs}"
        mover = Mover(prior, transport="gaussian", n_fit=200, rng=0, log=log)
        asked = SETTINGS | {"judges": ["energy", "max-jump"], "features": Seen(log=log), "n": 80}
        found.append(lot.compare(lot.Model(prior, as_is), [mover, "linear"], "norm-ks", jobs=jobs, **asked))
        fits = log.read_text(encoding="utf-8").split()
        assert (fits.count("mover"), fits.count("seen")) == (8, 1), "one for each t of a walk's frames, t = 1/2 with it"
    alone, two = found
    assert two.results.drop(columns="seconds").equals(alone.results.drop(columns="seconds"))
    assert two.outcome.facts["walks"] == alone.outcome.facts["walks"]


def test_a_plan_takes_to_a_cluster_what_judges_see(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Plan("sent", Study.of(judges=["frechet"], features="pca"), lot.Model(lot.Normal(8), np.atleast_2d))
    z = lot.Normal(8).sample(5, rng=0)
    seen = whole.view()(z)
    monkeypatch.setattr("latentot.study.work.decoded.View.of", lambda *_, **__: pytest.fail("fitted anew"))
    sent = pickle.loads(_pickled(whole.at_round(0, 50, 39, "data")))  # noqa: S301 - written one call before
    assert np.array_equal(sent.view()(z), seen)
