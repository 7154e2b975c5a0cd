from dataclasses import replace

import pytest

from latentot.reporting.headline import MOST_WORDS, headline
from latentot.reporting.ranking import ROWS, rank
from latentot.runformat import RunFolder

LONG = "a method of a name that goes on " * 7


def said(run: RunFolder, verdicts: dict[str, str], **facts) -> str:
    """The sentence where methods have these verdicts, and cost the more the later they are named."""
    found = tuple(
        replace(run.facts.verdicts[0], method=method, verdict=verdict, seconds=1.0 + place)
        for place, (method, verdict) in enumerate(verdicts.items())
    )
    return headline(replace(run, facts=replace(run.facts, verdicts=found, **facts))).sentence


@pytest.fixture(scope="module", name="run")
def stored(written) -> RunFolder:
    return RunFolder.read(written["prior"])


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        ({}, "The run reached no verdict."),
        ({"linear": "keeps"}, "Use linear: it keeps the prior between draws."),
        (
            {"linear": "drifts", "cauchy": "keeps", "matched": "keeps"},
            "Use cauchy, the cheapest of two that keep the prior between draws; linear drifts.",
        ),
        (
            {"linear": "drifts", "a": "drifts", "b": "drifts", "c": "inconclusive", "cauchy": "keeps"},
            "Use cauchy: it keeps the prior between draws; three others drift, c is undecided.",
        ),
        ({"linear": "drifts"}, "linear, the only method, drifts beyond chance."),
        (
            {"linear": "drifts", "a": "inconclusive"},
            "No method is shown to keep its law yet; linear drifts, a is undecided.",
        ),
        ({"linear": "drifts", LONG: "keeps"}, "Use a method…: it keeps the prior between draws; linear drifts."),
        ({"x" * 200: "keeps"}, f"Use {'x' * 23}…: it keeps the prior between draws."),
    ],
)
def test_the_sentence(run, verdicts, sentence):
    assert said(run, verdicts) == sentence


def test_of_methods_that_keep_the_one_that_keeps_more_laws_is_recommended(written):
    run = RunFolder.read(written["model"])
    found = headline(run)
    assert found.recommended == "matched"
    assert found.sentence == (
        "Use matched, the cheapest of two that keep the prior between draws and the posterior between encodings; three "
        "others drift."
    )


def test_a_run_whose_controls_failed_recommends_nothing(run):
    controls = tuple(replace(control, holds=False) for control in run.facts.controls[:2])
    found = headline(replace(run, facts=replace(run.facts, controls=controls)))
    assert (found.sentence, found.recommended) == ("Do not rely on this run: 2 controls failed.", "")


@pytest.mark.parametrize("states", [("keeps", "drifts", "inconclusive"), ("drifts",), ("inconclusive",), ("keeps",)])
@pytest.mark.parametrize("methods", [1, 2, 7, 40])
def test_no_sentence_has_more_than_25_words(written, states, methods):
    run = RunFolder.read(written["model"])
    found = tuple(
        replace(verdict, method=f"{LONG} {place}", verdict=states[place % len(states)])
        for verdict in run.facts.verdicts
        for place in range(methods)
    )
    sentence = headline(replace(run, facts=replace(run.facts, verdicts=found))).sentence
    assert len(sentence.split()) <= MOST_WORDS


def test_rows_lie_on_the_axis_in_the_order_of_their_shares(run):
    shares = {"linear": (0.97, 1.0, 1.03), "a": (0.02, 0.03, 0.04), "b": (-0.04, 0.01, 0.06), "far": (20.0, 30.0, 40.0)}
    verdicts = tuple(
        replace(run.facts.verdicts[0], method=name, share_low=low, share=at, share_high=high, theory="exact")
        for name, (low, at, high) in shares.items()
    )
    ranking = rank(replace(run, facts=replace(run.facts, verdicts=verdicts)), run.populations[0])
    at = {row.method: row.at for row in ranking.rows}
    assert 0 <= ranking.zero < at["b"] < at["a"] < ranking.margin < at["linear"] < at["far"] <= 100
    assert [tick.text for tick in ranking.ticks if not tick.minor] == ["0", "5 %", "100 %"]
    assert all(row.low < row.at < row.high for row in ranking.rows)
    assert all(row.against_theory for row in ranking.rows)  # all of them drift


def test_of_many_methods_the_first_are_shown(run):
    verdicts = tuple(replace(run.facts.verdicts[0], method=f"m{place}") for place in range(40))
    ranking = rank(replace(run, facts=replace(run.facts, verdicts=verdicts)), run.populations[0])
    assert (len(ranking.rows), ranking.hidden, ranking.counts) == (ROWS, 32, "✗40")
    assert ranking.ticks == ()  # this run is of a version that knew no shares
