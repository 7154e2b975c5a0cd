"""What a run stores of its subject: every parameter that tells it from another, and no address in memory."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats

import latentot as lot
from latentot import reporting
from latentot.study import Study
from latentot.study.spec.study import Choice
from latentot.study.storage.keys import part_keys
from latentot.study.work.cells import MethodCell
from latentot.study.work.plan import Plan
from latentot.study.work.subject import Population, Subject, subject_of

SMALL: dict[str, Any] = {
    "methods": ["linear"], "metrics": ["marginal-ks"], "t": [0.5], "n": 20, "repeats": 2, "null_draws": 19,
}  # fmt: skip
pytestmark = pytest.mark.filterwarnings("ignore::latentot.ControlWarning")  # twenty pairs see little
CODES = np.random.default_rng(0).standard_normal((200, 4))


def stored(subject: Any, folder: Path) -> dict[str, Any]:
    lot.compare(subject, **SMALL).report(folder)
    found: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        (lot.StudentT(4, df=3), lot.StudentT(4, df=20), "subject.facts.df: 3 -> 20"),
        (lot.Normal(4), lot.Normal(4, mean=1), "subject.facts.mean: 0 -> 1"),
        (lot.Uniform((2, 2)), lot.Uniform(4), "subject.facts.shape: 2, 2 -> 4"),
        (
            lot.ProductPrior(scipy.stats.t(3), 4),
            lot.ProductPrior(scipy.stats.t(5), 4),
            "subject.facts.law.distribution.parameters: 3, 0, 1 -> 5, 0, 1",
        ),
        (lot.Empirical(CODES), lot.Empirical(CODES, replace=True), "subject.facts.replace: no -> yes"),
        (
            lot.Model(lot.StudentT(4, df=3), decode=lambda z: z),
            lot.Model(lot.StudentT(4, df=20), decode=lambda z: z),
            "subject.facts.df: 3 -> 20",
        ),
    ],
    ids=["t", "normal", "shape", "scipy", "empirical", "model"],
)
def test_runs_on_other_parameters_store_other_subjects(one: Any, other: Any, what: str, tmp_path: Path) -> None:
    runs = [stored(subject, tmp_path / name) for subject, name in ((one, "one"), (other, "other"))]
    assert runs[0]["subject"] != runs[1]["subject"]
    assert what in reporting.diff(tmp_path / "one", tmp_path / "other").facts
    page = (tmp_path / "one" / "report.html").read_text(encoding="utf-8")
    prior = one.prior if isinstance(one, lot.Model) else one
    assert repr(prior) in page.replace("&#39;", "'")
    assert runs[0]["subject"]["prior"] == prior.name, "the column of results keeps its names"


def test_a_part_of_a_prior_is_stored_as_the_prior_that_was_given() -> None:
    given = lot.Empirical(CODES)
    subject = subject_of(Study.of(), given)
    assert subject.facts["facts"] == given.facts
    assert subject.facts["label"] == "Empirical(200 samples of shape (4,), replace=False)"
    assert subject.known_prior[1]["samples"]["shape"] == [100, 4], "keys are of what points are judged by"


def test_provenance_of_a_model_is_plain_data() -> None:
    weights = np.arange(2_000.0)
    models = [
        lot.Model(lot.Normal(4), lambda z: z, provenance={"weights": own, "loader": object(), "step": np.int64(3)})
        for own in (weights, np.where(weights == 1_000, -1, weights))
    ]
    one, other = (subject_of(Study.of(), model).facts["provenance"] for model in models)
    assert one != other, "an array whose text leaves its middle out is known by its digest"
    assert one["step"] == 3
    assert " at 0x" not in json.dumps(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"alpha": 1}, {"alpha": "1"}),
        ({"alpha": "1, beta=2"}, {"alpha": "1", "beta": 2}),
        ({"alpha": None}, {"alpha": "None"}),
        ({"alpha": [1, 2]}, {"alpha": "[1, 2]"}),
    ],
    ids=str,
)
def test_options_with_the_same_label_have_keys_of_their_own(one: dict[str, Any], other: dict[str, Any]) -> None:
    plan = Plan("", Study.of(prior="normal", dim=2))
    choices = [Choice(name="x", options=options) for options in (one, other)]
    assert choices[0].label == choices[1].label
    keys = [part_keys(plan, MethodCell(Population("prior", 5, 1), choice, 0)) for choice in choices]
    assert not set(keys[0].values()) & set(keys[1].values())


def test_what_cannot_be_described_is_refused_before_anything_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mute(lot.Normal):
        @property
        def facts(self) -> dict[str, Any]:
            raise lot.InputError("I say nothing")

    monkeypatch.setattr(MethodCell, "compute", lambda *_: pytest.fail("computed"))
    with pytest.raises(lot.InputError, match="I say nothing"):
        lot.compare(Mute(3), **SMALL)


def test_subjects_are_known_by_their_own_facts() -> None:
    assert Subject(lot.Normal(3), lot.Normal(3)).known_prior != Subject(lot.Normal((3, 1)), lot.Normal(3)).known_prior
